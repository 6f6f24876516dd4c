/* Reporting periods: their days by the calendar (weeks of ISO 8601), the one before, and what is refused. */
#include "cmocka_all.h"

#include <string.h>

#include "../../aggregator/pack/period.h"
#include "../../common/clock.h"

static void days_are(const char *text, const char *first, const char *last)
{
    struct period p;
    struct error err = {0};
    char day[CLOCK_DATE_SIZE];
    assert_true(period_parse(text, &p, &err));
    clock_format_date(p.first, day);
    assert_string_equal(day, first);
    clock_format_date(p.last, day);
    assert_string_equal(day, last);
}

static void has_its_days(void **state)
{
    (void)state;
    days_are("2023-W39", "2023-09-25", "2023-10-01");
    days_are("2023-W01", "2023-01-02", "2023-01-08"); /* 1 January 2023 is a Sunday: of 2022-W52 */
    days_are("2020-W53", "2020-12-28", "2021-01-03");
    days_are("2025-W01", "2024-12-30", "2025-01-05");
    days_are("2023-09", "2023-09-01", "2023-09-30");
    days_are("2024-02", "2024-02-01", "2024-02-29");
    days_are("2023-12", "2023-12-01", "2023-12-31");
    days_are("2023-Q3", "2023-07-01", "2023-09-30");
    days_are("2023-Q4", "2023-10-01", "2023-12-31");
    days_are("2023-H1", "2023-01-01", "2023-06-30");
    days_are("2023-H2", "2023-07-01", "2023-12-31");
    days_are("2023", "2023-01-01", "2023-12-31");
}

static void ends_with_its_last_day_in_vietnam(void **state)
{
    (void)state;
    struct period p;
    struct error err = {0};
    char text[CLOCK_TEXT_SIZE];
    assert_true(period_parse("2023-09", &p, &err));
    clock_format(period_end_us(&p), text);
    assert_string_equal(text, "2023-09-30T16:59:59.999999Z");
}

static void follows_one_before(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int year, number;
        const char *last;
    } cases[] = {{"2023-W39", 2023, 38, "2023-09-24"}, {"2021-W01", 2020, 53, "2021-01-03"},
                 {"2024-W01", 2023, 52, "2023-12-31"}, {"2023-01", 2022, 12, "2022-12-31"},
                 {"2023-Q1", 2022, 4, "2022-12-31"},   {"2023-H1", 2022, 2, "2022-12-31"},
                 {"2023", 2022, 1, "2022-12-31"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct period p;
        struct error err = {0};
        char day[CLOCK_DATE_SIZE];
        assert_true(period_parse(cases[i].text, &p, &err));
        struct period before = period_before(&p);
        assert_int_equal(before.year, cases[i].year);
        assert_int_equal(before.number, cases[i].number);
        clock_format_date(before.last, day);
        assert_string_equal(day, cases[i].last);
        assert_int_equal(before.last + 1, p.first);
    }
}

static void refuses_what_is_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",       "2023-", "2023-W53", "2023-W00", "2023-13",    "2023-0", "2023-Q5", "2023-H3",
        "2023-9", "20x3",  "2023-W3",  "2023W39",  "2023-09-01", "1960",   "9999",    "2023-w39"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct period p;
        struct error err = {0};
        assert_false(period_parse(wrong[i], &p, &err));
        assert_int_equal(err.kind, ERROR_USAGE);
    }
}

static void has_a_name(void **state)
{
    (void)state;
    struct period p;
    struct error err = {0};
    char name[PERIOD_NAME_SIZE];
    assert_true(period_parse("2023-W39", &p, &err));
    period_name(&p, LANGUAGE_VI, name);
    assert_string_equal(name, "tuần 39 năm 2023 (25/09–01/10/2023)");
    period_name(&p, LANGUAGE_EN, name);
    assert_string_equal(name, "week 39 of 2023 (25/09–01/10/2023)");
    assert_true(period_parse("2023-H2", &p, &err));
    period_name(&p, LANGUAGE_VI, name);
    assert_string_equal(name, "6 tháng cuối năm 2023");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_its_days),       cmocka_unit_test(ends_with_its_last_day_in_vietnam),
        cmocka_unit_test(follows_one_before), cmocka_unit_test(refuses_what_is_none),
        cmocka_unit_test(has_a_name),
    };
    return cmocka_run_group_tests_name("period", tests, NULL, NULL);
}
