/* Results, attendance and head counts: headings, rows to events. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/json.h"
#include "../../ingest/files/table_cells.h"
#include "../../ingest/files/table_map.h"

static struct reference *reference;
static struct hmac *hmac;

static void test_headings(void **state)
{
    (void)state;
    static const struct {
        enum files_kind kind;
        const char *heading;
        enum table_field field;
    } cases[] = {
        {FILES_RESULTS, "Họ và tên", TABLE_NAME},
        {FILES_RESULTS, "Điểm thi", TABLE_SCORE},
        {FILES_RESULTS, "Điểm tối đa", TABLE_MAX_SCORE},
        {FILES_RESULTS, "Kết quả", TABLE_PASSED},
        {FILES_RESULTS, "Lần thi", TABLE_ATTEMPT},
        {FILES_RESULTS, "Tên đăng nhập", TABLE_ACCOUNT},
        {FILES_RESULTS, "Mã khóa học", TABLE_COURSE},
        {FILES_RESULTS, "Bài thi", TABLE_EXAM},
        {FILES_RESULTS, "Ngày thi", TABLE_DATE},
        {FILES_RESULTS, "Ngày sinh", TABLE_BIRTH},
        {FILES_RESULTS, "Địa chỉ email", TABLE_EMAIL},
        {FILES_RESULTS, "Ghi chú", TABLE_NO_FIELD},
        {FILES_ATTENDANCE, "Lớp", TABLE_CLASS},
        {FILES_ATTENDANCE, "20/6/2023", TABLE_MARK},
        {FILES_ATTENDANCE, "Ngày 21/6/2023", TABLE_MARK},
        {FILES_ATTENDANCE, "Có mặt", TABLE_PRESENT},
        {FILES_ATTENDANCE, "Đơn vị", TABLE_UNIT},
        {FILES_HEADCOUNT, "Tên hoạt động", TABLE_CLASS},
        {FILES_HEADCOUNT, "Số lượt người", TABLE_COUNT},
        {FILES_HEADCOUNT, "Số lượng người dân hưởng ứng và được tập huấn, hướng dẫn", TABLE_MARK},
        {FILES_HEADCOUNT, "Đối tượng", TABLE_AUDIENCE},
        {FILES_HEADCOUNT, "Stt", TABLE_NUMBER},
        {FILES_HEADCOUNT, "Ghi chú", TABLE_NO_FIELD},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (table_field_of(cases[i].kind, cases[i].heading, NULL) != cases[i].field)
            fail_msg("%s: %d", cases[i].heading,
                     (int)table_field_of(cases[i].kind, cases[i].heading, NULL));
    }
    const struct table_mapping said = {2, {{TABLE_SCORE, "Tổng kết"}, {TABLE_NAME, "Ai"}}};
    assert_int_equal(table_field_of(FILES_RESULTS, "TỔNG KẾT", &said), TABLE_SCORE);
    assert_int_equal(table_field_of(FILES_RESULTS, "Điểm", &said),
                     TABLE_NO_FIELD); /* it is said to be another */
    assert_int_equal(table_field_of(FILES_RESULTS, "Ai", &said), TABLE_NAME);
    assert_int_equal(table_field_of(FILES_RESULTS, "Email", &said), TABLE_EMAIL);
    char code[64];
    table_audience("Số lượng CB, CC, NHDKCT được hướng dẫn, tập huấn", code);
    assert_string_equal(code, "cbccvc");
    table_audience("Số lượng thành viên Tổ CNSCĐ xã được hướng dẫn, tập huấn", code);
    assert_string_equal(code, "to-cong-nghe-so");
    table_audience("Hội Phụ nữ", code);
    assert_string_equal(code, "hoi-phu-nu");
}

/* Each kind's template has headings that its reader knows. */
static void test_templates_are_known(void **state)
{
    (void)state;
    for (enum files_kind kind = FILES_RESULTS; kind < FILES_KINDS; kind++) {
        for (const struct table_column *c = table_columns(kind); c->title != NULL; c++) {
            if (table_field_of(kind, c->title, NULL) != c->field)
                fail_msg("%s: %s", files_kind_name(kind), c->title);
        }
    }
}

struct said {
    char lines[8192];
    size_t count, rejected;
};

static void note(void *context, const struct table_fact *fact)
{
    struct said *said = context;
    struct text_buffer data = {0};
    size_t used = strlen(said->lines);
    event_encode_data(&fact->event, &data);
    assert_true(strlen(fact->event.entity) <= EVENT_MAX_KEY);
    (void)snprintf(said->lines + used, sizeof(said->lines) - used, "%s %s\n",
                   event_type_name(fact->event.type), data.data);
    text_buffer_free(&data);
    said->count++;
}

