#include "cmocka_all.h"

#include "../../ingest/http/concurrency.h"

static struct concurrency fresh(size_t max)
{
    struct concurrency c;
    concurrency_init(&c, max, 0);
    return c;
}

static void answers(struct concurrency *c, int count, int64_t now_ms, double latency_ms,
                    bool more_wait)
{
    for (int i = 0; i < count; i++)
        concurrency_answered(c, now_ms, latency_ms, more_wait);
}

static void it_starts_with_one_and_never_passes_what_is_declared(void **state)
{
    (void)state;
    struct concurrency c = fresh(4);
    assert_int_equal(concurrency_bound(&c), 1);
    answers(&c, 1, 10, 20, true);
    assert_int_equal(concurrency_bound(&c), 2);
    answers(&c, 50, 20, 20, true);
    assert_int_equal(concurrency_bound(&c), 4);
    struct concurrency none = fresh(0);
    answers(&none, 9, 10, 20, true);
    assert_int_equal(concurrency_bound(&none), 1);
}

static void more_is_no_use_where_nothing_waits(void **state)
{
    (void)state;
    struct concurrency c = fresh(8);
    answers(&c, 50, 10, 20, false);
    assert_int_equal(concurrency_bound(&c), 1);
}

static void refusals_halve_once_a_second_and_growth_is_slow_then(void **state)
{
    (void)state;
    struct concurrency c = fresh(8);
    answers(&c, 7, 0, 20, true);
    assert_int_equal(concurrency_bound(&c), 8);
    for (int i = 0; i < 8; i++)
        concurrency_refused(&c, 100 + i);
    assert_int_equal(concurrency_bound(&c), 4);
    answers(&c, 4, 200, 20, true);
    assert_in_range(concurrency_bound(&c), 4, 5); /* one more a round, not one an answer */
    for (int i = 0; i < 10; i++)
        concurrency_refused(&c, 2000 + i * 1000);
    assert_int_equal(concurrency_bound(&c), 1);
}

static void slower_answers_lower_it_and_a_lasting_change_becomes_usual(void **state)
{
    (void)state;
    struct concurrency c = fresh(8);
    answers(&c, 20, 0, 40, true);
    answers(&c, 20, 100, 80, true); /* twice as long is nothing */
    assert_int_equal(concurrency_bound(&c), 8);
    for (int i = 0; i < 20; i++)
        concurrency_answered(&c, 1000 * (i + 1), 2000, true);
    assert_in_range(concurrency_bound(&c), 1, 3);
    for (int i = 0; i < 400; i++)
        concurrency_answered(&c, 30000 + 100 * i, 2000, true);
    assert_int_equal(concurrency_bound(&c), 8);
}

static void a_near_server_may_vary(void **state)
{
    (void)state;
    struct concurrency c = fresh(4);
    for (int i = 0; i < 200; i++)
        concurrency_answered(&c, i * 20, i % 2 ? 1 : 40, true);
    assert_int_equal(concurrency_bound(&c), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_with_one_and_never_passes_what_is_declared),
        cmocka_unit_test(more_is_no_use_where_nothing_waits),
        cmocka_unit_test(refusals_halve_once_a_second_and_growth_is_slow_then),
        cmocka_unit_test(slower_answers_lower_it_and_a_lasting_change_becomes_usual),
        cmocka_unit_test(a_near_server_may_vary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
