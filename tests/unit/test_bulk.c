/* Facts taken in at once: memory of blocks that grow, and a subject with more facts than any block of the small ones holds. That the sums
 * are those of the fold by batches: test_fold.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../aggregator/fold/bulk_private.h"
#include "support/fold_script.h"

static void blocks_never_overlap_and_serve_again(void **state)
{
    (void)state;
    enum { BLOCKS = 3000 };
    static uint8_t *blocks[BLOCKS];
    static size_t sizes[BLOCKS];
    struct bulk_store store = {0};
    for (size_t i = 0; i < BLOCKS; i++) {
        sizes[i] = bulk_store_rounded(1 + i * 7 % 9000); /* beyond STORE_LARGEST too */
        blocks[i] = bulk_store_take(&store, sizes[i]);
        memset(blocks[i], (int)(i % 251), sizes[i]);
    }
    size_t held = store.bytes;
    for (size_t i = 0; i < BLOCKS; i++)
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(blocks[i][k], i % 251);
    for (size_t i = 0; i < BLOCKS; i++)
        bulk_store_give(&store, blocks[i], sizes[i]);
    assert_true(store.bytes < held); /* large blocks are gone */
    for (size_t i = 0; i < BLOCKS; i++)
        blocks[i] = bulk_store_take(&store, sizes[i]);
    assert_int_equal(store.bytes, held);
    bulk_store_release(&store);
    assert_int_equal(store.bytes, 0);
}

static void scratch_stays_where_it_is_until_it_is_cleared(void **state)
{
    (void)state;
    enum { PIECES = 500, PIECE = 300 };
    uint8_t *pieces[PIECES];
    struct bulk_scratch scratch = {0};
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < PIECES; i++) {
            pieces[i] = bulk_scratch_take(&scratch, PIECE);
            assert_int_equal((uintptr_t)pieces[i] % 16, 0);
            memset(pieces[i], i, PIECE);
        }
        for (int i = 0; i < PIECES; i++)
            for (int k = 0; k < PIECE; k++)
                assert_int_equal(pieces[i][k], i & 0xff);
        bulk_scratch_clear(&scratch);
    }
    bulk_scratch_release(&scratch);
}

/* Records -------------------------------------------------------------------------------------------------------------- */

static struct bulk_fact exam_fact(uint64_t entity, int64_t revision, int64_t time, double value)
{
    return (struct bulk_fact){{.entity = entity,
                               .revision = revision,
                               .hash = -(int64_t)entity,
                               .time = time,
                               .value = value,
                               .day = clock_day(time),
                               .course = 0,
                               .kind = FACT_EXAM,
                               .flags = FACT_IN_FORCE | FACT_SAT | FACT_SCORED},
                              0};
}

static struct bulk_fact next_fact(const struct bulk_facts *facts, size_t *at,
                                  const struct rules *rules, struct bulk_scratch *scratch)
{
    struct bulk_fact fact;
    assert_true(bulk_record_next(facts, at, rules, NULL, scratch, &fact));
    return fact;
}

