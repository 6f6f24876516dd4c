/* How many requests of a day the state is to say. */
#include "cmocka_all.h"

#include "../../ingest/connector/day_count.h"

/* Sends all that the bound allows, killed after each so many; whoever goes on starts with what the state said. */
static uint64_t sent_with_kills(uint64_t bound, uint64_t each, uint64_t *writes)
{
    uint64_t kept = 0, used = 0, sent = 0;
    *writes = 0;
    while (used < bound) {
        for (uint64_t i = 0; i < each && used < bound; i++) {
            sent++;
            uint64_t ahead = day_count_ahead(kept, ++used, bound);
            assert_true(ahead >= used);
            *writes += ahead != kept;
            kept = ahead;
        }
        used = kept;
    }
    return sent;
}

static void it_is_ahead_of_what_was_sent_and_seldom_written(void **state)
{
    (void)state;
    static const uint64_t bounds[] = {1, 2, 9, 60, 1000, 10000, 123456, 1000000000};
    for (size_t i = 0; i < ARRAY_LEN(bounds); i++) {
        uint64_t bound = bounds[i], kept = 0, writes = 0;
        uint64_t step = bound / 100000 + 1;
        for (uint64_t used = step; used <= bound; used += step) {
            uint64_t ahead = day_count_ahead(kept, used, bound);
            assert_in_range(ahead, used, used + bound / 10 + 1);
            assert_true(ahead >= kept);
            writes += ahead != kept;
            kept = ahead;
        }
        assert_in_range(writes, bound > 0, bound < 2500 ? bound : 2500);
    }
}

static void kills_make_it_less_never_more(void **state)
{
    (void)state;
    uint64_t writes;
    assert_int_equal(sent_with_kills(10000, 1000000, &writes), 10000); /* without any */
    assert_in_range(sent_with_kills(10000, 1000, &writes), 9900, 10000);
    assert_in_range(sent_with_kills(10000, 100, &writes), 9000, 10000);
    assert_in_range(sent_with_kills(60, 30, &writes), 54, 60);
}

static void nothing_is_written_again_for_nothing(void **state)
{
    (void)state;
    uint64_t kept = day_count_ahead(0, 500, 10000);
    assert_in_range(kept, 505, 510); /* half of what was written ahead is left, at least */
    assert_int_equal(day_count_ahead(kept, 500, 10000), kept);
    assert_int_equal(day_count_ahead(kept, kept - 5, 10000), kept);
    assert_true(day_count_ahead(kept, kept - 4, 10000) > kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_ahead_of_what_was_sent_and_seldom_written),
        cmocka_unit_test(kills_make_it_less_never_more),
        cmocka_unit_test(nothing_is_written_again_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
