/* Layouts of lists beyond the plain one: what is a header, a heading, a remark, a second list on the sheet. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/roster_read.h"
#include "support/roster_case.h"

/* The family Hồ is no title "Họ", and an address at gmail.com no title "Gmail". */
static void test_people_are_no_headers(void **state)
{
    (void)state;
    struct reading r = read_text("Họ đệm,Tên,Email,Tổ,Đơn vị\n"
                                 "Hồ,An,hoan@gmail.com,Tổ số 3,Sở Y tế\n"
                                 "Hồ,Bé,,Tổ số 3,Sở Y tế\n"
                                 "Lò Thị,Cúc,cuc@gmail.com,Tổ số 3,Sở Y tế\n",
                                 NULL);
    assert_string_equal(at(&r, 0, 2)->name, "Hồ An");
    assert_string_equal(at(&r, 0, 3)->name, "Hồ Bé");
    assert_string_equal(at(&r, 0, 4)->emails[0], "cuc@gmail.com");
    assert_int_equal(r.list->person_count, 3);
    assert_int_equal(r.list->skip_count, 0);
    done(&r);
}

/* Two header rows, the name's title over "Họ đệm" and "Tên". */
static void test_name_titles_below_a_title(void **state)
{
    (void)state;
    struct reading r = read_text("TT,Họ và tên,,Ngày sinh,Số CCCD,Liên hệ,,Đơn vị\n"
                                 ",Họ và tên đệm,Tên,,,Email,Điện thoại,\n"
                                 "1,Nguyễn Văn,An,1985,002085001234,an@b.vn,0912345678,Sở Y tế\n"
                                 "2,Lò Thị,Bé,,,be@b.vn,,\n",
                                 NULL);
    const struct roster_person *p = at(&r, 0, 3);
    assert_string_equal(p->name, "Nguyễn Văn An");
    assert_string_equal(p->citizen, "002085001234");
    assert_string_equal(p->phone, "+84912345678");
    assert_string_equal(p->unit, "HG-SYTE");
    p = at(&r, 0, 4);
    assert_string_equal(p->name, "Lò Thị Bé");
    assert_string_equal(p->emails[0], "be@b.vn");
    assert_string_equal(p->unit, "HG-SYTE");
    assert_int_equal(r.list->person_count, 2);
    assert_int_equal(r.list->skip_count, 0);
    done(&r);
}

/* Each unit's part ends in a sum, and the next one begins with a bare name. */
static void test_sections_below_sums(void **state)
{
    (void)state;
    struct reading r = read_text("STT,Họ và tên,Email\n"
                                 "Sở Y tế,,\n"
                                 "1,Lò A,a@b.vn\n"
                                 "Cộng: 1,,\n"
                                 "Sở Tư pháp,,\n"
                                 "1,Lò B,b@b.vn\n"
                                 "Tổng cộng: 2,,\n"
                                 ",Người lập biểu,\n"
                                 ",Sở Tư pháp,\n"
                                 ",Lò Văn Ký,\n",
                                 NULL);
    assert_string_equal(at(&r, 0, 3)->unit, "HG-SYTE");
    assert_string_equal(at(&r, 0, 6)->unit, "HG-STP");
    assert_string_equal(skipped(&r, 0, 8), "signature");
    assert_string_equal(skipped(&r, 0, 10), "below_signature");
    assert_int_equal(r.list->person_count, 2);
    done(&r);
}

/* Lists of two units on one sheet, each with its letterhead. */
static void test_second_letterhead(void **state)
{
    (void)state;
    struct reading r = read_text("UBND TỈNH HÀ GIANG,,CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
                                 "SỞ Y TẾ,,Độc lập - Tự do - Hạnh phúc\n"
                                 "STT,Họ và tên,Email\n"
                                 "1,Lò A,a@b.vn\n"
                                 "Tổng cộng: 1 người,,\n"
                                 ",NGƯỜI LẬP,THỦ TRƯỞNG ĐƠN VỊ\n"
                                 "UBND TỈNH HÀ GIANG,,CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
                                 "SỞ TƯ PHÁP,,Độc lập - Tự do - Hạnh phúc\n"
                                 "STT,Họ và tên,Email\n"
                                 "1,Lò B,b@b.vn\n"
                                 "STT,Họ và tên,Email\n" /* only the next page */
                                 "2,Lò C,c@b.vn\n",
                                 NULL);
    assert_string_equal(at(&r, 0, 4)->unit, "HG-SYTE");
    assert_string_equal(at(&r, 0, 10)->unit, "HG-STP");
    assert_string_equal(at(&r, 0, 12)->unit, "HG-STP");
    assert_int_equal(r.list->person_count, 3);
    done(&r);
    /* headings above a header of their own */
    r = read_text("STT,Họ và tên,Email\n"
                  "1,Lò A,a@b.vn\n"
                  "Huyện Xín Mần,,\n"
                  "Tổ 26,,\n"
                  "STT,Họ và tên,Email\n"
                  "1,Lò B,b@b.vn\n",
                  NULL);
    assert_null(at(&r, 0, 2)->unit);
    assert_string_equal(at(&r, 0, 6)->unit, "HG-XINMAN");
    assert_string_equal(at(&r, 0, 6)->group, "26");
    done(&r);
}