static struct said say(enum files_kind kind, const char *csv, const char *wave, const char *unit)
{
    char path[64] = "/tmp/test_table_XXXXXX.csv";
    struct error err = {0};
    struct said said = {.lines = ""};
    int fd = mkstemps(path, 4);
    assert_true(fd >= 0 && write(fd, csv, strlen(csv)) == (ssize_t)strlen(csv));
    (void)close(fd);
    struct sheet_book *book = sheet_open(path, &err);
    (void)unlink(path);
    assert_non_null(book);
    struct table_list *list = table_read(book, kind, NULL, &err);
    if (list == NULL)
        fail_msg("%s", err.message);
    for (size_t i = 0; i < list->row_count; i++) {
        const struct table_origin origin = {hmac, reference, kind,       "daotao", NULL,
                                            wave, unit,      "import-1", "a.csv",  ""};
        struct table_reject reject = {0};
        if (!table_map(&origin, &list->rows[i], note, &said, &reject)) {
            size_t used = strlen(said.lines);
            (void)snprintf(said.lines + used, sizeof(said.lines) - used, "%lld %s: %s\n",
                           (long long)list->rows[i].row, reject.reason, reject.detail);
            said.rejected++;
        }
    }
    table_free(list);
    sheet_free(book);
    return said;
}

#define COURSE "course-v1:DEAN06+CDS01+2023"

static void test_results(void **state)
{
    (void)state;
    struct said s =
        say(FILES_RESULTS,
            "KẾT QUẢ THI\n\n"
            "STT,Họ và tên,Email,Mã khóa học,Lần thi,Điểm,Điểm tối đa,Kết quả,Ngày thi\n"
            "1,Nguyễn Văn An,an@example.vn," COURSE ",1,17,20,Đạt,28/09/2023\n"
            "2,Trần Thị B,b@example.vn," COURSE ",2,9/20,,Không đạt,\n"
            "3,Lê C,c@example.vn,,,,,Vắng,\n"
            "4,Lê D,d@example.vn,,,,,,\n"
            ",Người lập biểu,,,,,,,\n"
            "Tổng cộng,,,,,,,2,\n",
            "", "");
    assert_int_equal(s.rejected, 0);
    assert_int_equal(s.count, 6);
    assert_non_null(strstr(s.lines, "exam.graded {\"attempt\":1,\"course\":\"" COURSE
                                    "\",\"exam\":\"course\",\"max_score\":20,"
                                    "\"passed\":true,\"sat\":true,\"score\":17}"));
    assert_non_null(strstr(s.lines, "exam.graded {\"attempt\":2,\"course\":\"" COURSE
                                    "\",\"exam\":\"course\",\"max_score\":20,"
                                    "\"passed\":false,\"sat\":true,\"score\":9}"));
    assert_non_null(strstr(s.lines, "exam.graded {\"course\":\"" COURSE
                                    "\",\"exam\":\"course\",\"sat\":false}"));
    assert_non_null(strstr(s.lines, "account.created {\"identifiers\":[\"email:"));
    assert_null(strstr(s.lines, "example.vn"));
    assert_null(strstr(s.lines, "Nguyễn"));
}

static void test_results_rejected(void **state)
{
    (void)state;
    struct said s = say(FILES_RESULTS,
                        "Họ và tên,Email,Khóa học,Điểm,Điểm tối đa,Kết quả,Ngày thi\n"
                        "Nguyễn Văn An,,,"
                        "17,20,,\n"
                        "Nguyễn Văn An,an-example.vn,,17,20,,\n"
                        "Nguyễn Văn An,an@example.vn,,21,20,,\n"
                        "Nguyễn Văn An,an@example.vn,,17,,,\n"
                        "Nguyễn Văn An,an@example.vn,,giỏi,,,\n"
                        "Nguyễn Văn An,an@example.vn,,17,20,?,\n"
                        "Nguyễn Văn An,an@example.vn,,17,20,,hôm qua\n"
                        "Nguyễn Văn An,an@example.vn,khác,17,20,,\n",
                        "", "");
    assert_string_equal(
        s.lines,
        "2 identifier_missing: a name alone tells nobody apart: add e-mail, citizen number or user "
        "name\n"
        "3 identifier_malformed: no e-mail, citizen number or phone of the row can be one; e-mail "
        "a***\n"
        "4 score_inconsistent: the score is above the highest one possible\n"
        "5 max_score_missing: a score without the highest one possible says nothing: add the "
        "column \"Điểm tối đa\"\n"
        "6 score_malformed: \"giỏi\" is no score\n"
        "7 passed_malformed: the column of passed or not says neither \"Đạt\" nor \"Không đạt\"\n"
        "8 date_malformed: the day of the exam is none: write day/month/year\n"
        "9 course_unknown: course \"khác\" of source daotao is not in courses.csv\n");
}