static void a_fact_comes_back_as_it_was(void **state)
{
    static const int64_t instants[] = {0,
                                       1,
                                       -1,
                                       1693526400000000,
                                       1693526400000001,
                                       -86400000000,
                                       INT64_C(4294967295) * US_PER_SECOND,
                                       INT64_C(4294967296) * US_PER_SECOND,
                                       INT64_MAX / 2,
                                       INT64_MIN / 2};
    static const int64_t revisions[] = {0, 1, -1, 1693526400000000, INT64_MAX, INT64_MIN};
    static const double values[] = {0, -0.0, 1, 0.29, 1.0 / 3, 6.5535, 6.5536, -0.5, 1e300};
    (void)state;
    struct rules *rules = script_rules();
    struct bulk_store store = {0};
    struct bulk_scratch scratch = {0};
    for (size_t t = 0; t < ARRAY_LEN(instants); t++)
        for (size_t r = 0; r < ARRAY_LEN(revisions); r++)
            for (size_t v = 0; v < ARRAY_LEN(values); v++) {
                size_t at = 0;
                struct bulk_fact told = exam_fact(7, revisions[r], instants[t], values[v]);
                struct bulk_facts *facts = bulk_facts_add(&store, NULL, 0, &told);
                struct bulk_fact held = next_fact(facts, &at, rules, &scratch);
                assert_int_equal(at, facts->used);
                assert_int_equal(held.fact.entity, 7);
                assert_int_equal(held.fact.hash, -7);
                assert_true(held.fact.revision == revisions[r]);
                assert_true(held.fact.time == instants[t]);
                assert_int_equal(held.fact.day, clock_day(instants[t]));
                assert_memory_equal(&held.fact.value, &values[v], sizeof(double)); /* -0.0 too */
                assert_int_equal(held.fact.flags, FACT_IN_FORCE | FACT_SAT | FACT_SCORED);
                assert_int_equal(held.training, rules_course(rules, 0)->training);
            }
    bulk_scratch_release(&scratch);
    bulk_store_release(&store);
    rules_free(rules);
}

/* Records of other lengths take the place of one in the middle; who comes late with an older one changes nothing. */
static void an_entity_told_again_is_held_once_when_settled(void **state)
{
    enum { ENTITIES = 40 };
    (void)state;
    struct rules *rules = script_rules();
    struct bulk_store store = {0};
    struct bulk_scratch scratch = {0};
    struct bulk_facts *facts = NULL;
    static const struct {
        int64_t revision, time;
        double value;
    } told[] = {{5, 1693526400000000, 0.5},
                {INT64_C(1) << 50, 1693526400000001, 1.0 / 3},
                {1, 1693526400000000, 0.25},
                {(INT64_C(1) << 50) + 1, 1693526400000000, 0.75}};
    for (size_t i = 0; i < ARRAY_LEN(told); i++)
        for (uint64_t entity = 1; entity <= ENTITIES; entity++) {
            struct bulk_fact fact = exam_fact(entity, told[i].revision, told[i].time, told[i].value);
            facts = bulk_facts_add(&store, facts, 0, &fact);
        }
    bulk_facts_settle(facts);
    bool seen[ENTITIES + 1] = {false};
    size_t count = 0, used = 0;
    for (const struct bulk_facts *block = facts; block; used += block->used, block = block->older)
        for (size_t at = 0; at < block->used; count++) {
            struct bulk_fact held = next_fact(block, &at, rules, &scratch);
            assert_false(seen[held.fact.entity]);
            seen[held.fact.entity] = true;
            assert_true(held.fact.value == 0.75);
        }
    assert_int_equal(count, ENTITIES);
    assert_int_equal(facts->total, used);
    assert_int_equal(facts->settled, facts->total);
    bulk_scratch_release(&scratch);
    bulk_store_release(&store);
    rules_free(rules);
}

/* Settling looks at all of a subject's facts: where few of them go, it must not come again soon. */
static void what_is_told_again_and_again_is_settled_seldom(void **state)
{
    (void)state;
    for (uint64_t entities = 20; entities <= 400; entities += 7) {
        struct bulk_store store = {0};
        struct bulk_facts *facts = NULL;
        size_t told = 0, settled = 0;
        for (int64_t revision = 1; revision <= 8; revision++)
            for (uint64_t entity = 1; entity <= entities; entity++, told++) {
                uint32_t before = facts ? facts->total : 0;
                struct bulk_fact fact = exam_fact(entity, revision, 1693526400000000, 0.5);
                facts = bulk_facts_add(&store, facts, 0, &fact);
                settled += facts->total < before;
            }
        /* Each time all are looked at: so many for a fact. */
        if (settled * entities > 16 * told)
            fail_msg("%zu of %zu facts of %zu entities were settled for", settled, told,
                     (size_t)entities);
        bulk_store_release(&store);
    }
}