/* Without a column of numbers a remark in the first column must not become a person. */
static void test_remarks_are_nobody(void **state)
{
    (void)state;
    struct reading r = read_text("Họ và tên,Email,Đơn vị\n"
                                 "Lò A,a@b.vn,Sở Y tế\n"
                                 "Lò B,,\n"
                                 "H'Yên Niê-Kđăm,,\n"
                                 "Trương Phong,,\n"
                                 "Kỳ Văn Bí,,\n"
                                 "(Danh sách gồm 3 người),,\n"
                                 "* Lưu ý: gửi trước ngày 15/9,,\n"
                                 "Trang 1/2,,\n",
                                 NULL);
    assert_string_equal(at(&r, 0, 3)->name, "Lò B");
    assert_string_equal(at(&r, 0, 4)->name, "H'Yên Niê-Kđăm");
    assert_string_equal(at(&r, 0, 5)->name, "Trương Phong");
    assert_string_equal(at(&r, 0, 6)->name, "Kỳ Văn Bí");
    assert_string_equal(skipped(&r, 0, 7), "total");
    assert_string_equal(skipped(&r, 0, 8), "below_signature");
    assert_string_equal(skipped(&r, 0, 9), "below_signature");
    assert_int_equal(r.list->person_count, 5);
    done(&r);
    r = read_text("Họ và tên,Email,Đơn vị\n"
                  "Lò A,a@b.vn,Sở Y tế\n"
                  "* Lưu ý: gửi trước ngày 15/9,,\n"
                  "Trang 1/2,,\n"
                  "Lò B,,\n",
                  NULL);
    assert_string_equal(skipped(&r, 0, 3), "no_person");
    assert_string_equal(skipped(&r, 0, 4), "no_person");
    assert_string_equal(at(&r, 0, 5)->name, "Lò B");
    assert_int_equal(r.list->person_count, 2);
    done(&r);
}

/* "nt" and its like say what a merged cell says. */
static void test_ditto_marks(void **state)
{
    (void)state;
    static const char *const marks[] = {"nt", "-nt-", "\"\"\"\"",    "Như trên",
                                        "//", "''",   "\xE2\x80\x9D"};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        char csv[256];
        (void)snprintf(
            csv, sizeof(csv),
            "STT,Họ và tên,Email,Đơn vị,Tổ\n1,Lò A,a@b.vn,Sở Y tế,7\n2,Lò B,b@b.vn,%s,%s\n",
            marks[i], marks[i]);
        struct reading r = read_text(csv, NULL);
        assert_string_equal(at(&r, 0, 3)->unit, "HG-SYTE");
        assert_string_equal(at(&r, 0, 3)->group, "7");
        done(&r);
    }
}

static void test_numbers_within_names(void **state)
{
    (void)state;
    struct reading r = read_text("Họ và tên,Email,Đơn vị\n"
                                 "1. Lò A,a@b.vn,Sở Y tế\n"
                                 "2) Lò B,,\n",
                                 NULL);
    assert_string_equal(at(&r, 0, 2)->name, "Lò A");
    assert_string_equal(at(&r, 0, 3)->name, "Lò B");
    done(&r);
}

/* A subtotal whose figure stands in the column of names. */
static void test_a_figure_is_no_name(void **state)
{
    (void)state;
    struct reading r = read_text("STT,Đơn vị,Họ và tên,Email\n"
                                 "1,Sở Y tế,Lò A,a@b.vn\n"
                                 ",Cộng Sở Y tế,1,\n"
                                 "2,Sở Tư pháp,Lò B,b@b.vn\n"
                                 ",Sở Tư pháp,01 người,\n",
                                 NULL);
    assert_string_equal(skipped(&r, 0, 3), "no_person");
    assert_string_equal(skipped(&r, 0, 5), "no_person");
    assert_int_equal(r.list->person_count, 2);
    done(&r);
}