static void test_attendance_by_row_and_by_column(void **state)
{
    (void)state;
    struct said s = say(FILES_ATTENDANCE,
                        "STT,Họ và tên,Email,Đơn vị,Lớp,Ngày học,Có mặt\n"
                        "1,Nguyễn Văn An,an@example.vn,Sở Y tế,Lớp 1,20/6/2023,x\n"
                        "2,Trần Thị B,b@example.vn,Sở y tế,,21/6/2023,v\n"
                        "3,Trần Thị B,,Sở Không Có,,21/6/2023,x\n"
                        "4,Trần Thị B,,,,21/6/2023,x\n",
                        "DA06-2023-HG", "");
    assert_int_equal(s.count, 1);
    assert_non_null(strstr(s.lines, "attendance.recorded {\"class\":\"Lớp "
                                    "1\",\"day\":\"2023-06-20\",\"identifiers\":[\"email:"));
    assert_non_null(strstr(s.lines, "\"unit\":\"HG-SYTE\",\"wave\":\"DA06-2023-HG\"}"));
    assert_non_null(strstr(s.lines, "4 unit_unknown: unit \"Sở Không Có\" is not known"));
    assert_int_equal(s.rejected, 2); /* the last one's unit is that of the merged cell above */
    s = say(FILES_ATTENDANCE,
            "TT,Họ và tên,Số điện thoại,Lớp,20/6/2023,21/6/2023,22/6/2023\n"
            "1,Nguyễn Văn An,0912345678,Lớp 2,x,x,\n"
            "2,Trần Thị B,0912345679,Lớp 2,,v,x\n"
            "3,Lê C,0912345670,Lớp 2,x,?,\n",
            "DA06-2023-HG", "");
    assert_int_equal(s.count, 3);
    assert_int_equal(s.rejected, 1);
    assert_non_null(strstr(s.lines, "\"day\":\"2023-06-22\""));
    assert_non_null(strstr(s.lines, "4 present_malformed"));
    s = say(FILES_ATTENDANCE,
            "TT,Họ và tên,Số điện thoại,Lớp,Ngày học\n"
            "1,Nguyễn Văn An,0912345678,Lớp 2,20/6/2023\n"
            "2,Trần Thị B,0912345679,,\n", /* merged cells */
            "DA06-2023-HG", "");
    assert_int_equal(s.count, 2);
    assert_int_equal(s.rejected, 0);
    s = say(FILES_ATTENDANCE,
            "TT,Họ và tên,Số điện thoại,Lớp,20/6/2023,21/6/2023\n"
            "1,Nguyễn Văn An,0912345678,Lớp 2,x,P\n", /* P: có phép, excused */
            "DA06-2023-HG", "");
    assert_int_equal(s.count, 1);
    assert_int_equal(s.rejected, 0);
}

/* Columns slipped: what should be a class or a unit is the person, and goes nowhere. */
static void test_slipped_columns_tell_nobody(void **state)
{
    (void)state;
    struct said s = say(FILES_ATTENDANCE,
                        "Họ và tên,Email,Đơn vị,Lớp,Ngày học\n"
                        "Nguyễn Văn An,an@example.vn,nguyễn văn an,Lớp 1,20/6/2023\n"
                        "Trần Bình,b@example.vn,Sở Y tế,TRẦN BÌNH,20/6/2023\n"
                        "Lê C,c@example.vn,Sở Y tế,c@example.vn,20/6/2023\n",
                        "DA06-2023-HG", "");
    assert_int_equal(s.count, 0);
    assert_int_equal(s.rejected, 3);
    assert_non_null(strstr(s.lines, "2 unit_unknown: unit \"***\" is not known"));
    assert_non_null(strstr(s.lines, "3 class_malformed"));
    assert_non_null(strstr(s.lines, "4 class_malformed"));
    assert_null(strstr(s.lines, "guyễn"));
}

