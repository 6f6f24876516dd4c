#include "cmocka_all.h"

#include "../../ingest/http/rate_budget.h"

/* How many requests go out in [from, to) when asked every ms. */
static int grants(struct rate_budget *b, int64_t from, int64_t to)
{
    int count = 0;
    for (int64_t now = from; now < to; now++)
        count += rate_budget_take(b, now);
    return count;
}

static void a_minute_never_sees_more_than_the_budget(void **state)
{
    (void)state;
    static const double budgets[] = {1, 7, 40, 60, 120, 3000};
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        struct rate_budget b;
        rate_budget_init(&b, (struct rate_limits){.per_minute = budgets[i]}, 5000);
        int first = grants(&b, 5000, 65000), second = grants(&b, 65000, 125000);
        assert_in_range(first, 1, (unsigned)budgets[i]);
        assert_in_range(second, budgets[i] < 2 ? 0 : 1, (unsigned)budgets[i]);
        if (budgets[i] >= 40)
            assert_in_range(first, (unsigned)(budgets[i] * 0.95), (unsigned)budgets[i]);
    }
}

static void waiting_time_is_when_the_next_is_granted(void **state)
{
    (void)state;
    struct rate_budget b;
    rate_budget_init(&b, (struct rate_limits){.per_minute = 60}, 0);
    assert_true(rate_budget_take(&b, 0));
    assert_false(rate_budget_take(&b, 0));
    int64_t wait = rate_budget_wait_ms(&b, 0);
    assert_in_range(wait, 1000, 1100);
    assert_false(rate_budget_take(&b, wait - 2));
    assert_true(rate_budget_take(&b, wait));
}

static void retry_after_stops_everything(void **state)
{
    (void)state;
    struct rate_budget b;
    rate_budget_init(&b, (struct rate_limits){.per_minute = 6000}, 0);
    rate_budget_refused(&b, 0, 30000);
    assert_int_equal(grants(&b, 0, 30000), 0);
    assert_int_equal(rate_budget_wait_ms(&b, 29000), 1000);
    assert_true(rate_budget_take(&b, 30000));
    rate_budget_refused(&b, 30001, 0);
    assert_true(rate_budget_wait_ms(&b, 30001) < 1000);
}

static void refusals_halve_the_rate_once_a_second_and_it_recovers(void **state)
{
    (void)state;
    struct rate_budget b;
    rate_budget_init(&b, (struct rate_limits){.per_minute = 6000}, 0);
    rate_budget_refused(&b, 10, 0);
    rate_budget_refused(&b, 20, 0);
    rate_budget_refused(&b, 900, 0);
    assert_true(b.factor > 0.49 && b.factor < 0.51);
    rate_budget_refused(&b, 1500, 0);
    assert_true(b.factor > 0.24 && b.factor < 0.26);
    for (int i = 0; i < 100; i++)
        rate_budget_refused(&b, 3000 + i * 2000, 0);
    assert_true(b.factor >= 1.0 / 32.0);
    for (int i = 0; i < 30; i++)
        rate_budget_accepted(&b);
    assert_true(b.factor < 0.1);
    for (int i = 0; i < 200; i++)
        rate_budget_accepted(&b);
    assert_true(b.factor == 1.0);
}

static void a_clock_that_goes_back_grants_nothing_extra(void **state)
{
    (void)state;
    struct rate_budget b;
    rate_budget_init(&b, (struct rate_limits){.per_minute = 60}, 100000);
    assert_true(rate_budget_take(&b, 100000));
    assert_false(rate_budget_take(&b, 50000));
    assert_false(rate_budget_take(&b, 100000));
}

