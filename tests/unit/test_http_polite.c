/* Budgets, refusals and concurrency of the HTTP client, against tests/fakes/hostile_server.py. */
#include "cmocka_all.h"

#include <string.h>

#include "../../common/clock.h"
#include "../../ingest/http/http.h"
#include "support/http_case.h"

static void throttling_is_known_in_every_form(void **state)
{
    (void)state;
    static const struct http_throttle throttles[] = {{409, "try again LATER"}};
    static const struct {
        const char *path;
        bool throttled;
        int64_t least_ms, most_ms;
    } cases[] = {
        {"/throttled", true, 900, 1000}, {"/bucket", true, 900, 1000},
        {"/busy", true, 900, 1000},      {"/stopped", false, 3599000, 3600000},
        {"/spent", false, 89000, 90000}, {"/forbidden", false, 0, 100},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_origin_settings s = settings();
        s.throttles = throttles;
        s.throttle_count = 1;
        struct http_origin *origin = origin_of(&s);
        struct answer a = ask(origin, cases[i].path);
        assert_int_equal(a.throttled, cases[i].throttled);
        if (a.throttled)
            expect(&a, ERROR_UNREACHABLE, true, "too often");
        struct http_usage usage;
        http_origin_usage(origin, &usage);
        assert_in_range(usage.hold_ms, cases[i].least_ms, cases[i].most_ms);
        assert_int_equal(usage.requests, 1);
        assert_int_equal(usage.refused, cases[i].throttled || a.status == 503);
        http_origin_free(origin);
    }
}

static void what_one_platform_says_stops_only_its_own_source(void **state)
{
    (void)state;
    struct http_origin *stopped = new_origin(), *free_to_go = new_origin();
    struct answer a = ask(stopped, "/stopped"), waits = {.calls = 0};
    assert_int_equal(a.retry_after_ms, 3600000);
    struct error err;
    assert_true(http_submit(stopped, "/good", NULL, NULL, on_answer, &waits, &err));
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(free_to_go, "/good").status, 200);
    assert_int_equal(waits.calls, 0);
    struct http_usage usage;
    http_origin_usage(stopped, &usage);
    assert_int_equal(usage.hold, HTTP_RETRY_AFTER);
    assert_int_equal(usage.waiting, 1);
    assert_true(usage.rate == 0.5);
    http_origin_usage(free_to_go, &usage);
    assert_int_equal(usage.hold, HTTP_FREE);
    assert_int_equal(usage.requests, 3);
    http_origin_free(stopped);
    http_origin_free(free_to_go);
    assert_int_equal(waits.calls, 0);
}

static void a_days_bound_holds_everything(void **state)
{
    (void)state;
    struct http_origin_settings s = settings();
    s.requests_per_day = 12;
    struct http_origin *origin = origin_of(&s);
    http_origin_used(origin, clock_day(clock_now_us()), 10);
    struct http_usage usage;
    struct answer waits = {.calls = 0};
    struct error err;
    ask(origin, "/good");
    http_origin_usage(origin, &usage);
    assert_int_equal(usage.left_today, 1);
    assert_int_equal(usage.today, 11);
    assert_int_equal(usage.today_since_us, 0); /* all of the day */
    assert_int_equal(usage.this_hour, 1);
    http_origin_used(origin, clock_day(clock_now_us()), 9); /* ours are among them */
    ask(origin, "/good");
    assert_true(http_submit(origin, "/good", NULL, NULL, on_answer, &waits, &err));
    http_poll(hostile.http, 0);
    http_origin_usage(origin, &usage);
    assert_int_equal(usage.hold, HTTP_DAY_SPENT);
    assert_int_equal(usage.left_today, 0);
    assert_int_equal(waits.calls, 0);
    http_origin_free(origin);
    assert_int_equal(waits.calls, 0);
}

/* Nothing carries it over a restart: so it is told since when it counts. */
static void without_a_bound_the_day_counts_from_the_start(void **state)
{
    (void)state;
    struct http_origin_settings s = settings();
    int64_t before = clock_now_us();
    struct http_origin *origin = origin_of(&s);
    struct http_usage usage;
    http_origin_usage(origin, &usage);
    assert_int_equal(usage.left_today, -1);
    if (clock_day(before) == clock_day(clock_now_us())) {
        assert_true(usage.today_since_us >= before);
        assert_true(usage.today_since_us <= clock_now_us());
    }
    http_origin_free(origin);
}

static void quiet_hours_hold_everything(void **state)
{
    (void)state;
    struct http_origin_settings s = settings();
    int minute = (int)((clock_now_us() / 60000000 + 7 * 60) % 1440);
    s.quiet = (struct quiet_hours){minute, (minute + 120) % 1440};
    struct http_origin *origin = origin_of(&s);
    struct answer waits = {.calls = 0};
    struct http_usage usage;
    struct error err;
    assert_true(http_submit(origin, "/good", NULL, NULL, on_answer, &waits, &err));
    http_poll(hostile.http, 0);
    http_origin_usage(origin, &usage);
    assert_int_equal(usage.hold, HTTP_QUIET);
    assert_in_range(usage.hold_ms, 110 * 60000, 120 * 60000);
    assert_int_equal(usage.left_today, -1);
    assert_int_equal(waits.calls, 0);
    http_origin_free(origin);
}

static void connections_are_kept_and_concurrency_grows_with_demand(void **state)
{
    (void)state;
    struct http_origin *origin = new_origin();
    struct answer answers[12];
    struct http_usage usage;
    struct error err;
    memset(answers, 0, sizeof answers);
    for (size_t i = 0; i < ARRAY_LEN(answers); i++)
        assert_true(http_submit(origin, "/good", NULL, NULL, on_answer, &answers[i], &err));
    size_t most = 0;
    for (int64_t end = clock_monotonic_ms() + 10000;
         pending(origin) > 0 && clock_monotonic_ms() < end;) {
        http_poll(hostile.http, 50);
        http_origin_usage(origin, &usage);
        most = (size_t)usage.concurrent_now > most ? (size_t)usage.concurrent_now : most;
        assert_in_range(usage.concurrent_now, 0, 4);
    }
    assert_int_equal(usage.requests, 12);
    assert_int_equal(usage.concurrent, 4);
    assert_in_range(most, 2, 4);
    http_origin_free(origin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(throttling_is_known_in_every_form),
        cmocka_unit_test(what_one_platform_says_stops_only_its_own_source),
        cmocka_unit_test(a_days_bound_holds_everything),
        cmocka_unit_test(without_a_bound_the_day_counts_from_the_start),
        cmocka_unit_test(quiet_hours_hold_everything),
        cmocka_unit_test(connections_are_kept_and_concurrency_grows_with_demand),
    };
    return cmocka_run_group_tests(tests, hostile_start, hostile_stop);
}
