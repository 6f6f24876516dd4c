/* Whether a topic is still the one that was published to. */
#include "cmocka_all.h"

#include <string.h>

#include "../../ingest/shard/log_ends.h"

static const char *const names[BATCH_TOPICS] = {"events", "state", "dead"};

static void offsets_that_grow_are_fine(void **state)
{
    (void)state;
    struct log_ends ends = {.fell_back = false};
    struct error err = {0};
    for (int64_t offset = 0; offset < 10; offset += 3)
        log_ends_note(&ends, BATCH_EVENTS, 1, offset);
    log_ends_note(&ends, BATCH_EVENTS, 0, 0); /* another partition */
    log_ends_note(&ends, BATCH_STATE, 1, 0);  /* another topic */
    log_ends_note(&ends, BATCH_EVENTS, STATE_MAX_PARTITIONS, 5);
    log_ends_note(&ends, BATCH_EVENTS, STATE_MAX_PARTITIONS, 4);
    assert_true(log_ends_check(&ends, names, &err));
    assert_int_equal(ends.ends[BATCH_EVENTS][1], 10);
}

static void an_offset_before_an_earlier_one_is_another_topic(void **state)
{
    (void)state;
    struct log_ends ends = {.fell_back = false};
    struct error err = {0};
    log_ends_note(&ends, BATCH_EVENTS, 2, 99);
    log_ends_note(&ends, BATCH_EVENTS, 2, 0);
    log_ends_note(&ends, BATCH_EVENTS, 2, 100); /* the first loss is told */
    assert_false(log_ends_check(&ends, names, &err));
    assert_int_equal(err.kind, ERROR_STATE);
    assert_false(err.retriable);
    assert_non_null(strstr(err.message, "topic events took a record at offset 0 of partition 2"));
    assert_non_null(strstr(err.message, "had reached 100 before"));
    memset(&ends, 0, sizeof(ends));
    log_ends_note(&ends, BATCH_STATE, 0, 5);
    log_ends_note(&ends, BATCH_STATE, 0, 5);
    assert_false(log_ends_check(&ends, names, &err));
}

static void what_the_state_keeps_follows_the_events(void **state)
{
    (void)state;
    struct state_log log = {.ends = {5}, .count = 1};
    struct batch batch = {.count = 0};
    const struct {
        enum batch_topic topic;
        int32_t landed;
        int64_t offset;
    } records[] = {
        {BATCH_EVENTS, 0, 7}, {BATCH_STATE, 0, 90}, {BATCH_EVENTS, 2, 1}, {BATCH_DEAD, 1, 3}};
    for (size_t i = 0; i < ARRAY_LEN(records); i++) {
        size_t at = batch_add(&batch, records[i].topic, BATCH_BY_KEY, BATCH_NO_ENTRY);
        batch.records[at].landed = records[i].landed;
        batch.records[at].offset = records[i].offset;
    }
    assert_true(log_ends_advance(&log, &batch));
    assert_int_equal(log.count, 3);
    assert_int_equal(log.ends[0], 8);
    assert_int_equal(log.ends[1], 0);
    assert_int_equal(log.ends[2], 2);
    assert_false(log_ends_advance(&log, &batch));
    batch_free(&batch);
}

static void the_further_end_counts(void **state)
{
    (void)state;
    struct state_log log = {.ends = {5, 9}, .count = 2};
    log_ends_join(&log, &(struct state_log){.ends = {7, 3, 0, 4}, .count = 4});
    const int64_t further[] = {7, 9, 0, 4};
    assert_int_equal(log.count, ARRAY_LEN(further));
    assert_memory_equal(log.ends, further, sizeof(further));
    log_ends_join(&log, &(struct state_log){.count = 0});
    assert_int_equal(log.count, ARRAY_LEN(further));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_that_grow_are_fine),
        cmocka_unit_test(an_offset_before_an_earlier_one_is_another_topic),
        cmocka_unit_test(what_the_state_keeps_follows_the_events),
        cmocka_unit_test(the_further_end_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
