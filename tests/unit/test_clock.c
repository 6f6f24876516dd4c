#include "cmocka_all.h"

#include <string.h>
#include <time.h>

#include "../../common/clock.h"

#define SECOND INT64_C(1000000)

static void parses_what_platforms_send(void **state)
{
    (void)state;
    /* 2023-09-20T08:15:30Z = 1695197730 (date -u -d '2023-09-20 08:15:30' +%s). */
    const int64_t base = INT64_C(1695197730) * SECOND;
    static const struct {
        const char *text;
        int64_t after;
    } good[] = {
        {"2023-09-20T08:15:30Z", 0},        {"2023-09-20T08:15:30.123456Z", 123456},
        {"2023-09-20T08:15:30.5Z", 500000}, {"2023-09-20T08:15:30.123456789Z", 123456},
        {"2023-09-20T15:15:30+07:00", 0},   {"2023-09-20T15:15:30+0700", 0},
        {"2023-09-20T15:15:30+07", 0},      {"2023-09-20T08:15:30+0000", 0},
        {"2023-09-20T08:15:30-00:00", 0},   {"2023-09-20T04:45:30.000001-03:30", 1},
        {"2023-09-20 08:15:30Z", 0},        {"2023-09-20t08:15:30z", 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        int64_t us = -1;
        assert_true(clock_parse(good[i].text, &us));
        assert_int_equal(us, base + good[i].after);
    }
}

static void refuses_what_is_no_instant(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2023-09-20",
        "2023-09-20T08:15:30",
        "2023-09-20T08:15Z",
        "2023-9-20T08:15:30Z",
        "2023-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2023-13-01T00:00:00Z",
        "2023-00-01T00:00:00Z",
        "2023-04-31T00:00:00Z",
        "2023-09-20T24:00:00Z",
        "2023-09-20T08:60:00Z",
        "2023-09-20T08:15:60Z",
        "2023-09-20T08:15:30.Z",
        "2023-09-20T08:15:30.1234567890Z",
        "2023-09-20T08:15:30+7:00",
        "2023-09-20T08:15:30+24:00",
        "2023-09-20T08:15:30+07:60",
        "2023-09-20T08:15:30+07:",
        "2023-09-20T08:15:30Z ",
        " 2023-09-20T08:15:30Z",
        "2023-09-20T08:15:30ZZ",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+07:00",
        "2200-01-01T00:00:00Z",
        "2199-12-31T23:59:59-07:00",
        "20230920T081530Z",
        "2023-09-20T08:15:-1Z",
        "+023-09-20T08:15:30Z",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        int64_t us = 42;
        if (clock_parse(bad[i], &us))
            fail_msg("accepted: %s", bad[i]);
        assert_int_equal(us, 42);
    }
    int64_t us;
    assert_false(clock_parse(NULL, &us));
}

static void formats(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_SIZE];
    clock_format(INT64_C(1695197730) * SECOND + 42, text);
    assert_string_equal(text, "2023-09-20T08:15:30.000042Z");
    clock_format(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000000Z");
    clock_format(-1, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000000Z");
    clock_format(INT64_MAX, text);
    assert_string_equal(text, "2199-12-31T23:59:59.999999Z");
}

/* Against the C library, over every 17th hour of the range. */
static void agrees_with_the_c_library(void **state)
{
    (void)state;
    for (int64_t seconds = 0; seconds < INT64_C(7258118400); seconds += 17 * 3600 + 11) {
        time_t when = (time_t)seconds;
        struct tm parts;
        gmtime_r(&when, &parts);
        char expected[64], text[CLOCK_TEXT_SIZE];
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.000000Z", &parts);
        clock_format(seconds * SECOND, text);
        assert_string_equal(text, expected);
        int64_t back;
        assert_true(clock_parse(text, &back));
        assert_int_equal(back, seconds * SECOND);
    }
}

static void days_turn_at_vietnamese_midnight(void **state)
{
    (void)state;
    int64_t us;
    int32_t day;
    assert_true(clock_parse_date("2023-09-20", &day));
    assert_int_equal(day, 19620);
    assert_true(clock_parse("2023-09-19T16:59:59.999999Z", &us));
    assert_int_equal(clock_day(us), day - 1);
    assert_int_equal(clock_day(us + 1), day);
    assert_int_equal(clock_day(0), 0);
    assert_int_equal(clock_day(-INT64_C(25200) * SECOND), 0);
    assert_int_equal(clock_day(-INT64_C(25200) * SECOND - 1), -1);
    assert_int_equal(clock_day(INT64_MIN), -106751991); /* of a stored fact that is damaged */
    assert_int_equal(clock_day(INT64_MAX), 106751991);
}

static void dates(void **state)
{
    (void)state;
    int32_t day;
    char text[CLOCK_DATE_SIZE];
    assert_true(clock_parse_date("1970-01-01", &day));
    assert_int_equal(day, 0);
    assert_true(clock_parse_date("2024-02-29", &day));
    clock_format_date(day, text);
    assert_string_equal(text, "2024-02-29");
    assert_true(clock_parse_date("1965-07-05", &day)); /* a birth date */
    assert_int_equal(day, -1641);
    clock_format_date(day, text);
    assert_string_equal(text, "1965-07-05");
    static const char *const bad[] = {"",           "2023-02-30", "1900-02-29",  "2100-02-29",
                                      "2023-9-1",   "20/09/2023", "2023-09-20T", "1899-12-31",
                                      "2200-01-01", "2023-09-20 "};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(clock_parse_date(bad[i], &day));
    assert_false(clock_parse_date(NULL, &day));
    for (int32_t d = -25567; d < 84006; d++) {
        int year, month, day_of_month;
        clock_civil_from_day(d, &year, &month, &day_of_month);
        assert_int_equal(clock_day_from_civil(year, month, day_of_month), d);
    }
    clock_format_date(INT32_MAX, text);
    assert_string_equal(text, "0000-00-00");
}

static void people_read_the_time_of_vietnam(void **state)
{
    (void)state;
    char text[CLOCK_LOCAL_SIZE];
    clock_localise("2023-12-31T17:04:05.9Z", text);
    assert_string_equal(text, "2024-01-01 00:04:05 +07:00");
    clock_localise("2024-01-01T09:00:00+09:00", text);
    assert_string_equal(text, "2024-01-01 07:00:00 +07:00");
    clock_localise("", text);
    assert_string_equal(text, "");
    clock_format_local(0, text);
    assert_string_equal(text, "1970-01-01 07:00:00 +07:00");
}

static void clocks_go(void **state)
{
    (void)state;
    int64_t wall = clock_now_us() / SECOND, library = (int64_t)time(NULL);
    assert_in_range(wall + 2 - library, 0, 4);
    int64_t before = clock_monotonic_ms();
    struct timespec nap = {0, 5000000};
    nanosleep(&nap, NULL);
    assert_true(clock_monotonic_ms() - before >= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_what_platforms_send),
        cmocka_unit_test(refuses_what_is_no_instant),
        cmocka_unit_test(formats),
        cmocka_unit_test(agrees_with_the_c_library),
        cmocka_unit_test(days_turn_at_vietnamese_midnight),
        cmocka_unit_test(dates),
        cmocka_unit_test(people_read_the_time_of_vietnam),
        cmocka_unit_test(clocks_go),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