static void a_second_sees_no_more_than_declared_whatever_the_minute_allows(void **state)
{
    (void)state;
    struct rate_budget b;
    rate_budget_init(&b, (struct rate_limits){.per_minute = 6000, .per_second = 5}, 0);
    for (int64_t from = 0; from < 10000; from += 1000)
        assert_in_range(grants(&b, from, from + 1000), 4, 5);
    rate_budget_init(&b, (struct rate_limits){.per_second = 0.5}, 0);
    assert_int_equal(grants(&b, 0, 10000), 5);
    rate_budget_init(&b, (struct rate_limits){.per_minute = 30, .per_second = 50}, 0);
    assert_in_range(grants(&b, 0, 60000), 28, 30);
    rate_budget_init(&b, (struct rate_limits){.per_minute = 0}, 0); /* nothing declared */
    assert_in_range(grants(&b, 0, 60000), 50, 60);
}

static void a_refusal_holds_and_halves_both_limits(void **state)
{
    (void)state;
    struct rate_budget b;
    rate_budget_init(&b, (struct rate_limits){.per_minute = 3000, .per_second = 10}, 0);
    assert_true(rate_budget_take(&b, 0));
    rate_budget_refused(&b, 0, 2000);
    assert_int_equal(grants(&b, 0, 2000), 0);
    assert_int_equal(rate_budget_blocked_ms(&b, 500), 1500);
    assert_int_equal(rate_budget_blocked_ms(&b, 5000), 0);
    assert_in_range(grants(&b, 2000, 3000), 4, 6); /* still at half the rate */
}

static void what_is_left_of_a_window_is_spread_over_it(void **state)
{
    (void)state;
    struct rate_budget b;
    rate_budget_init(&b, (struct rate_limits){.per_minute = 6000}, 0);
    struct throttle_hint plenty = {true, 60, 100, 60000}, little = {true, 4, 100, 50000},
                         none = {true, 0, 0, 30000}, news = {.has_remaining = false};
    assert_false(rate_budget_hint(&b, 0, &plenty));
    assert_false(rate_budget_hint(&b, 0, &news));
    assert_int_equal(rate_budget_wait_ms(&b, 0), 0);
    assert_true(rate_budget_hint(&b, 0, &little));
    assert_int_equal(rate_budget_wait_ms(&b, 0), 10000);
    assert_int_equal(rate_budget_blocked_ms(&b, 0), 0); /* our own idea, not the platform's word */
    assert_true(rate_budget_hint(&b, 10000, &none));
    assert_int_equal(rate_budget_wait_ms(&b, 10000), 30000);
    assert_false(rate_budget_hint(&b, 40000, &plenty));
    assert_true(rate_budget_take(&b, 40000));
}

/* As Canvas tells it: a bucket that refills as time goes, of which only the rest is known. */
static void a_bucket_that_runs_low_halves_the_rate(void **state)
{
    (void)state;
    struct rate_budget b;
    rate_budget_init(&b, (struct rate_limits){.per_minute = 6000}, 0);
    struct throttle_hint hint = {.has_remaining = true, .remaining = 700};
    for (; hint.remaining >= 175; hint.remaining -= 25)
        assert_false(rate_budget_hint(&b, 1000, &hint));
    assert_true(b.factor == 1.0);
    assert_true(rate_budget_hint(&b, 2000, &hint));
    assert_true(rate_budget_hint(&b, 2100, &hint));
    assert_true(b.factor == 0.5);
    assert_true(rate_budget_hint(&b, 3100, &hint));
    assert_true(b.factor == 0.25);
    hint.remaining = 690;
    for (int i = 0; i < 80; i++)
        assert_false(rate_budget_hint(&b, 4000, &hint));
    assert_true(b.factor == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_minute_never_sees_more_than_the_budget),
        cmocka_unit_test(waiting_time_is_when_the_next_is_granted),
        cmocka_unit_test(retry_after_stops_everything),
        cmocka_unit_test(refusals_halve_the_rate_once_a_second_and_it_recovers),
        cmocka_unit_test(a_clock_that_goes_back_grants_nothing_extra),
        cmocka_unit_test(a_second_sees_no_more_than_declared_whatever_the_minute_allows),
        cmocka_unit_test(a_refusal_holds_and_halves_both_limits),
        cmocka_unit_test(what_is_left_of_a_window_is_spread_over_it),
        cmocka_unit_test(a_bucket_that_runs_low_halves_the_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
