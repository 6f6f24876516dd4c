/* The ledger: finds what was put in, keeps chains of revisions unbroken, and stays within its memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs the four above */
#include <cmocka.h>
#include <stdlib.h>

#include "../../ingest/state/ledger.h"

static struct key128 key(uint64_t n)
{
    uint64_t mixed = (n + 1) * UINT64_C(0x9E3779B97F4A7C15);
    return (struct key128){mixed, mixed ^ (mixed >> 29)};
}

static void finds_what_was_inserted(void **state)
{
    (void)state;
    struct ledger *ledger = ledger_new();
    for (uint32_t i = 0; i < 200000; i++) {
        assert_int_equal(ledger_find(ledger, key(i)), LEDGER_NONE);
        assert_int_equal(ledger_insert(ledger, key(i)), i);
        ledger_at(ledger, i)->revision = i;
    }
    assert_int_equal(ledger_count(ledger), 200000);
    for (uint32_t i = 0; i < 200000; i++) {
        uint32_t at = ledger_find(ledger, key(i));
        assert_int_equal(at, i);
        assert_int_equal(ledger_at(ledger, at)->revision, i);
    }
    assert_int_equal(ledger_find(ledger, key(200000)), LEDGER_NONE);
    ledger_free(ledger);
}

static void keys_with_equal_low_halves_are_told_apart(void **state)
{
    (void)state;
    struct ledger *ledger = ledger_new();
    for (uint32_t i = 0; i < 500; i++)
        ledger_insert(ledger, (struct key128){i, 7});
    for (uint32_t i = 0; i < 500; i++)
        assert_int_equal(ledger_find(ledger, (struct key128){i, 7}), i);
    assert_int_equal(ledger_find(ledger, (struct key128){500, 7}), LEDGER_NONE);
    ledger_free(ledger);
}

static void takes_at_most_64_bytes_an_entity(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct ledger_entry), 52);
    struct ledger *ledger = ledger_new();
    for (uint32_t i = 0; i < 1000000; i++) {
        ledger_insert(ledger, key(i));
        if (i > 400000 && i % 1000 == 0) /* the last chunk's rest counts less from there on */
            assert_true(ledger_bytes(ledger) <= (size_t)i * 64 + 900000);
    }
    ledger_free(ledger);
}

static void holds_offsets_of_forty_bits(void **state)
{
    (void)state;
    struct ledger_entry e = {0};
    const int64_t samples[] = {0, 1, 4294967295, 4294967296, LEDGER_NO_OFFSET - 1};
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        ledger_set_offset(&e, samples[i]);
        assert_int_equal(ledger_offset(&e), samples[i]);
    }
    ledger_set_offset(&e, -1001);
    assert_int_equal(ledger_offset(&e), LEDGER_NO_OFFSET);
    ledger_set_offset(&e, INT64_MAX);
    assert_int_equal(ledger_offset(&e), LEDGER_NO_OFFSET);
}

static void flags_and_misses_do_not_disturb_each_other(void **state)
{
    (void)state;
    struct ledger_entry e = {0};
    ledger_set(&e, LEDGER_GONE, true);
    ledger_set(&e, LEDGER_DIRTY, true);
    ledger_set_misses(&e, 3);
    assert_int_equal(ledger_misses(&e), 3);
    assert_true(ledger_is(&e, LEDGER_GONE) && ledger_is(&e, LEDGER_DIRTY));
    ledger_set(&e, LEDGER_GONE, false);
    assert_int_equal(ledger_misses(&e), 3);
    assert_false(ledger_is(&e, LEDGER_GONE));
    for (int i = 0; i < 20; i++) /* never so many that it means more than sweeps */
        ledger_miss(&e);
    assert_int_equal(ledger_misses(&e), LEDGER_MOST_SWEEPS);
    ledger_set_misses(&e, LEDGER_LOOKED_UP);
    assert_int_equal(ledger_miss(&e), LEDGER_LOOKED_UP);
    ledger_set_misses(&e, LEDGER_KEPT);
    assert_int_equal(ledger_miss(&e), LEDGER_KEPT);
    assert_true(ledger_is(&e, LEDGER_DIRTY));
    assert_true(ledger_is(&e, LEDGER_DIRTY));
}

#define NOW INT64_C(1695200000000000)

static struct ledger_entry entry_after(struct ledger_verdict v, uint64_t fingerprint, uint8_t status)
{
    return (struct ledger_entry){
        .fingerprint = fingerprint, .revision = v.revision, .since = v.since, .status = status};
}

static void chain_of_an_entity_is_unbroken(void **state)
{
    (void)state;
    struct ledger_sight sight = {.fingerprint = 11, .now_us = NOW, .seen_us = NOW, .status = 1};
    struct ledger_verdict v = ledger_compare(NULL, &sight);
    assert_int_equal(v.change, LEDGER_NEW);
    assert_int_equal(v.previous, 0);
    assert_int_equal(v.revision, NOW);

    struct ledger_entry e = entry_after(v, 11, 1);
    sight.now_us = NOW + 5;
    assert_int_equal(ledger_compare(&e, &sight).change, LEDGER_UNCHANGED);

    sight.fingerprint = 12;
    v = ledger_compare(&e, &sight);
    assert_int_equal(v.change, LEDGER_CHANGED);
    assert_int_equal(v.previous, NOW);
    assert_int_equal(v.revision, NOW + 5);

    e = entry_after(v, 12, 1);
    sight.fingerprint = 13;
    sight.now_us = NOW - 1000000; /* the clock went back */
    v = ledger_compare(&e, &sight);
    assert_int_equal(v.previous, NOW + 5);
    assert_int_equal(v.revision, NOW + 6);

    e = entry_after(v, 13, 1);
    v = ledger_remove(&e, NOW);
    assert_int_equal(v.previous, NOW + 6);
    assert_int_equal(v.revision, NOW + 7);

    e = entry_after(v, 0, 1);
    ledger_set(&e, LEDGER_GONE, true);
    v = ledger_compare(&e, &sight);
    assert_int_equal(v.change, LEDGER_NEW); /* it came back */
    assert_int_equal(v.previous, NOW + 7);
    assert_int_equal(v.revision, NOW + 8);
}

