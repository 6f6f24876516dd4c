#include "status_case.h"

#include <stdio.h>
#include <stdlib.h>

#include "../cmocka_all.h"

const struct status_limits limits = {.max_lag = 100,
                                     .max_heartbeat_age_ms = 15000,
                                     .max_stream_age_ms = 3600000,
                                     .late_after_ms = 600000};

struct status well(void)
{
    struct status status = {.generation = 1, .config_version = 3, .heartbeat_age_ms = 400};
    snprintf(status.instance, sizeof(status.instance), "a1");
    status.partitions = calloc(4, sizeof(*status.partitions));
    status.partition_count = 1;
    status.partitions[0] =
        (struct status_partition){.topic = "mooc.events.v1", .counted = 500, .end = STATUS_UNKNOWN};
    status.streams = calloc(2, sizeof(*status.streams));
    status.stream_count = 2;
    status.streams[0] = (struct status_stream){.source = "daotao",
                                               .stream = "grades",
                                               .complete_through = "2023-09-29T03:00:00Z",
                                               .age_ms = 60000,
                                               .parts = 1,
                                               .parts_complete = 1,
                                               .ages = true};
    status.streams[1] =
        (struct status_stream){.source = "lists", .stream = "roster", .age_ms = 999999999};
    return status;
}

void expect_problem(const struct status *status, const char *expected)
{
    char line[300] = "";
    assert_true(status_problem(status, &limits, line, sizeof(line)));
    assert_string_equal(line, expected);
}
