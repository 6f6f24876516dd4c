#include "cmocka_all.h"

#include <string.h>

#include "../../common/clock.h"
#include "../../ingest/mapping/time_format.h"

static const char *read_as(const char *format, const char *zone, const char *text)
{
    static char out[CLOCK_TEXT_SIZE];
    struct time_format f;
    const char *why;
    int64_t us = 0;
    if (!time_format_make(format, zone, &f, &why))
        fail_msg("%s: %s", format, why);
    switch (time_format_read(&f, text, &us)) {
    case TIME_ABSENT:
        return "absent";
    case TIME_MALFORMED:
        return "malformed";
    default:
        clock_format(us, out);
        return out;
    }
}

static void instants(void **state)
{
    (void)state;
    static const char *const cases[][4] = {
        {NULL, NULL, "2023-09-20T08:15:30Z", "2023-09-20T08:15:30.000000Z"},
        {NULL, NULL, "2023-09-20T08:15:30", "malformed"},
        {"iso", "+07:00", "2023-09-20 08:15:30.5", "2023-09-20T01:15:30.500000Z"},
        {"iso", "+07:00", "2023-09-20T08:15:30Z", "2023-09-20T08:15:30.000000Z"},
        {"iso", "UTC", "2023-02-29T00:00:00", "malformed"},
        {"iso", "+07:00", "1970-01-01T06:59:59", "malformed"},
        {"iso", NULL, NULL, "absent"},
        {"unix", NULL, "1695197730", "2023-09-20T08:15:30.000000Z"},
        {"unix", NULL, "1695197730.25", "2023-09-20T08:15:30.250000Z"},
        {"unix", NULL, "0", "absent"},
        {"unix", NULL, "-5", "malformed"},
        {"unix", NULL, "1e9", "malformed"},
        {"unix", NULL, "7258118400", "malformed"},
        {"unix", NULL, "7258118399", "2199-12-31T23:59:59.000000Z"},
        {"unix", NULL, "999999999999999999999", "malformed"},
        {"unix_ms", NULL, "1695197730123", "2023-09-20T08:15:30.123000Z"},
        {"date", NULL, "2023-09-20", "2023-09-19T17:00:00.000000Z"},
        {"date", "UTC", "2023-09-20", "2023-09-20T00:00:00.000000Z"},
        {"date", NULL, "2023-02-30", "malformed"},
        {"date", NULL, "2023-09-20T00:00:00Z", "malformed"},
        {"%d/%m/%Y %H:%M:%S", "+07:00", "20/09/2023 08:15:30", "2023-09-20T01:15:30.000000Z"},
        {"%d/%m/%Y %H:%M:%S", "Asia/Ho_Chi_Minh", " 1/9/2023  8:05:00 ",
         "2023-09-01T01:05:00.000000Z"},
        {"%d/%m/%Y", "UTC", "31/02/2023", "malformed"},
        {"%d/%m/%Y", "UTC", "29/02/2024", "2024-02-29T00:00:00.000000Z"},
        {"%d/%m/%Y", "UTC", "20/09/23", "malformed"},
        {"%d/%m/%y", "UTC", "20/09/23", "2023-09-20T00:00:00.000000Z"},
        {"%d/%m/%Y %H:%M", "UTC", "20/09/2023 24:00", "malformed"},
        {"%d/%m/%Y %H:%M", "UTC", "20/09/2023 08:15x", "malformed"},
        {"%F %T.%f%z", NULL, "2023-09-20 08:15:30.123456789+0700", "2023-09-20T01:15:30.123456Z"},
        {"%FT%T%z", NULL, "2023-09-20T08:15:30-02:30", "2023-09-20T10:45:30.000000Z"},
        {"%d %b %Y %I:%M %p", "UTC", "20 Sep 2023 12:15 am", "2023-09-20T00:15:00.000000Z"},
        {"%d %B %Y %I:%M %p", "UTC", "20 september 2023 01:15 PM", "2023-09-20T13:15:00.000000Z"},
        {"%d %b %Y %I:%M %p", "UTC", "20 Sep 2023 13:15 PM", "malformed"},
        {"%d/%m/%Y", "UTC", "", "malformed"},
        {"%d/%m/%Y", "UTC", "0/1/2023", "malformed"},
        {"%d/%m/%Y", "UTC", "31/12/1969", "malformed"},
        {"%d/%m/%Y", "UTC", "01/01/2200", "malformed"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = read_as(cases[i][0], cases[i][1], cases[i][2]);
        if (strcmp(got, cases[i][3]) != 0)
            fail_msg("%zu: %s as %s: %s", i, cases[i][2], cases[i][0] ? cases[i][0] : "iso", got);
    }
}

static void days(void **state)
{
    (void)state;
    struct time_format f;
    const char *why;
    int32_t day = 0;
    assert_true(time_format_make(NULL, NULL, &f, &why));
    assert_int_equal(time_format_read_day(&f, "2023-09-20", &day), TIME_FOUND);
    assert_int_equal(day, clock_day_from_civil(2023, 9, 20));
    assert_int_equal(time_format_read_day(&f, "2023-09-20T18:00:00Z", &day), TIME_FOUND);
    assert_int_equal(day, clock_day_from_civil(2023, 9, 21)); /* in Vietnam */
    assert_int_equal(time_format_read_day(&f, "1950-01-01", &day), TIME_MALFORMED);
    assert_int_equal(time_format_read_day(&f, "2023-13-01", &day), TIME_MALFORMED);
    assert_int_equal(time_format_read_day(&f, NULL, &day), TIME_ABSENT);
}

static void what_is_no_format(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"ISO", NULL},         {"%d/%m", "UTC"},      {"%d/%m/%Y", NULL},
        {"%d/%m/%Y", "Hanoi"}, {"%d/%m/%Y %", "UTC"}, {"%d/%m/%Y %Q", "UTC"},
        {"iso", "+7"},         {"iso", "+25:00"},     {"", "UTC"}};
    struct time_format f;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *why = NULL;
        if (time_format_make(cases[i][0], cases[i][1], &f, &why))
            fail_msg("accepted: %s", cases[i][0]);
        assert_non_null(why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants),
        cmocka_unit_test(days),
        cmocka_unit_test(what_is_no_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
