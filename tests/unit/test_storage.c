#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "../../aggregator/status/storage.h"

#define DAY_US (INT64_C(86400) * 1000000)
#define NOW (INT64_C(20000) * DAY_US)

static char said[4][512];
static size_t lines;

static void hear(void *context, const char *line)
{
    (void)context;
    snprintf(said[lines++], sizeof(said[0]), "%s", line);
}

static void expect(const struct storage *s, size_t count, const char *words)
{
    lines = 0;
    assert_int_equal(storage_warnings(s, NOW, hear, NULL), count);
    assert_int_equal(lines, count);
    if (count > 0 && !strstr(said[0], words))
        fail_msg("%s, not: %s", said[0], words);
}

static struct storage sample(void)
{
    struct storage s = {.topic_count = 2,
                        .unchecked_since_us = NOW - 10 * DAY_US,
                        .database_free = -1,
                        .kafka_free = -1};
    s.topics[0] =
        (struct storage_topic){.name = "events",
                               .settings = {.known = true, .retention_ms = -1, .retention_bytes = -1},
                               .archived = true};
    s.topics[1] = (struct storage_topic){
        .name = "dead", .settings = {.known = true, .retention_ms = -1, .retention_bytes = -1}};
    return s;
}

static void retention(void **state)
{
    (void)state;
    struct storage s = sample();
    expect(&s, 0, "");
    s.topics[0].settings.retention_ms = INT64_C(11) * 86400000; /* what is in no export is younger */
    expect(&s, 0, "");
    s.topics[0].settings.retention_ms = INT64_C(9) * 86400000;
    expect(
        &s,
        1, "deletes records of events after 9 days, but those since 2024-09-24 are in no checked export");
    s.unchecked_since_us = -1;
    expect(&s, 0, "");
    s.topics[0].settings.retention_bytes = 5;
    expect(&s, 1, "by size (retention.bytes=5)");
    s.topics[0].settings.known = false;
    expect(&s, 0, "");
    s.topics[1].settings.retention_ms = INT64_C(900) * 86400000;
    expect(&s, 1, "deletes records of dead after 900 days, and nothing else holds them");
}

static void compaction(void **state)
{
    (void)state;
    struct storage s = sample();
    snprintf(s.topics[0].settings.cleanup_policy, 32, "delete");
    expect(&s, 0, "");
    snprintf(s.topics[0].settings.cleanup_policy, 32, "compact,delete");
    expect(&s, 1,
           "keeps only the newest record of each key in events (cleanup.policy=compact,delete)");
    s.topics[0].settings.known = false;
    expect(&s, 0, "");
    snprintf(s.topics[1].settings.cleanup_policy, 32, "compact");
    expect(&s, 1, "of each key in dead");
}

static void room(void **state)
{
    (void)state;
    struct storage s = sample();
    struct storage_part parts[] = {
        {"database", 100, -1, 10, -1}, {"archive", 50, 5, 10, 1}, {"topic events", -1, 5, -1, 3}};
    s.parts = parts;
    s.part_count = 3;
    expect(&s, 0, "");
    s.database_free = 300;
    expect(&s, 0, "");
    s.database_free = 299;
    expect(&s, 1, "room for 29 days");
    parts[0].bytes_per_day = -1;
    expect(&s, 0, "");
    s.database_free = 0;
    expect(&s, 1, "room for 0 days");
    assert_int_equal(storage_topic_per_day(&s, &s.topics[0]), 30);
    assert_int_equal(storage_topic_per_day(&s, &s.topics[1]), STATUS_UNKNOWN);
    assert_int_equal(storage_days_left(100, 0), STATUS_UNKNOWN);
    assert_int_equal(storage_days_left(STATUS_UNKNOWN, 5), STATUS_UNKNOWN);
    assert_int_equal(storage_days_left(99, 10), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(retention), cmocka_unit_test(compaction),
                                       cmocka_unit_test(room)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