/* Formulas filled down beyond the list, and one that does not find its person. */
static void test_an_error_value_is_no_name(void **state)
{
    (void)state;
    struct reading r = read_text("STT,Họ và tên,Email,Đơn vị\n"
                                 "1,Lò A,a@b.vn,Sở Y tế\n"
                                 "2,#REF!,b@b.vn,Sở Y tế\n"
                                 "3,#N/A,#N/A,Sở Y tế\n"
                                 "4,#N/A,#N/A,#N/A\n",
                                 NULL);
    assert_int_equal(r.list->person_count, 2);
    assert_int_equal(at(&r, 0, 2)->faults, 0);
    assert_int_equal(at(&r, 0, 3)->faults, 1U << ROSTER_NAME_MISSING);
    assert_string_equal(skipped(&r, 0, 4), "no_person");
    assert_string_equal(skipped(&r, 0, 5), "no_person");
    done(&r);
}

/* Two header rows, the name's title in the lower one; what stands above an empty cell is merged down. */
static void test_name_title_in_the_lower_row(void **state)
{
    (void)state;
    struct reading r = read_text("SỞ NỘI VỤ,,,,Đơn vị: phòng,,\n"
                                 "STT,Thông tin học viên,,,Liên hệ,Tổ,Đơn vị,Ghi chú\n"
                                 ",Họ và tên,Ngày sinh,Số CCCD,Email,,,\n"
                                 "(1),(2),(3),(4),(5),(6),(7),(8)\n"
                                 "1,Nguyễn Văn An,1985,002085001234,an@b.vn,3,Sở Y tế,\n"
                                 "2,Lò Thị Bé,,,be@b.vn,4,Sở Tư pháp,\n",
                                 NULL);
    const struct roster_person *p = at(&r, 0, 5);
    assert_string_equal(p->name, "Nguyễn Văn An");
    assert_string_equal(p->citizen, "002085001234");
    assert_string_equal(p->unit, "HG-SYTE");
    assert_string_equal(p->group, "3");
    assert_string_equal(at(&r, 0, 6)->unit, "HG-STP");
    assert_string_equal(at(&r, 0, 6)->emails[0], "be@b.vn");
    assert_int_equal(r.list->person_count, 2);
    assert_int_equal(r.list->skip_count, 0);
    done(&r);
    /* "Học viên" is a title of names, too; the lowest cell names a column. */
    r = read_text("STT,Học viên,,Cơ quan,\n"
                  ",Họ và tên,Email,Tổ,Đơn vị\n"
                  "1,Lò A,a@b.vn,7,Sở Y tế\n",
                  NULL);
    assert_string_equal(at(&r, 0, 3)->unit, "HG-SYTE");
    assert_string_equal(at(&r, 0, 3)->group, "7");
    assert_int_equal(r.list->person_count, 1);
    assert_int_equal(r.list->skip_count, 0);
    done(&r);
    /* A letterhead above an empty title is none, nor are people above the next page's header. */
    r = read_text("UBND TỈNH,,,Đơn vị: Sở Y tế\n"
                  "STT,Họ và tên,Email,\n"
                  "1,Lò A,a@b.vn,x\n"
                  "2,Lò B,b@b.vn,x\n"
                  "STT,Họ và tên,Email,\n"
                  "3,Lò C,c@b.vn,x\n",
                  NULL);
    assert_string_equal(at(&r, 0, 3)->unit, "HG-SYTE");
    assert_string_equal(at(&r, 0, 6)->unit, "HG-SYTE");
    assert_int_equal(r.list->person_count, 3);
    done(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people_are_no_headers),
        cmocka_unit_test(test_name_titles_below_a_title),
        cmocka_unit_test(test_name_title_in_the_lower_row),
        cmocka_unit_test(test_sections_below_sums),
        cmocka_unit_test(test_second_letterhead),
        cmocka_unit_test(test_remarks_are_nobody),
        cmocka_unit_test(test_ditto_marks),
        cmocka_unit_test(test_numbers_within_names),
        cmocka_unit_test(test_a_figure_is_no_name),
        cmocka_unit_test(test_an_error_value_is_no_name),
    };
    return cmocka_run_group_tests(tests, roster_case_set_up, roster_case_tear_down);
}
