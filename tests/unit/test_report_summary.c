#include <string.h>

#include "cmocka_all.h"

#include "../../aggregator/report/summary_lists.h"

static bool has(const struct report *r, const char *paragraph)
{
    for (size_t i = 0; i < r->paragraph_count; i++) {
        if (strcmp(r->paragraphs[i], paragraph) == 0)
            return true;
    }
    for (size_t i = 0; i < r->paragraph_count; i++)
        print_message("%s\n", r->paragraphs[i]);
    return false;
}

static bool mentions(const struct report *r, const char *words)
{
    for (size_t i = 0; i < r->paragraph_count; i++) {
        if (strstr(r->paragraphs[i], words) != NULL)
            return true;
    }
    return false;
}

static void counts_below_ten_have_two_digits(void **state)
{
    (void)state;
    struct report *vi = report_new("summary", LANGUAGE_VI), *en = report_new("summary", LANGUAGE_EN);
    assert_string_equal(summary_count(vi, 2), "02");
    assert_string_equal(summary_count(vi, 0), "00");
    assert_string_equal(summary_count(vi, 10), "10");
    assert_string_equal(summary_count(vi, 2716), "2.716");
    assert_string_equal(summary_count(en, 2), "2");
    assert_string_equal(summary_count(en, 2716), "2,716");
    report_free(vi);
    report_free(en);
}

static void rates_are_written_as_text_writes_them(void **state)
{
    (void)state;
    struct report *r = report_new("summary", LANGUAGE_VI);
    assert_string_equal(summary_rate(r, 66, 213, false), "31,0%");
    assert_string_equal(summary_rate(r, 2, 20, true), "10%");
    assert_string_equal(summary_rate(r, 2, 35, true), "5,7%");
    assert_string_equal(summary_rate(r, 87, 87, false), "100%");
    assert_string_equal(summary_rate(r, 1999, 2000, false), "100,0%"); /* not everybody */
    assert_string_equal(summary_rate(r, 0, 0, false), "");
    report_free(r);
}

static void days_follow_the_rule_for_small_numbers(void **state)
{
    (void)state;
    struct report *vi = report_new("summary", LANGUAGE_VI), *en = report_new("summary", LANGUAGE_EN);
    assert_string_equal(summary_day(vi, "20/09/2023", false), "20/9");
    assert_string_equal(summary_day(vi, "29/09/2023", true), "29/9/2023");
    assert_string_equal(summary_day(vi, "05/02/2024", true), "05/02/2024");
    assert_string_equal(summary_day(vi, "31/12/2023", false), "31/12");
    assert_string_equal(summary_day(en, "20/09/2023", true), "20/09/2023");
    report_free(vi);
    report_free(en);
}

/* Two departments, a city that is named like its province, two districts, and a commune. */
static const struct summary_unit units[] = {
    {"SYT", "Sở Y tế", "so", 100, 60},           {"TD", "Tỉnh đoàn", "doan_the", 5, 5},
    {"TP", "Thành phố Hà Giang", "huyen", 7, 7}, {"VX", "Huyện Vị Xuyên", "huyen", 74, 74},
    {"XM", "Huyện Xín Mần", "huyen", 200, 20},   {"X1", "Xã Tịnh Châu", "xa", 12, 11},
};
static const struct summary_group groups[] = {
    {0, "17", 10, 0}, {0, "9", 20, 3},  {0, "1", 70, 57}, {4, "26", 10, 0},   {4, "27", 12, 0},
    {4, "30", 3, 0},  {4, "28", 16, 2}, {4, "32", 8, 1},  {4, "33", 151, 17}, {5, "Lớp A", 12, 11},
};

static struct summary_figures example(void)
{
    return (struct summary_figures){.begins = "28/12/2023",
                                    .ends = "03/01/2024",
                                    .province = "Hà Giang",
                                    .officials = true,
                                    .below = 20,
                                    .units = units,
                                    .unit_count = ARRAY_LEN(units),
                                    .groups = groups,
                                    .group_count = ARRAY_LEN(groups),
                                    .registered = 398,
                                    .has_data = true,
                                    .accounts = 300,
                                    .participated = 177,
                                    .sat = 170,
                                    .passed = 160,
                                    .certified = 0};
}

static void groups_below_100_are_said_once(void **state)
{
    (void)state;
    struct summary_figures f = example();
    f.below = 100;
    struct report *r = report_new("summary", LANGUAGE_VI);
    summary_write(&f, r);
    assert_true(mentions(r, " Tổ tham gia học chưa đạt 100%¹, cá biệt có 04 Tổ"));
    report_free(r);
    r = report_new("summary", LANGUAGE_EN);
    summary_write(&f, r);
    assert_true(mentions(r, " groups not everybody took part¹, 4 have"));
    report_free(r);
}

