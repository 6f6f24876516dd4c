/* Holds, the spool and what decides whether an instance may publish. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../ingest/shard/holds.h"
#include "../../ingest/options.h"
#include "../../ingest/shard/shard_checks.h"
#include "../../ingest/operate/source_control.h"
#include "../../common/file.h"
#include "../../common/spool.h"

static char folder[] = "/tmp/mooc-test-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

static struct hold sample(const char *substream)
{
    struct hold hold = {.source = (char *)(uintptr_t) "daotao",
                        .stream = (char *)(uintptr_t) "enrollments",
                        .substream = (char *)(uintptr_t)substream,
                        .vanished = 700,
                        .of = 726,
                        .kept = 5,
                        .lately = 3,
                        .since_us = 11,
                        .through_us = 12,
                        .seen = 26,
                        .confirmations = 2};
    hold_id(hold.source, hold.stream, hold.substream, hold.id);
    return hold;
}

static void a_hold_is_told_and_read_back(void **state)
{
    (void)state;
    struct holds holds = {0}, again = {0};
    struct hold one = sample("c1"), two = sample("c2");
    one.recalled = 3;
    assert_string_not_equal(one.id, two.id);
    holds_put(&holds, &one);
    holds_put(&holds, &two);
    one.vanished = 701;
    one.since_us = 99; /* held since the first time */
    holds_put(&holds, &one);
    assert_int_equal(holds.count, 2);
    struct error err = {0};
    assert_true(holds_save(&holds, folder, 3, &err));
    assert_true(holds_load_all(&again, folder, &err));
    assert_int_equal(again.count, 2);
    const struct hold *read = holds_find(&again, one.id);
    assert_string_equal(read->substream, "c1");
    assert_int_equal(read->vanished, 701);
    assert_int_equal(read->since_us, 11);
    assert_int_equal(read->of, 726);
    assert_int_equal(read->kept, 5);
    assert_int_equal(read->lately, 3);
    assert_int_equal(read->through_us, 12);
    assert_int_equal(read->seen, 26);
    assert_int_equal(read->confirmations, 2);
    assert_int_equal(read->recalled, 3);
    holds_remove(&holds, one.id);
    assert_null(holds_find(&holds, one.id));
    assert_non_null(holds_find(&holds, two.id));
    two.vanished = 0; /* rejected: since when it was held stays known … */
    two.since_us = 50;
    assert_int_equal(holds_put(&holds, &two)->since_us, 11);
    two.vanished = 4; /* … until others vanish */
    two.since_us = 60;
    assert_int_equal(holds_put(&holds, &two)->since_us, 60);
    assert_true(
        hold_decode("{\"id\":\"0123456789ab\",\"source\":\"s\",\"stream\":\"t\",\"substream\":"
                    "\"\",\"vanished\":1,\"of\":2,\"lately\":0,\"since_us\":1,\"through_us\":"
                    "1,\"seen\":1,\"confirmations\":2}",
                    &one, &err)); /* as written before anything could be kept */
    assert_int_equal(one.kept, 0);
    assert_int_equal(one.recalled, 0);
    hold_release(&one);
    holds_free(&holds);
    holds_free(&again);
    struct hold bad;
    assert_false(hold_decode("{\"id\":\"x\"}", &bad, &err));
}

static void a_decision_waits_until_it_is_carried_out(void **state)
{
    (void)state;
    struct error err = {0};
    const char *id = "0123456789ab";
    assert_int_equal(hold_decision(folder, id), HOLD_UNDECIDED);
    assert_int_equal(hold_accepted(folder, id), -1);
    assert_true(hold_decide(folder, id, HOLD_ACCEPTED, 700, &err));
    assert_int_equal(hold_decision(folder, id), HOLD_ACCEPTED);
    assert_int_equal(hold_accepted(folder, id), 700);
    assert_true(hold_decide(folder, id, HOLD_REJECTED, 700, &err)); /* thought better of it */
    assert_int_equal(hold_decision(folder, id), HOLD_REJECTED);
    assert_int_equal(hold_accepted(folder, id), -1);
    hold_decision_done(folder, id);
    assert_int_equal(hold_decision(folder, id), HOLD_UNDECIDED);
    char path[200];
    snprintf(path, sizeof(path), "%s/holds/%s.accept", folder, id);
    assert_true(file_write_whole(path, "", 0, &err)); /* as an earlier version wrote it */
    assert_true(hold_accepted(folder, id) == INT64_MAX);
    hold_decision_done(folder, id);
}

