#include "cmocka_all.h"

#include "../../common/clock.h"
#include "../../ingest/http/quiet_hours.h"
#include "../../ingest/http/request_count.h"

static int64_t at(const char *text)
{
    int64_t us = 0;
    assert_true(clock_parse(text, &us));
    return us;
}

static int64_t left(const char *quiet, const char *when)
{
    struct quiet_hours q;
    struct error err;
    assert_true(quiet_hours_parse(quiet, &q, &err));
    return quiet_hours_left_ms(&q, at(when));
}

static void a_span_of_the_day(void **state)
{
    (void)state;
    assert_int_equal(left("12:00-13:30", "2026-03-01T11:59:59.999+07:00"), 0);
    assert_int_equal(left("12:00-13:30", "2026-03-01T12:00:00+07:00"), 90 * 60000);
    assert_int_equal(left("12:00-13:30", "2026-03-01T13:29:59.5+07:00"), 500);
    assert_int_equal(left("12:00-13:30", "2026-03-01T13:29:59.9999+07:00"), 1);
    assert_int_equal(left("12:00-13:30", "2026-03-01T13:30:00+07:00"), 0);
}

static void over_midnight_and_in_vietnam(void **state)
{
    (void)state;
    assert_int_equal(left("22:00-05:00", "2026-03-01T21:59:59+07:00"), 0);
    assert_int_equal(left("22:00-05:00", "2026-03-01T22:00:00+07:00"), 7 * 3600000);
    assert_int_equal(left("22:00-05:00", "2026-03-02T00:00:00+07:00"), 5 * 3600000);
    assert_int_equal(left("22:00-05:00", "2026-03-01T21:59:59Z"), 1000); /* 04:59:59 there */
    assert_int_equal(left("22:00-05:00", "2026-03-01T22:00:00Z"), 0);
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "22:00",
                                      "22-05",
                                      "22:00-22:00",
                                      "22:60-05:00",
                                      "24:01-05:00",
                                      "00:00-24:00",
                                      "2:00-05:00x",
                                      "22:00 05:00",
                                      "22:00-05:000",
                                      "-1:00-05:00 "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct quiet_hours q;
        struct error err = {.kind = ERROR_NONE};
        assert_false(quiet_hours_parse(bad[i], &q, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
    }
    struct quiet_hours none = {0, 0};
    assert_int_equal(quiet_hours_left_ms(&none, at("2026-03-01T22:00:00Z")), 0);
}

static void requests_are_counted_by_vietnams_hour_and_day(void **state)
{
    (void)state;
    struct request_count c = {0};
    int64_t late = at("2026-03-01T23:59:59+07:00"), next = at("2026-03-02T00:00:00+07:00");
    assert_int_equal(request_count_today(&c, late), 0);
    request_count_add(&c, late - 3600 * INT64_C(1000000));
    request_count_add(&c, late);
    assert_int_equal(request_count_today(&c, late), 2);
    assert_int_equal(request_count_this_hour(&c, late), 1);
    assert_int_equal(request_count_today(&c, next), 0);
    assert_int_equal(request_count_this_hour(&c, next), 0);
    assert_int_equal(request_count_day_left_ms(late), 1000);
    assert_int_equal(request_count_day_left_ms(next), 86400000);
    request_count_add(&c, next);
    assert_int_equal(request_count_today(&c, next), 1);
    assert_int_equal(c.total, 3);
    request_count_at_least(&c, clock_day(next), 40);
    assert_int_equal(request_count_today(&c, next), 40);
    request_count_at_least(&c, clock_day(next), 7);  /* no fewer than are known */
    request_count_at_least(&c, clock_day(late), 70); /* of yesterday */
    assert_int_equal(request_count_today(&c, next), 40);
    request_count_add(&c, next);
    assert_int_equal(request_count_today(&c, next), 41);
    assert_int_equal(c.total, 4); /* sent by us */
    struct request_count fresh = {0};
    request_count_at_least(&fresh, clock_day(next), 5);
    assert_int_equal(request_count_today(&fresh, next), 5);
    assert_int_equal(request_count_today(&fresh, next + INT64_C(86400000000)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_of_the_day),
        cmocka_unit_test(over_midnight_and_in_vietnam),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(requests_are_counted_by_vietnams_hour_and_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
