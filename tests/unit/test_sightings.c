#include "cmocka_all.h"

#include "../../common/siphash.h"
#include "../../ingest/connector/sightings.h"

static uint64_t digest_of(uint64_t number)
{
    return siphash((struct siphash_key){{3, 4}}, &number, sizeof number);
}

static size_t still_held(const struct sightings *s, uint64_t from, uint64_t to)
{
    size_t held = 0;
    for (uint64_t i = from; i < to; i++) {
        unsigned bits;
        uint64_t value;
        if (!sightings_find(s, digest_of(i), &bits, &value))
            continue;
        assert_true(value == i * i);
        assert_int_equal(bits, i % 16);
        held++;
    }
    return held;
}

static void put(struct sightings *s, uint64_t from, uint64_t to)
{
    for (uint64_t i = from; i < to; i++)
        sightings_put(s, digest_of(i), (unsigned)(i % 16), i * i);
}

static void gives_back_what_was_put(void **state)
{
    (void)state;
    struct sightings *s = sightings_new((size_t)4 << 20);
    unsigned bits;
    uint64_t value;
    assert_false(sightings_find(s, digest_of(1), &bits, &value));
    put(s, 0, 100000);
    assert_in_range(still_held(s, 0, 100000), 98000, 100000);
    assert_int_equal(still_held(s, 100000, 200000), 0);
    sightings_put(s, digest_of(7), 3, 49);
    assert_true(sightings_find(s, digest_of(7), &bits, &value));
    assert_int_equal(bits, 3);
    sightings_free(s);
}

static void stays_within_its_bytes(void **state)
{
    (void)state;
    struct sightings *s = sightings_new(1 << 16); /* 4096 notes */
    put(s, 0, 50000);
    assert_in_range(still_held(s, 0, 50000), 3000, 4096);
    assert_true(still_held(s, 49000, 50000) > 700); /* what came last pushed older ones out */
    sightings_free(s);
}

static void odd_digests_are_as_good(void **state)
{
    (void)state;
    struct sightings *s = sightings_new(1 << 12);
    unsigned bits;
    uint64_t value;
    assert_false(sightings_find(s, 0, &bits, &value));
    sightings_put(s, 0, 0, 5);
    assert_true(sightings_find(s, 0, &bits, &value));
    assert_int_equal(value, 5);
    sightings_put(s, UINT64_MAX, 15, 6);
    assert_true(sightings_find(s, UINT64_MAX, &bits, &value));
    assert_int_equal(bits, 15);
    assert_true(sightings_further(9, 1) != sightings_further(9, 2));
    sightings_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_was_put),
        cmocka_unit_test(stays_within_its_bytes),
        cmocka_unit_test(odd_digests_are_as_good),
    };
    return cmocka_run_group_tests_name("sightings", tests, NULL, NULL);
}