static void spooled_jobs_come_in_order_and_are_answered(void **state)
{
    (void)state;
    struct error err = {0};
    char first[SPOOL_ID_SIZE], second[SPOOL_ID_SIZE], id[SPOOL_ID_SIZE];
    size_t length;
    assert_null(spool_next(folder, "lists", "", id, &length, &err));
    assert_int_equal(err.kind, ERROR_NONE);
    assert_true(spool_submit(folder, "lists", "one", 3, first, &err));
    assert_true(spool_submit(folder, "lists", "two", 3, second, &err));
    assert_true(strcmp(first, second) < 0);
    char *job = spool_next(folder, "lists", "", id, &length, &err);
    assert_string_equal(job, "one");
    assert_int_equal(length, 3);
    assert_string_equal(id, first);
    free(job);
    job = spool_next(folder, "lists", first, id, &length, &err);
    assert_string_equal(job, "two");
    free(job);
    assert_true(spool_finish(folder, "lists", first, "{\"added\":3}", &err));
    char *result = spool_wait(folder, "lists", first, 1000, &err);
    assert_string_equal(result, "{\"added\":3}");
    free(result);
    job = spool_next(folder, "lists", "", id, &length, &err);
    assert_string_equal(job, "two");
    free(job);
    assert_null(spool_wait(folder, "lists", second, 1, &err));
    assert_int_equal(err.kind, ERROR_UNREACHABLE);
}

static void a_marked_job_is_found_until_it_is_forgotten(void **state)
{
    (void)state;
    struct error err = {0};
    char first[SPOOL_ID_SIZE], second[SPOOL_ID_SIZE], id[SPOOL_ID_SIZE];
    size_t length;
    bool answered = true;
    assert_false(spool_find_marked(folder, "+erase", "0011223344556677", id, &answered));
    assert_true(spool_submit_marked(folder, "+erase", "0011223344556677", "one", 3, first, &err));
    assert_true(spool_submit_marked(folder, "+erase", "8899aabbccddeeff", "two", 3, second, &err));
    assert_true(spool_find_marked(folder, "+erase", "0011223344556677", id, &answered));
    assert_string_equal(id, first);
    assert_false(answered);
    char *text = spool_job(folder, "+erase", id, &length, &err);
    assert_string_equal(text, "one");
    free(text);
    assert_true(spool_finish(folder, "+erase", first, "done", &err));
    for (int i = 0; i < 2; i++) { /* reading it does not take it away */
        assert_true(spool_find_marked(folder, "+erase", "0011223344556677", id, &answered));
        assert_true(answered);
        text = spool_answer(folder, "+erase", id, 1000, &err);
        assert_string_equal(text, "done");
        free(text);
    }
    spool_forget(folder, "+erase", first);
    assert_false(spool_find_marked(folder, "+erase", "0011223344556677", id, &answered));
    assert_true(spool_find_marked(folder, "+erase", "8899aabbccddeeff", id, &answered));
    assert_string_equal(id, second);
}