/* A learner with so many days, each told twice; two lists that name the learner in every revision under another e-mail and unit. */
static void tell_much(struct script *s, int days, int revisions)
{
    s->count = 0;
    script_account(s, "account@mooc:x", "email:a");
    for (int64_t revision = revisions; revision > 0; revision--) /* the newest first */
        for (int list = 0; list < 2; list++) {
            static const char *const units[] = {"U1", "U2"}, *const emails[] = {"email:a",
                                                                                "email:b"};
            struct event *e = script_list(s, "email:a+n1", list ? "W2" : "W1", units[revision % 2],
                                          "name:1", emails[revision / 2 % 2]);
            e->revision = revision;
        }
    for (int64_t revision = 1; revision <= 2; revision++)
        for (int day = 0; day < days; day++) {
            char entity[96];
            snprintf(entity, sizeof(entity), "progress:%d:mooc:C1:x", day);
            struct event *e =
                script_add(s, EVENT_LEARNING_PROGRESSED, "account@mooc:x", entity, revision);
            e->course = "C1";
            e->day = clock_day_from_civil(2023, 1, 1) + day;
            e->progress = (double)(day + (int)revision) / 512;
            e->present = HAS(COURSE) | HAS(DAY) | HAS(PROGRESS);
        }
}

static void expect_as_by_batches(const struct script *s)
{
    struct run run = run_start(script_rules(), 1 << 20);
    fold_store_batch(run.store, run.fold, s->events, s->count);
    char *expected = fold_store_dump(run.store, run.fold);
    for (size_t intakes = 1; intakes <= 3; intakes++) {
        size_t takers[ARRAY_LEN(s->events)];
        for (size_t k = 0; k < s->count; k++)
            takers[k] = k % intakes;
        char *found = fold_store_bulk(run.rules, s->events, takers, s->count, intakes, 1);
        assert_string_equal(expected, found);
        free(found);
    }
    free(expected);
    run_finish(&run);
}

static void a_subject_with_much_is_counted_as_by_batches(void **state)
{
    (void)state;
    static struct script s;
    static const int shapes[][2] = {{1, 1}, {9, 3}, {24, 30}, {230, 3}};
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        tell_much(&s, shapes[i][0], shapes[i][1]);
        expect_as_by_batches(&s);
    }
}

/* One list names somebody twice: what is equal in all else is told apart by the row, whichever comes first. */
static void the_later_row_of_a_listing_counts(void **state)
{
    static const int64_t rows[][2] = {{5, 9}, {9, 5}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        static struct script s;
        s.count = 0;
        for (size_t k = 0; k < 2; k++) {
            struct event *e = script_list(&s, "email:a+n1", "W1", "U1", "name:1", "email:a");
            e->row = rows[i][k];
            e->revision = 1;
            e->time = s.events[0].time;
            e->hash = s.events[0].hash;
        }
        expect_as_by_batches(&s);
    }
}

/* All lists come before all accounts: who carries one e-mail stands far apart, with more identifiers than there are shares to sort. */
static void many_people_are_linked_as_by_batches(void **state)
{
    enum { PEOPLE = 250 };
    (void)state;
    static struct script s;
    static char emails[PEOPLE][32], names[PEOPLE][32];
    s.count = 0;
    for (int i = 0; i < PEOPLE; i++) {
        char subject[48];
        snprintf(emails[i], sizeof(emails[i]), "email:%d", i);
        snprintf(names[i], sizeof(names[i]), "name:%d", i);
        snprintf(subject, sizeof(subject), "email:%d+n%d", i, i);
        script_list(&s, subject, "W1", "U1", names[i], emails[i]);
    }
    for (int i = 0; i < PEOPLE; i++) {
        char subject[48];
        snprintf(subject, sizeof(subject), "account@mooc:%d", i);
        script_account(&s, subject, emails[i]);
    }
    expect_as_by_batches(&s);
}

/* Without a learner ------------------------------------------------------------------------------------------------------ */