static void units_are_named_as_offices_name_them(void **state)
{
    (void)state;
    struct report *r = report_new("summary", LANGUAGE_VI);
    struct summary_figures f = example();
    assert_string_equal(summary_name(r, &f, &units[0], true), "Sở Y tế");
    assert_string_equal(summary_name(r, &f, &units[2], false), "Thành phố");
    assert_string_equal(summary_name(r, &f, &units[2], true), "thành phố Hà Giang");
    assert_string_equal(summary_name(r, &f, &units[4], false), "Xín Mần");
    assert_string_equal(summary_name(r, &f, &units[4], true), "huyện Xín Mần");
    assert_string_equal(summary_name(r, &f, &units[5], true), "xã Tịnh Châu");
    f.province = "Quảng Ngãi";
    assert_string_equal(summary_name(r, &f, &units[2], false), "Thành phố Hà Giang");
    assert_int_equal(summary_class_of("huyen"), CLASS_LOCALITY);
    assert_int_equal(summary_class_of("truong"), CLASS_DEPARTMENT);
    assert_int_equal(summary_class_of(NULL), CLASS_DEPARTMENT);
    report_free(r);
}

static void enumerations_are_those_of_the_documents(void **state)
{
    (void)state;
    struct report *r = report_new("summary", LANGUAGE_VI);
    struct summary_figures f = example();
    size_t listed;
    assert_string_equal(summary_senders(r, &f),
                        "01 sở, ngành, 01 đoàn thể, 03 UBND các huyện, thành "
                        "phố, 01 UBND các xã, phường, thị trấn");
    assert_string_equal(summary_kinds(r, &f, CLASS_DEPARTMENT, SHARE_ANY, 2), "sở, đoàn thể");
    assert_string_equal(summary_kinds(r, &f, CLASS_DEPARTMENT, SHARE_PART, 1), "sở");
    assert_string_equal(summary_kinds(r, &f, CLASS_LOCALITY, SHARE_PART, 2), "địa phương");
    assert_string_equal(summary_whole_localities(r, &f), "Vị Xuyên, Thành phố");
    assert_string_equal(summary_lowest(r, &f, CLASS_LOCALITY, 2, &listed),
                        "Xín Mần (10,0%), Tịnh Châu (91,7%)");
    assert_int_equal(listed, 2);
    assert_string_equal(summary_lowest(r, &f, CLASS_DEPARTMENT, 2, &listed), "Sở Y tế (60,0%)");
    assert_int_equal(listed, 1);
    assert_string_equal(summary_largest(r, &f, 1, 4),
                        "Sở Y tế (100), huyện Xín Mần (200), Vị Xuyên (74), xã Tịnh Châu (12), "
                        "thành phố Hà Giang (07)");
    assert_string_equal(summary_empty_groups(r, &f),
                        "Tổ 17 thuộc Sở Y tế; các Tổ 26, 27, 30 của huyện Xín Mần");
    assert_string_equal(summary_low_groups(r, &f),
                        "Sở Y tế: Tổ 17 (0%), Tổ 9 (15%); huyện Xín Mần: các Tổ 26, 27, 30 (cùng "
                        "đạt 0%), Tổ 28, 32 (cùng đạt 12,5%), Tổ 33 (11,3%)");
    report_free(r);
}

static void sentences_leave_out_what_there_is_none_of(void **state)
{
    (void)state;
    struct report *r = report_new("summary", LANGUAGE_VI);
    struct summary_figures f = example();
    summary_write(&f, r);
    assert_true(mentions(r, "Tính từ ngày 28/12/2023 đến 03/01/2024, có tổng số 01 sở"));
    assert_true(has(r,
                    "- Có 01/02 đoàn thể và 02 địa phương (Vị Xuyên, Thành phố) tham gia học đạt "
                    "tỷ lệ 100%."));
    assert_true(
        has(r, "- Còn 98 (24,6%) CBCCVC các sở, ngành và địa phương đã gửi danh sách nhưng "
               "không đăng ký tài khoản để tham gia học tập, trong đó 08 Tổ đạt dưới 20%, 04 Tổ "
               "đăng ký danh sách nhưng không có đồng chí nào tham gia học (đạt 0%)."));
    assert_false(mentions(r, "chứng nhận"));
    assert_false(mentions(r, "đứng thứ"));
    report_free(r);
    r = report_new("summary", LANGUAGE_VI);
    f.group_count = 0;
    f.waves = 1;
    f.accounts = f.registered;
    f.unit_count = 1;
    f.begins = NULL;
    summary_write(&f, r);
    assert_true(has(r, "Sở Y tế đăng ký tham gia học tập với 398 học viên."));
    assert_false(mentions(r, "chưa đạt tỷ lệ 100%"));
    assert_false(mentions(r, "Cụ thể"));
    assert_true(mentions(r, "- Tính theo danh sách đơn vị đăng ký học ban đầu: Có "));
    assert_false(mentions(r, "Tổ "));
    assert_false(mentions(r, "Còn "));
    assert_int_equal(r->note_count, 0);
    report_free(r);
}