/* The code is what somebody must add to courses.csv; a person's number or address in its place is told to nobody. */
static void test_an_unknown_course_is_told(void **state)
{
    (void)state;
    struct said s = say(FILES_RESULTS,
                        "Họ và tên,Email,Khóa học,Điểm\n"
                        "Lê C,c@example.vn,course-v1:DEAN06+20230912+01,9/10\n"
                        "Lê C,c@example.vn,0912 345 678,9/10\n"
                        "Lê C,c@example.vn,002085001234,9/10\n"
                        "Lê C,c@example.vn,d@example.vn,9/10\n"
                        "Lê C,c@example.vn,LÊ C,9/10\n",
                        "", "");
    assert_non_null(strstr(s.lines, "course \"course-v1:DEAN06+20230912+01\" of source"));
    for (int row = 3; row <= 6; row++) {
        char line[64];
        (void)snprintf(line, sizeof(line), "%d course_unknown: course \"***\" of source", row);
        assert_non_null(strstr(s.lines, line));
    }
}

/* A message is cut between characters: it goes into an event. */
static void test_long_cells_are_quoted_whole_characters(void **state)
{
    (void)state;
    char csv[2048] = "Email,Khóa học,Điểm\nan@example.vn,,xx";
    for (size_t i = 0; i < 300; i++)
        memcpy(csv + strlen(csv), "ữ", strlen("ữ") + 1);
    struct said s = say(FILES_RESULTS, csv, "", "");
    assert_int_equal(s.rejected, 1);
    assert_true(utf8_valid(s.lines, strlen(s.lines)));
    assert_non_null(strstr(s.lines, "ữ\" is no score"));
}

/* Appendix II as printed. */
static void test_headcounts(void **state)
{
    (void)state;
    struct said s = say(
        FILES_HEADCOUNT,
        "PHỤ LỤC II\n"
        "SỐ LƯỢNG NGƯỜI THAM GIA CÁC HOẠT ĐỘNG TẬP HUẤN\n"
        "Stt,Tên hoạt động,\"Số lượng CB, CC, NHDKCT được hướng dẫn, tập huấn\",Số lượng thành "
        "viên Tổ CNSCĐ xã "
        "được hướng dẫn tập huấn,Số lượng người dân hưởng ứng và được tập huấn hướng dẫn,Ghi chú\n"
        "1,Tổ Công nghệ số cộng đồng ra quân,29,19,203,\n"
        "2,Tập huấn chuyển đổi số trên địa bàn xã,29,19,2.400,\n"
        "3,Tham gia chương trình tập huấn,10,19,228,\n"
        "Tổng Cộng,,68,57,2831,\n",
        "DA06-2023-HG", "HG-XINMAN");
    assert_int_equal(s.rejected, 0);
    assert_int_equal(s.count, 9);
    assert_non_null(strstr(s.lines,
                           "attendance.recorded {\"audience\":[\"nguoi-dan\"],\"class\":\"Tập huấn "
                           "chuyển đổi số trên địa bàn xã\","
                           "\"count\":2400,\"unit\":\"HG-XINMAN\",\"wave\":\"DA06-2023-HG\"}"));
    s = say(FILES_HEADCOUNT,
            "Đơn vị,Lớp,Ngày,Đối tượng,Số lượt người\n"
            "Huyện Xín Mần,Lớp 1,21/9/2023,Người dân,120\n"
            ",,,Cán bộ,ba\n"
            ",Lớp 2,,,0\n",
            "DA06-2023-HG", "");
    assert_int_equal(s.count, 2);
    assert_non_null(strstr(
        s.lines,
        "{\"audience\":[\"nguoi-dan\"],\"class\":\"Lớp 1\",\"count\":120,\"day\":\"2023-09-21\","));
    assert_non_null(strstr(s.lines, "3 count_malformed: a count is no whole number"));
    assert_non_null(strstr(s.lines, "{\"class\":\"Lớp 2\",\"count\":0,"));
    /* Two columns of one audience are one count; a merged day goes on below, not to the next activity. */
    s = say(FILES_HEADCOUNT,
            "Đơn vị,Lớp,Ngày,Số lượng cán bộ,Số lượng viên chức,Số lượng người dân\n"
            "Huyện Xín Mần,Lớp 3,21/9/2023,5,7,100\n"
            ",Lớp 4,,,8,\n",
            "DA06-2023-HG", "");
    assert_int_equal(s.count, 3);
    assert_non_null(strstr(
        s.lines,
        "{\"audience\":[\"cbccvc\"],\"class\":\"Lớp 3\",\"count\":12,\"day\":\"2023-09-21\","));
    assert_non_null(
        strstr(s.lines, "{\"audience\":[\"cbccvc\"],\"class\":\"Lớp 4\",\"count\":8,\"unit\""));
    s = say(FILES_HEADCOUNT,
            "Đơn vị,Lớp,Ngày,Đối tượng,Số lượt người\n"
            "Huyện Xín Mần,Lớp 5,21/9/2023,Người dân,120\n"
            ",,,Cán bộ,3\n",
            "DA06-2023-HG", "");
    assert_int_equal(s.count, 2);
    assert_non_null(strstr(s.lines, "\"count\":3,\"day\":\"2023-09-21\","));
}