static void another_key_is_refused(void **state)
{
    (void)state;
    const struct shard_settings ours = {
        .hmac_fingerprint = "aa", .key_version = 1, .connectors = "files=1"};
    struct error err = {0};
    assert_true(shard_check_meta(&ours, &(struct state_meta){"aa", 1, "files=1"}, &err));
    assert_true(shard_check_meta(&ours, &(struct state_meta){"aa", 1, "openedx=2"}, &err));
    assert_false(shard_check_meta(&ours, &(struct state_meta){"bb", 1, "files=1"}, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_false(shard_check_meta(&ours, &(struct state_meta){"aa", 2, "files=1"}, &err));
}

static void a_log_that_was_recreated_or_truncated_is_refused(void **state)
{
    (void)state;
    const struct state_log before = {.ends = {5, 7}, .count = 2}, none = {.count = 0};
    const struct state_log grown = {.ends = {5, 9, 1}, .count = 3};
    const struct state_log shrunk = {.ends = {5, 6}, .count = 2}, fewer = {.ends = {5}, .count = 1};
    const int64_t whole[3] = {0}, cut[3] = {0, 2, 0};
    struct error err = {0};
    assert_true(shard_check_log("t", &none, whole, &grown, false, &err));
    assert_true(shard_check_log("t", &before, whole, &grown, false, &err));
    assert_false(shard_check_log("t", &before, whole, &shrunk, true, &err));
    assert_int_equal(err.kind, ERROR_STATE);
    assert_false(err.retriable);
    assert_false(shard_check_log("t", &before, whole, &fewer, true, &err));
    assert_false(shard_check_log("t", &before, cut, &grown, false, &err));
    assert_true(shard_check_log("t", &before, cut, &grown, true, &err));
}

static void a_clock_more_than_five_seconds_off_is_refused(void **state)
{
    (void)state;
    struct error err = {0};
    assert_true(shard_check_clock(0, 4999000, &err));
    assert_true(shard_check_clock(0, -4999000, &err));
    assert_false(shard_check_clock(0, 5000001, &err));
    assert_true(err.retriable);
    assert_false(shard_check_clock(0, -5000001, &err));
}

static void another_connector_is_known_by_version_and_content(void **state)
{
    (void)state;
    assert_int_equal(source_connector_compare(NULL, "shop=1:aa"), CONNECTOR_UNNAMED);
    assert_int_equal(source_connector_compare("shop=1", "shop=1:aa"),
                     CONNECTOR_UNNAMED); /* an older state */
    assert_int_equal(source_connector_compare("shop=1:aa", "shop=1:aa"), CONNECTOR_SAME);
    assert_int_equal(source_connector_compare("shop=1", "shop=1"), CONNECTOR_SAME);
    assert_int_equal(source_connector_compare("shop=1:ab", "shop=1:aa"), CONNECTOR_OTHER_CONTENT);
    assert_int_equal(source_connector_compare("shop=1:aa", "shop=1"),
                     CONNECTOR_OTHER_CONTENT); /* its own before, shipped now */
    assert_int_equal(source_connector_compare("shop=1:aa", "shop=2:aa"), CONNECTOR_OTHER);
    assert_int_equal(source_connector_compare("shop=1", "shop=11:aa"), CONNECTOR_OTHER);
    assert_int_equal(source_connector_compare("files=1", "shop=1:aa"), CONNECTOR_OTHER);
}

/* The first job's shard cannot do it: it is being read, or waits for a person. */
static void a_source_that_must_wait_keeps_no_other_waiting(void **state)
{
    (void)state;
    struct error err = {0};
    char waiting[SPOOL_ID_SIZE], second[SPOOL_ID_SIZE], id[SPOOL_ID_SIZE];
    size_t length;
    const struct source_kind kind = {.name = "shop", .mapping_version = 1};
    struct source one = {&kind, "one"}, two = {&kind, "two"}, *items[] = {&one, &two};
    const struct sources sources = {.items = items, .count = 2};
    const int32_t home[] = {0, 1};
    struct shard *shards[] = {
        shard_new(&(struct shard_settings){.brokers = "127.0.0.1:1", .state_topic = "state"}, &err),
        NULL};
    assert_non_null(shards[0]);
    assert_int_equal(shard_status(shards[0]), SHARD_LOADING);
    struct source_control *control = source_control_new(folder);
    assert_true(spool_submit(folder, "+control", "pause one", 9, waiting, &err));
    assert_true(spool_submit(folder, "+control", "pause two", 9, second, &err));
    source_control_tick(control, &sources, home, shards);
    char *result = spool_wait(folder, "+control", second, 1, &err);
    assert_non_null(result);
    assert_non_null(strstr(result, "1another instance watches this source"));
    free(result);
    char *job = spool_next(folder, "+control", "", id, &length, &err);
    assert_string_equal(job, "pause one"); /* in its turn */
    free(job);
    source_control_free(control);
    assert_true(shard_free(shards[0], 1000));
}

static void a_file_of_no_shard_is_passed_over(void **state)
{
    (void)state;
    struct holds holds = {0};
    struct error err = {0};
    char path[300];
    static const char *const names[] = {"holds.4294967296.json", "holds.-1.json", "holds..json",
                                        "holds.7.json.old"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        assert_true(file_write_whole(path, "[", 1, &err));
    }
    if (!holds_load_all(&holds, folder, &err))
        fail_msg("%s", err.message);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        assert_int_equal(unlink(path), 0);
    }
    holds_free(&holds);
}

static void the_option_table_is_sound(void **state)
{
    (void)state;
    struct error err = {0};
    if (!options_check_table(&ingest_program, &err))
        fail_msg("%s", err.message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hold_is_told_and_read_back),
        cmocka_unit_test(a_file_of_no_shard_is_passed_over),
        cmocka_unit_test(a_decision_waits_until_it_is_carried_out),
        cmocka_unit_test(spooled_jobs_come_in_order_and_are_answered),
        cmocka_unit_test(a_marked_job_is_found_until_it_is_forgotten),
        cmocka_unit_test(another_key_is_refused),
        cmocka_unit_test(a_log_that_was_recreated_or_truncated_is_refused),
        cmocka_unit_test(a_clock_more_than_five_seconds_off_is_refused),
        cmocka_unit_test(another_connector_is_known_by_version_and_content),
        cmocka_unit_test(a_source_that_must_wait_keeps_no_other_waiting),
        cmocka_unit_test(the_option_table_is_sound),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