/* A unit's own report is about that unit: "01 UBND các huyện, thành phố" and "01 huyện chưa đạt" are no office's words. */
static void one_unit_is_called_by_its_name(void **state)
{
    (void)state;
    static const struct summary_unit unit[] = {{"XM", "Huyện Xín Mần", "huyen", 213, 66}};
    static const struct summary_group group[] = {{0, "26", 21, 0}, {0, "22", 192, 66}};
    struct report *r = report_new("summary", LANGUAGE_VI);
    struct summary_figures f = example();
    f.units = unit;
    f.groups = group;
    f.unit_count = 1;
    f.group_count = 2;
    f.registered = 213;
    f.accounts = 106;
    f.participated = 66;
    f.sat = 64;
    f.passed = 61;
    summary_write(&f, r);
    assert_true(has(r, "Tính từ ngày 28/12/2023 đến 03/01/2024, huyện Xín Mần đăng ký tham gia học "
                       "tập với 213 học viên, chia thành 02 Tổ."));
    assert_true(has(r, "2. Kết quả tham gia học: Có 66/213 học viên tham gia học đạt tỷ lệ 31,0%. "
                       "Cụ thể:"));
    assert_false(mentions(r, "01 huyện"));
    assert_true(mentions(r, "- Có 02/02 Tổ tham gia học chưa đạt 100%"));
    assert_true(mentions(r,
                         "- Còn 107 (50,2%) CBCCVC của huyện Xín Mần có tên trong danh sách nhưng "
                         "không đăng ký tài khoản để tham gia học tập"));
    report_free(r);
    r = report_new("summary", LANGUAGE_VI);
    f.waves = 2;
    f.ends = NULL;
    summary_write(&f, r);
    assert_true(has(r, "Huyện Xín Mần đăng ký tham gia học tập trong 02 đợt với 213 học viên, chia "
                       "thành 02 Tổ."));
    report_free(r);
}

static void a_training_has_waves(void **state)
{
    (void)state;
    struct report *vi = report_new("summary", LANGUAGE_VI), *en = report_new("summary", LANGUAGE_EN);
    struct summary_figures f = example();
    f.waves = 8;
    summary_write(&f, vi);
    assert_true(mentions(vi, "đến 03/01/2024, có 08 đợt với tổng số 01 sở, ngành"));
    summary_write(&f, en);
    assert_true(mentions(
        en, "to 03/01/2024, in 8 waves, 1 department or agency, 1 mass organisation, 3 districts"));
    report_free(vi);
    report_free(en);
}

/* English has another word for one. */
static void one_is_no_plural(void **state)
{
    (void)state;
    static const struct summary_unit unit[] = {{"VX", "Huyện Vị Xuyên", "huyen", 1, 0}};
    static const struct summary_group group[] = {{0, "17", 1, 0}};
    struct report *r = report_new("summary", LANGUAGE_EN);
    struct summary_figures f = example();
    f.units = unit;
    f.groups = group;
    f.unit_count = f.group_count = 1;
    f.registered = f.certified = f.sat = 1;
    f.accounts = f.participated = f.passed = 0;
    summary_write(&f, r);
    assert_true(mentions(r, "to 03/01/2024 huyện Vị Xuyên registered 1 learner in 1 study group."));
    assert_true(has(r, "2. Participation: 0 of 1 learner took part, 0.0%. In detail:"));
    assert_true(has(r,
                    "- In 1 of 1 group not everybody took part; 1 of them is below 20%¹, 1 has a "
                    "list of which nobody took part (0%): group 17 of huyện Vị Xuyên."));
    assert_true(has(r, "- Of those on the list that the unit sent: 0 of 1 learner passed, 0.0%."));
    assert_true(
        mentions(r, "- 1 official was given the provider's certificate, more than passed (0)"));
    assert_true(
        has(r, "- 1 (100%) official of huyện Vị Xuyên was listed and opened no account; 1 group "
               "is below 20%, in 1 group nobody of the list took part (0%)."));
    assert_false(mentions(r, "0 of 0 learners"));
    report_free(r);
    r = report_new("summary", LANGUAGE_EN);
    f.accounts = f.participated = f.passed = 1;
    summary_write(&f, r);
    assert_true(
        has(r, "- 1 official completed the course and was given the provider's certificate."));
    report_free(r);
}

