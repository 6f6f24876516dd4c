/* What a shard remembers: sub-streams, counts, sweeps' marks, cursors, removals by the hour. */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "../../ingest/state/memory.h"

static struct state_record entity(const char *name, const char *substream, int64_t revision)
{
    struct state_record record = {.kind = STATE_ENTITY};
    record.entity = (struct state_entity){
        .event = {.type = EVENT_EXAM_GRADED, .source = "s", .entity = name, .revision = revision},
        .stream = "grades",
        .substream = substream,
        .fingerprint = 7,
        .status = 2};
    return record;
}

static struct ledger_entry *find(const struct memory *memory, const char *name)
{
    uint32_t index = ledger_find(memory->ledger, key128_of(name, strlen(name)));
    assert_int_not_equal(index, LEDGER_NONE);
    return ledger_at(memory->ledger, index);
}

static void the_last_record_of_a_key_counts(void **state)
{
    (void)state;
    struct memory *memory = memory_new();
    struct state_record record = entity("a", "c1", 5);
    memory_apply(memory, &record, 100);
    record.entity.event.revision = 6;
    memory_apply(memory, &record, 200);
    struct ledger_entry *a = find(memory, "a");
    assert_int_equal(ledger_count(memory->ledger), 1);
    assert_int_equal(a->revision, 6);
    assert_int_equal(ledger_offset(a), 200);
    assert_true(a->fingerprint == 7 && a->status == 2);
    assert_int_equal(memory_find_substream(memory, "s", "grades", "c1")->in_force, 1);
    record.entity.gone = true;
    memory_apply(memory, &record, 300);
    assert_true(ledger_is(a, LEDGER_GONE));
    assert_int_equal(memory_find_substream(memory, "s", "grades", "c1")->in_force, 0);
    memory_free(memory);
}

/* A rebuild takes it away first and writes it last: what was broken off in between is not whole. */
static void whose_state_it_is_can_be_taken_back(void **state)
{
    (void)state;
    struct memory *memory = memory_new();
    struct state_record meta = {.kind = STATE_META, .meta = {"abcd", 1, "files=1"}},
                        gone = {.kind = STATE_FORGOTTEN_META};
    memory_apply(memory, &gone, 0);
    assert_false(memory->has_meta);
    memory_apply(memory, &meta, 1);
    assert_true(memory->has_meta);
    memory_apply(memory, &gone, 2);
    assert_false(memory->has_meta);
    memory_apply(memory, &meta, 3);
    assert_true(memory->has_meta);
    assert_string_equal(memory->meta.hmac, "abcd");
    memory_free(memory);
}

static void an_entity_stands_in_one_substream(void **state)
{
    (void)state;
    struct memory *memory = memory_new();
    static const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++) {
        struct state_record record = entity(names[i], "c1", 5);
        memory_apply(memory, &record, (int64_t)i);
    }
    struct state_record moved = entity("b", "c2", 6);
    memory_apply(memory, &moved, 9);
    struct substream *c1 = memory_find_substream(memory, "s", "grades", "c1"),
                     *c2 = memory_find_substream(memory, "s", "grades", "c2");
    assert_int_equal(c1->in_force, 2);
    assert_int_equal(c2->in_force, 1);
    size_t listed = 0;
    for (uint32_t i = c1->first; i != LEDGER_NONE; i = ledger_at(memory->ledger, i)->next, listed++)
        assert_int_equal(ledger_at(memory->ledger, i)->substream, c1->index);
    assert_int_equal(listed, 2);
    assert_ptr_equal(ledger_at(memory->ledger, c2->first), find(memory, "b"));
    assert_null(memory_find_substream(memory, "s", "grades", "c3"));
    memory_free(memory);
}

static void rejected_records_are_counted_apart(void **state)
{
    (void)state;
    struct memory *memory = memory_new();
    struct state_record record = entity("dead:a", "c1", 5);
    record.entity.event.type = EVENT_RECORD_REJECTED;
    memory_apply(memory, &record, 1);
    struct substream *c1 = memory_find_substream(memory, "s", "grades", "c1");
    assert_int_equal(c1->in_force, 0);
    assert_int_equal(c1->dead, 1);
    memory_set_force(memory, find(memory, "dead:a"), false, true);
    assert_int_equal(c1->dead, 0);
    memory_free(memory);
}

