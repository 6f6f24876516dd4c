#include "cmocka_all.h"

#include "../../common/backoff.h"
#include "../../common/clock.h"
#include "../../common/stop.h"

static void stays_within_the_doubling_limit(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 500; seed++) {
        struct backoff b;
        backoff_init(&b, 100, 3000, seed);
        int64_t limit = 100;
        for (int attempt = 0; attempt < 20; attempt++) {
            int64_t delay = backoff_next_ms(&b);
            assert_in_range(delay, 100, limit);
            limit = limit * 2 > 3000 ? 3000 : limit * 2;
        }
    }
}

static void spreads_over_the_whole_range(void **state)
{
    (void)state;
    struct backoff b;
    backoff_init(&b, 10, 1000, 7);
    for (int i = 0; i < 10; i++)
        (void)backoff_next_ms(&b);
    int quarter[4] = {0};
    for (int i = 0; i < 4000; i++)
        quarter[backoff_next_ms(&b) * 4 / 1001]++;
    for (int i = 0; i < 4; i++)
        assert_in_range(quarter[i], 850, 1150);
}

static void same_seed_same_delays(void **state)
{
    (void)state;
    struct backoff a, b, c;
    backoff_init(&a, 50, 100000, 1);
    backoff_init(&b, 50, 100000, 1);
    backoff_init(&c, 50, 100000, 2);
    int differing = 0;
    for (int i = 0; i < 12; i++) {
        int64_t delay = backoff_next_ms(&a);
        assert_int_equal(delay, backoff_next_ms(&b));
        differing += delay != backoff_next_ms(&c);
    }
    assert_true(differing > 5);
}

static void reset_starts_over(void **state)
{
    (void)state;
    struct backoff b;
    backoff_init(&b, 10, 60000, 3);
    for (int i = 0; i < 15; i++)
        (void)backoff_next_ms(&b);
    backoff_reset(&b);
    assert_int_equal(backoff_next_ms(&b), 10);
    assert_in_range(backoff_next_ms(&b), 10, 20);
}

static void odd_settings_do_no_harm(void **state)
{
    (void)state;
    struct backoff b;
    backoff_init(&b, 0, -5, 3);
    for (int i = 0; i < 100; i++)
        assert_int_equal(backoff_next_ms(&b), 1);
    backoff_init(&b, 1, INT64_MAX, 3);
    for (int i = 0; i < 200; i++)
        assert_true(backoff_next_ms(&b) >= 1);
}

static void wait_sleeps_until_stopped(void **state)
{
    (void)state;
    struct backoff b;
    backoff_init(&b, 20, 20, 3);
    int64_t before = clock_monotonic_ms();
    assert_true(backoff_wait(&b));
    assert_true(clock_monotonic_ms() - before >= 20);
    backoff_init(&b, 60000, 60000, 3);
    stop_request();
    before = clock_monotonic_ms();
    assert_false(backoff_wait(&b));
    assert_true(clock_monotonic_ms() - before < 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stays_within_the_doubling_limit),
        cmocka_unit_test(spreads_over_the_whole_range),
        cmocka_unit_test(same_seed_same_delays),
        cmocka_unit_test(reset_starts_over),
        cmocka_unit_test(odd_settings_do_no_harm),
        cmocka_unit_test(wait_sleeps_until_stopped), /* last: it raises the flag */
    };
    return cmocka_run_group_tests_name("backoff", tests, NULL, NULL);
}