/* Text has no merged cells: an empty activity is the one above where the row says what it adds to it, and nowhere else. */
static void test_headcounts_without_activity(void **state)
{
    (void)state;
    static const char *const empty =
        "activity_missing: the required cell \"Tên hoạt động\" is empty";
    char line[128];
    struct said s = say(FILES_HEADCOUNT,
                        "Stt,Đơn vị,Tên hoạt động,Số lượng người dân\n"
                        "1,Huyện Xín Mần,Ra quân,203\n"
                        "2,Huyện Xín Mần,,210\n" /* an activity of its own that is not named */
                        "3,Sở Y tế,,40\n"        /* another unit's */
                        ",,,50\n",               /* below one that was refused */
                        "DA06-2023-HG", "");
    assert_int_equal(s.count, 1);
    assert_int_equal(s.rejected, 3);
    for (int row = 3; row <= 5; row++) {
        (void)snprintf(line, sizeof(line), "%d %s", row, empty);
        assert_non_null(strstr(s.lines, line));
    }
    s = say(FILES_HEADCOUNT,
            "Đơn vị,Tên hoạt động,Ngày,Đối tượng,Số lượt người\n"
            "Huyện Xín Mần,Ra quân,21/9/2023,Người dân,120\n"
            ",,,Cán bộ,30\n"
            "Huyện Xín Mần,,22/9/2023,Người dân,90\n"
            "Sở Y tế,,,Người dân,7\n"
            "Sở Y tế,,,Cán bộ,8\n",
            "DA06-2023-HG", "");
    assert_int_equal(s.count, 3);
    assert_non_null(strstr(s.lines, "\"class\":\"Ra quân\",\"count\":30,\"day\":\"2023-09-21\","));
    assert_non_null(strstr(s.lines, "\"class\":\"Ra quân\",\"count\":90,\"day\":\"2023-09-22\","));
    (void)snprintf(line, sizeof(line), "5 %s", empty);
    assert_non_null(strstr(s.lines, line));
    (void)snprintf(line, sizeof(line), "6 %s", empty);
    assert_non_null(strstr(s.lines, line));
}

static void test_no_table(void **state)
{
    (void)state;
    char path[64] = "/tmp/test_table_XXXXXX.csv";
    struct error err = {0};
    int fd = mkstemps(path, 4);
    assert_true(fd >= 0 && write(fd, "Họ và tên,Ghi chú\nA,b\n", 26) > 0);
    (void)close(fd);
    struct sheet_book *book = sheet_open(path, &err);
    (void)unlink(path);
    for (enum files_kind kind = FILES_RESULTS; kind < FILES_KINDS; kind++) {
        assert_null(table_read(book, kind, NULL, &err));
        assert_int_equal(err.kind, ERROR_DATA);
        assert_non_null(strstr(err.message, "header row"));
    }
    sheet_free(book);
}

static int set_up(void **state)
{
    struct error err = {0};
    (void)state;
    reference = reference_load("config/hagiang-2023", NULL, NULL, &err);
    hmac = hmac_new("0123456789abcdef0123456789abcdef", 32, &err);
    return reference == NULL || hmac == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    reference_free(reference);
    hmac_free(hmac);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headings),
        cmocka_unit_test(test_templates_are_known),
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_results_rejected),
        cmocka_unit_test(test_attendance_by_row_and_by_column),
        cmocka_unit_test(test_long_cells_are_quoted_whole_characters),
        cmocka_unit_test(test_slipped_columns_tell_nobody),
        cmocka_unit_test(test_an_unknown_course_is_told),
        cmocka_unit_test(test_headcounts),
        cmocka_unit_test(test_headcounts_without_activity),
        cmocka_unit_test(test_no_table),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