static void a_sweep_counts_each_entity_once(void **state)
{
    (void)state;
    struct memory *memory = memory_new();
    struct state_record a = entity("a", "c1", 5), b = entity("b", "c1", 5);
    memory_apply(memory, &a, 1);
    memory_apply(memory, &b, 2);
    struct substream *c1 = memory_find_substream(memory, "s", "grades", "c1");
    ledger_set_misses(find(memory, "a"), 2);
    memory_see(memory, find(memory, "a")); /* no sweep: it exists, that is all */
    assert_int_equal(ledger_misses(find(memory, "a")), 0);
    assert_int_equal(c1->seen, 0);
    for (int sweep = 0; sweep < 600; sweep++) { /* marks wrap around */
        memory_begin_sweep(memory, c1);
        assert_int_not_equal(find(memory, "a")->mark, c1->mark);
        if (sweep % 300 == 0)
            memory_see(memory, find(memory, "b"));
        memory_see(memory, find(memory, "a"));
        memory_see(memory, find(memory, "a"));
        assert_int_equal(c1->seen, sweep % 300 == 0 ? 2 : 1);
        assert_true((find(memory, "b")->mark == c1->mark) == (sweep % 300 == 0));
        c1->sweeping = false;
    }
    memory_free(memory);
}

/* Two equal numbers mean that nothing became of any entity in between. */
static void whatever_becomes_of_an_entity_is_a_change(void **state)
{
    (void)state;
    struct memory *memory = memory_new();
    struct state_record record = entity("a", "c1", 5);
    memory_apply(memory, &record, 1);
    struct substream *c1 = memory_find_substream(memory, "s", "grades", "c1"),
                     *c2 = memory_substream(memory, "s", "grades", "c2");
    struct ledger_entry *a = find(memory, "a");
    uint64_t before = c1->changes;
    memory_begin_sweep(memory, c1);
    memory_see(memory, a); /* is none */
    memory_move(memory, c1->first, c1);
    assert_int_equal(c1->changes, before);
    memory_set_force(memory, a, true, false); /* published anew */
    assert_int_equal(c1->changes, before + 1);
    memory_set_force(memory, a, false, false);
    assert_int_equal(c1->changes, before + 2);
    assert_int_equal(c2->changes, 0);
    memory_move(memory, c1->first, c2);
    assert_int_equal(c1->changes, before + 3);
    assert_int_equal(c2->changes, 1);
    memory_free(memory);
}

static void what_was_told_in_a_sweep_was_seen(void **state)
{
    (void)state;
    struct memory *memory = memory_new();
    struct state_record a = entity("a", "c1", 5), b = entity("b", "c1", 5);
    memory_apply(memory, &a, 1);
    memory_apply(memory, &b, 2);
    struct substream *c1 = memory_find_substream(memory, "s", "grades", "c1");
    for (int sweep = 0; sweep < 600; sweep++) {
        memory_begin_sweep(memory, c1);
        assert_false(memory_was_seen(c1, find(memory, "a")));
        assert_false(memory_was_told(c1, find(memory, "a")));
        memory_see(memory, find(memory, "a"));
        assert_true(memory_was_seen(c1, find(memory, "a")));
        assert_false(memory_was_told(c1, find(memory, "a")));
        memory_tell(c1, find(memory, "a"));
        memory_see(memory, find(memory, "a")); /* takes nothing back */
        assert_true(memory_was_told(c1, find(memory, "a")));
        assert_false(memory_was_seen(c1, find(memory, "b")));
        assert_int_equal(c1->seen, 1);
        c1->sweeping = false;
        assert_false(memory_was_told(c1, find(memory, "a")));
    }
    memory_free(memory);
}

static void cursors_are_found_set_and_taken_back(void **state)
{
    (void)state;
    struct memory *memory = memory_new();
    char name[24], value[24];
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof(name), "n%d", i);
        memory_cursor_set(memory, "s", name, name);
    }
    memory_cursor_set(memory, "t", "n5", "other");
    memory_cursor_set(memory, "s", "n7", NULL);
    memory_cursor_set(memory, "s", "n8", memory_cursor_get(memory, "s", "n8"));
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof(name), "n%d", i);
        snprintf(value, sizeof(value), "n%d", i);
        if (i == 7)
            assert_null(memory_cursor_get(memory, "s", name));
        else
            assert_string_equal(memory_cursor_get(memory, "s", name), value);
    }
    assert_string_equal(memory_cursor_get(memory, "t", "n5"), "other");
    assert_null(memory_cursor_get(memory, "t", "n6"));
    memory_free(memory);
}