static void since_moves_with_the_status_only(void **state)
{
    (void)state;
    uint32_t first = (uint32_t)(NOW / 1000000);
    struct ledger_entry e = {.fingerprint = 1, .revision = NOW, .since = first, .status = 2};
    struct ledger_sight sight = {
        .fingerprint = 2, .now_us = NOW, .seen_us = NOW + 60000000, .status = 2};
    assert_int_equal(ledger_compare(&e, &sight).since, first);
    sight.status = 3;
    assert_int_equal(ledger_compare(&e, &sight).since, first + 60);
}

/* A correction counts from the day that it is given, or from before, never from what was known. */
static void what_is_dated_counts_from_its_day(void **state)
{
    (void)state;
    uint32_t first = (uint32_t)(NOW / 1000000);
    struct ledger_entry e = {.fingerprint = 1, .revision = NOW, .since = first, .status = 2};
    struct ledger_sight sight = {
        .fingerprint = 2, .now_us = NOW + 5, .seen_us = NOW + 60000000, .status = 2, .dated = true};
    struct ledger_verdict v = ledger_compare(&e, &sight);
    assert_int_equal(v.change, LEDGER_CHANGED);
    assert_int_equal(v.since, first + 60);
    sight.fingerprint = 1;
    assert_int_equal(ledger_compare(&e, &sight).change, LEDGER_UNCHANGED);
    sight.seen_us = NOW - 60000000;
    v = ledger_compare(&e, &sight);
    assert_int_equal(v.change, LEDGER_CHANGED);
    assert_int_equal(v.since, first - 60);
    assert_int_equal(v.previous, NOW);
    assert_int_equal(v.revision, NOW + 5);
    sight.dated = false;
    assert_int_equal(ledger_compare(&e, &sight).change, LEDGER_UNCHANGED);
}

/* `since` goes by the clock of whoever tells it, the chain by ours. */
static void since_is_the_platforms_time(void **state)
{
    (void)state;
    struct ledger_sight sight = {
        .fingerprint = 1, .now_us = NOW, .seen_us = NOW - 86400000000, .status = 1};
    struct ledger_verdict v = ledger_compare(NULL, &sight);
    assert_int_equal(v.since, (uint32_t)(NOW / 1000000 - 86400));
    assert_int_equal(v.revision, NOW);
}

static void running_total_has_a_chain_per_day(void **state)
{
    (void)state;
    struct ledger_sight sight = {.fingerprint = 1, .now_us = NOW, .total = true, .day = 19620};
    struct ledger_verdict v = ledger_compare(NULL, &sight);
    assert_int_equal(v.previous, 0);
    assert_int_equal(v.since, 19620);

    struct ledger_entry e = entry_after(v, 1, 0);
    ledger_set(&e, LEDGER_TOTAL, true);
    sight.day = 19621;
    sight.now_us = NOW + 10;
    assert_int_equal(ledger_compare(&e, &sight).change, LEDGER_UNCHANGED); /* no event for a quiet day */

    sight.fingerprint = 2;
    sight.day = 19620;
    v = ledger_compare(&e, &sight);
    assert_int_equal(v.change, LEDGER_CHANGED);
    assert_int_equal(v.previous, NOW);

    e = entry_after(v, 2, 0);
    sight.fingerprint = 3;
    sight.day = 19621;
    v = ledger_compare(&e, &sight);
    assert_int_equal(v.previous, 0); /* another day's entity */
    assert_int_equal(v.since, 19621);
    assert_true(v.revision > e.revision);

    e = entry_after(v, 3, 0);
    sight.fingerprint = 4;
    sight.day = 19620; /* the clock went back over midnight: that day's chain is no longer known */
    assert_int_equal(ledger_compare(&e, &sight).change, LEDGER_UNCHANGED);

    ledger_set(&e, LEDGER_GONE, true);
    sight.day = 19621;
    v = ledger_compare(&e, &sight);
    assert_int_equal(v.change, LEDGER_NEW);
    assert_int_equal(v.previous, e.revision);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_inserted),
        cmocka_unit_test(keys_with_equal_low_halves_are_told_apart),
        cmocka_unit_test(takes_at_most_64_bytes_an_entity),
        cmocka_unit_test(holds_offsets_of_forty_bits),
        cmocka_unit_test(flags_and_misses_do_not_disturb_each_other),
        cmocka_unit_test(chain_of_an_entity_is_unbroken),
        cmocka_unit_test(since_moves_with_the_status_only),
        cmocka_unit_test(what_is_dated_counts_from_its_day),
        cmocka_unit_test(since_is_the_platforms_time),
        cmocka_unit_test(running_total_has_a_chain_per_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
