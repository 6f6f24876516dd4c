/* Single cells of results, attendance and head counts. */
#include "cmocka_all.h"

#include "../../common/clock.h"
#include "../../ingest/files/table_cells.h"

static void test_days(void **state)
{
    (void)state;
    int32_t june20 = clock_day_from_civil(2023, 6, 20), day = 0;
    static const char *const good[] = {"20/6/2023",
                                       "20-06-23",
                                       "20.06.2023",
                                       "2023-06-20",
                                       "Ngày 20/6/2023",
                                       "45097",
                                       "45097.0",
                                       "20/06/2023 08:00",
                                       "Thứ ba, 20/6/2023",
                                       "45097.354166667",
                                       "20 / 06 / 2023",
                                       "'20/6/2023",
                                       "Ngày 20 tháng 6 năm 2023",

                                       "20/6/2023 8h30",
                                       "20/6/2023 14 giờ"};
    static const char *const bad[] = {"",          "x",         "31/2/2023", "20/6",
                                      "2023",      "Ngày sinh", "6/20/2023", "20/6/2023 sáng",
                                      "0912345678"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        if (!table_day(good[i], &day) || day != june20)
            fail_msg("%s", good[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (table_day(bad[i], &day))
            fail_msg("%s", bad[i]);
    }
    int64_t us = 0, expected = 0;
    assert_true(table_instant("28/09/2023 14:30", &us) &&
                clock_parse("2023-09-28T14:30:00+07:00", &expected));
    assert_int_equal(us, expected);
    assert_true(table_instant("2023-09-28T07:30:00Z", &us));
    assert_int_equal(us, expected);
    assert_true(table_instant("28/09/2023", &us));
    assert_int_equal(clock_day(us), clock_day_from_civil(2023, 9, 28));
    assert_false(table_instant("28/09/2023 25:00", &us));
    static const char *const half_past_two[] = {"28/09/2023 14h30",      "28/09/2023 14:30:00",
                                                "28/9/2023, 14 giờ 30",  "28/09/2023 2:30 PM",
                                                "28/09/2023 2:30:00 CH", "2023-09-28T14:30:00",
                                                "45197.6041666667"};
    for (size_t i = 0; i < ARRAY_LEN(half_past_two); i++) {
        if (!table_instant(half_past_two[i], &us) || us != expected)
            fail_msg("%s: %lld", half_past_two[i], (long long)us);
    }
    assert_true(table_instant("28/09/2023 12:30 SA", &us)); /* half an hour past midnight */
    assert_int_equal(us, expected - INT64_C(14) * 3600 * 1000000);
    assert_false(table_instant("28/09/2023 14:30 PM nhé", &us));
    assert_false(table_instant("28/09/2023 13:75", &us));
}

static void test_scores_and_answers(void **state)
{
    (void)state;
    double score = 0, max = -1;
    assert_true(table_score("8,5", &score, &max) && score == 8.5 && max == -1);
    assert_true(table_score("8.50", &score, &max) && score == 8.5 && max == -1);
    assert_true(table_score("17 / 20", &score, &max) && score == 17 && max == 20);
    assert_true(table_score("85 %", &score, &max) && score == 0.85 && max == 1);
    assert_true(table_score("8,5 điểm", &score, &max) && score == 8.5);
    assert_true(table_score("8.5đ", &score, &max) && score == 8.5);
    static const char *const bad[] = {"",  "-1", "1e999", "8,5,1", "17/0", "giỏi",
                                      "%", "/",  "17/",   "0x11",  "nan"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (table_score(bad[i], &score, &max))
            fail_msg("%s", bad[i]);
    }
    assert_int_equal(table_answer("Đạt"), ANSWER_YES);
    assert_int_equal(table_answer("KHÔNG ĐẠT"), ANSWER_NO);
    assert_int_equal(table_answer(" X "), ANSWER_YES);
    assert_int_equal(table_answer("✓"), ANSWER_YES);
    assert_int_equal(table_answer("Vắng"), ANSWER_ABSENT);
    assert_int_equal(table_answer("Vắng có phép"), ANSWER_ABSENT);
    assert_int_equal(table_answer("Không phép"), ANSWER_ABSENT);
    assert_int_equal(table_answer("-"), ANSWER_NONE);
    assert_int_equal(table_answer("?"), ANSWER_UNCLEAR);
    assert_int_equal(table_answer("có lẽ"), ANSWER_UNCLEAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_scores_and_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