#define HOUR INT64_C(3600000000)

static void removals_are_forgotten_after_a_day(void **state)
{
    (void)state;
    struct substream s = {0};
    int64_t start = INT64_C(470888) * HOUR;
    substream_count_removed(&s, 4, start);
    substream_count_removed(&s, 1, start + HOUR / 2);
    assert_int_equal(substream_removed_lately(&s, start), 5);
    substream_count_removed(&s, 2, start + 3 * HOUR);
    assert_int_equal(substream_removed_lately(&s, start + 3 * HOUR), 7);
    assert_int_equal(substream_removed_lately(&s, start + 23 * HOUR), 7);
    assert_int_equal(substream_removed_lately(&s, start + 24 * HOUR), 2);
    assert_int_equal(substream_removed_lately(&s, start + 27 * HOUR), 0);
    substream_count_removed(&s, 3, start - 5 * HOUR); /* the clock went back: still counted */
    assert_int_equal(substream_removed_lately(&s, start + 3 * HOUR), 10);
    substream_count_removed(&s, 1, start + 500 * HOUR);
    assert_int_equal(substream_removed_lately(&s, start + 500 * HOUR), 1);
}

/* Whatever the order: told of beats withdrawn beats merely seen; each entity is counted once. */
static void what_was_withdrawn_in_a_sweep_is_not_seen(void **state)
{
    (void)state;
    struct memory *memory = memory_new();
    struct state_record a = entity("a", "c1", 5), b = entity("b", "c1", 5);
    memory_apply(memory, &a, 1);
    memory_apply(memory, &b, 2);
    struct substream *c1 = memory_find_substream(memory, "s", "grades", "c1"),
                     *c2 = memory_substream(memory, "s", "grades", "c2");
    memory_withdraw(memory, find(memory, "a")); /* no sweep */
    assert_false(memory_was_withdrawn(c1, find(memory, "a")));
    assert_int_equal(c1->withdrawn, 0);
    for (int sweep = 0; sweep < 600; sweep++) { /* marks wrap around */
        memory_begin_sweep(memory, c1);
        assert_false(memory_was_withdrawn(c1, find(memory, "a")));
        assert_false(memory_was_withdrawn(c1, find(memory, "b")));
        memory_see(memory, find(memory, "b"));
        memory_withdraw(memory, find(memory, "b"));
        memory_withdraw(memory, find(memory, "a"));
        memory_withdraw(memory, find(memory, "a"));
        assert_int_equal(c1->withdrawn, 2);
        assert_int_equal(c1->seen, 0);
        assert_false(memory_was_seen(c1, find(memory, "a")));
        assert_false(memory_was_told(c1, find(memory, "a")));
        memory_see(memory, find(memory, "a"));
        assert_int_equal(c1->withdrawn, 1);
        assert_int_equal(c1->seen, 1);
        memory_tell(c1, find(memory, "a"));
        memory_withdraw(memory, find(memory, "a"));
        assert_true(memory_was_told(c1, find(memory, "a")));
        assert_true(memory_was_withdrawn(c1, find(memory, "b")));
        assert_int_equal(c1->withdrawn, 1);
        c1->sweeping = false;
        assert_false(memory_was_withdrawn(c1, find(memory, "b")));
    }
    memory_begin_sweep(memory, c1);
    assert_int_equal(c1->withdrawn, 0);
    memory_withdraw(memory, find(memory, "a"));
    memory_move(memory, ledger_find(memory->ledger, key128_of("a", 1)), c2);
    assert_int_equal(c1->withdrawn, 0);
    memory_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_record_of_a_key_counts),
        cmocka_unit_test(whose_state_it_is_can_be_taken_back),
        cmocka_unit_test(an_entity_stands_in_one_substream),
        cmocka_unit_test(rejected_records_are_counted_apart),
        cmocka_unit_test(a_sweep_counts_each_entity_once),
        cmocka_unit_test(whatever_becomes_of_an_entity_is_a_change),
        cmocka_unit_test(what_was_told_in_a_sweep_was_seen),
        cmocka_unit_test(what_was_withdrawn_in_a_sweep_is_not_seen),
        cmocka_unit_test(cursors_are_found_set_and_taken_back),
        cmocka_unit_test(removals_are_forgotten_after_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