struct kept {
    struct rules *rules;
    struct bulk *bulk;
    struct bulk_counter *counter;
    const struct event *events;
    size_t count;
};

static struct kept keep(const struct event *events, size_t count)
{
    struct kept kept = {.rules = script_rules()};
    struct bulk_intake *intake = bulk_intake_new(kept.rules, 0);
    const struct bulk_position *positions;
    struct error err = {0};
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        bulk_take(intake, &events[i], &(struct bulk_position){.offset = (int64_t)i}, 1);
    kept.bulk = bulk_new(&intake, 1, kept.rules, NULL);
    kept.counter = bulk_counter_new(kept.bulk);
    if (!bulk_entities(kept.counter, &at, &kept.events, &positions, &kept.count, &err))
        fail_msg("%s", err.message);
    return kept;
}

static void let_go(struct kept *kept)
{
    bulk_counter_free(kept->counter);
    bulk_free(kept->bulk);
    rules_free(kept->rules);
}

static struct event decoded(struct event_decoder *decoder, const char *text)
{
    struct event event;
    struct error err = {0};
    if (!event_decode(decoder, text, strlen(text), &event, &err))
        fail_msg("%s", err.message);
    return event;
}

/* As large as any record that is read: it is kept with what its producer left out, and so is larger. */
static void the_largest_event_without_a_learner_is_kept(void **state)
{
    (void)state;
    struct event_decoder *decoder = event_decoder_new();
    struct text_buffer text = {0};
    text_buffer_add_text(&text,
                         "{\"specversion\":\"1.0\",\"id\":\"i\",\"source\":\"s\",\"type\":"
                         "\"record.rejected\",\"time\":\"2023-09-20T00:00:00Z\",\"entity\":\"e\","
                         "\"revision\":\"1\",\"previous\":\"0\",\"data\":{\"reason\":\"r\","
                         "\"detail\":\"");
    size_t before = text.length;
    while (text.length + strlen("\"}}") < EVENT_MAX_BYTES)
        text_buffer_add_text(&text, "x");
    size_t detail = text.length - before;
    text_buffer_add_text(&text, "\"}}");
    struct event event = decoded(decoder, text.data);
    struct kept kept = keep(&event, 1);
    assert_int_equal(kept.count, 1);
    assert_int_equal(strlen(kept.events[0].detail), detail);
    let_go(&kept);
    text_buffer_free(&text);
    event_decoder_free(decoder);
}

/* As sql/save_dead_letters.sql has it, which knows no time. */
static void of_a_rejected_record_told_twice_the_later_row_counts(void **state)
{
    (void)state;
    for (size_t first = 0; first < 2; first++) {
        static struct script s;
        s.count = 0;
        for (size_t k = 0; k < 2; k++) {
            bool later_row = k == first;
            struct event *e = script_add(&s, EVENT_RECORD_REJECTED, NULL, "dead", 1);
            e->reason = "r";
            e->present = HAS(REASON);
            e->row = later_row ? 9 : 5;
            e->time = later_row ? 1 : 2;
            e->entity_key = key128_of("dead", 4);
        }
        struct kept kept = keep(s.events, s.count);
        assert_int_equal(kept.count, 1);
        assert_int_equal(kept.events[0].row, 9);
        let_go(&kept);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_never_overlap_and_serve_again),
        cmocka_unit_test(scratch_stays_where_it_is_until_it_is_cleared),
        cmocka_unit_test(a_fact_comes_back_as_it_was),
        cmocka_unit_test(an_entity_told_again_is_held_once_when_settled),
        cmocka_unit_test(what_is_told_again_and_again_is_settled_seldom),
        cmocka_unit_test(a_subject_with_much_is_counted_as_by_batches),
        cmocka_unit_test(the_later_row_of_a_listing_counts),
        cmocka_unit_test(many_people_are_linked_as_by_batches),
        cmocka_unit_test(the_largest_event_without_a_learner_is_kept),
        cmocka_unit_test(of_a_rejected_record_told_twice_the_later_row_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