static void no_data_is_said_and_is_not_zero(void **state)
{
    (void)state;
    struct report *r = report_new("summary", LANGUAGE_VI);
    struct summary_figures f = example();
    f.has_data = false;
    summary_write(&f, r);
    assert_true(mentions(r, "Chưa có số liệu học tập nào từ nền tảng"));
    assert_false(mentions(r, "tham gia học đạt tỷ lệ"));
    report_free(r);
    r = report_new("summary", LANGUAGE_EN);
    f.unit_count = 0;
    summary_write(&f, r);
    assert_true(mentions(r, "No list of this wave has come yet"));
    assert_int_equal(r->paragraph_count, 3);
    report_free(r);
    r = report_new("summary", LANGUAGE_VI);
    f = example();
    f.sat = f.passed = 0;
    summary_write(&f, r);
    assert_true(mentions(r, "Chưa có kết quả thi"));
    assert_false(mentions(r, "kết quả thi cuối khóa đạt mức"));
    report_free(r);
}

static void a_rank_names_the_provinces_before(void **state)
{
    (void)state;
    static const struct summary_province ahead[] = {{"Bắc Giang", 3235}, {"Hải Phòng", 3552}};
    struct report *r = report_new("summary", LANGUAGE_VI);
    struct summary_figures f = example();
    f.provinces = 27;
    f.rank = 3;
    f.ahead = ahead;
    f.ahead_count = ARRAY_LEN(ahead);
    f.is_city = true;
    f.officials = false;
    summary_write(&f, r);
    assert_true(mentions(r, "của học viên thành phố Hà Giang"));
    assert_true(mentions(r, "có 27 tỉnh, thành) đứng thứ 3/27 sau Bắc Giang (3.235), Hải Phòng "
                            "(3.552)."));
    report_free(r);
    r = report_new("summary", LANGUAGE_VI);
    f.rank = 1;
    f.ahead_count = 0;
    summary_write(&f, r);
    assert_true(mentions(r, "đứng thứ 1/27."));
    report_free(r);
}

/* A stricter mark takes passes away, not certificates: the sentence says why the two differ, and by which rule it is passed now. */
static void certificates_beyond_the_passed_are_explained(void **state)
{
    (void)state;
    struct report *r = report_new("summary", LANGUAGE_VI);
    struct summary_figures f = example();
    f.passed = 7;
    f.certified = 160;
    f.pass_rules = "điểm từ 95%, lần thi tốt nhất";
    summary_write(&f, r);
    assert_true(has(r, "- Có 160 CBCCVC được đơn vị đào tạo cấp chứng nhận, nhiều hơn số đạt (07): "
                       "chứng nhận cấp theo mức đạt khi đó, số đạt tính theo quy định đạt "
                       "hiện hành (điểm từ 95%, lần thi tốt nhất)."));
    report_free(r);
    r = report_new("summary", LANGUAGE_EN);
    f.pass_rules = NULL;
    summary_write(&f, r);
    assert_true(has(r, "- 160 officials were given the provider's certificate, more than "
                       "passed (7): the certificates were given by the mark of then, "
                       "passed goes by the rule in force now."));
    report_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_below_ten_have_two_digits),
        cmocka_unit_test(groups_below_100_are_said_once),
        cmocka_unit_test(rates_are_written_as_text_writes_them),
        cmocka_unit_test(days_follow_the_rule_for_small_numbers),
        cmocka_unit_test(units_are_named_as_offices_name_them),
        cmocka_unit_test(enumerations_are_those_of_the_documents),
        cmocka_unit_test(sentences_leave_out_what_there_is_none_of),
        cmocka_unit_test(a_training_has_waves),
        cmocka_unit_test(one_unit_is_called_by_its_name),
        cmocka_unit_test(one_is_no_plural),
        cmocka_unit_test(no_data_is_said_and_is_not_zero),
        cmocka_unit_test(a_rank_names_the_provinces_before),
        cmocka_unit_test(certificates_beyond_the_passed_are_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
