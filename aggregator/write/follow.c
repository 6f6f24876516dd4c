#include "follow.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/log.h"
#include "../../common/stop.h"
#include "../fold/fold.h"
#include "sql.h"
#include "writer.h"

#define LOOK_MS 1000
#define AFTER_FAILURE_MS 10000

bool follow_live(struct log_reader *reader, const int64_t *offsets, struct pg *pg, int64_t *behind,
                 struct error *err)
{
    size_t count;
    const struct log_partition *partitions = log_reader_partitions(reader, &count);
    struct pg_rows *rows = pg_query(pg, sql_follow_limits, 0, NULL, err);
    if (!rows)
        return false;
    int64_t *limits = must_have(calloc(count, sizeof(*limits)));
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        const char *topic = pg_rows_value(rows, i, 0);
        int64_t partition = pg_rows_integer(rows, i, 1, -1);
        for (size_t k = 0; k < count; k++)
            if (partitions[k].partition == partition && strcmp(partitions[k].topic, topic) == 0)
                limits[k] = pg_rows_integer(rows, i, 2, 0);
    }
    pg_rows_free(rows);
    *behind = 0;
    for (size_t k = 0; k < count; k++)
        *behind += limits[k] > offsets[k] ? limits[k] - offsets[k] : 0;
    log_reader_limit(reader, limits);
    free(limits);
    return true;
}

/* 1: there is, 0: not, -1: failed. */
static int anything_to_follow(struct pg *pg, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_read_followed, 0, NULL, err);
    if (!rows)
        return -1;
    int found = pg_rows_count(rows) > 0 && pg_rows_integer(rows, 0, 1, 0) == FOLD_VERSION;
    pg_rows_free(rows);
    return found;
}

void follow_run(const struct options *options, struct metrics *metrics)
{
    struct pg *pg = NULL;
    while (stop_sleep_ms(LOOK_MS)) {
        struct error err = {0};
        /* The writer of the live generation says what is wrong with the database. */
        if (!pg && !(pg = pg_connect(options, "mooc-aggregator look", true, &err)))
            continue;
        pg_set_patience(pg, AFTER_FAILURE_MS);
        int found = anything_to_follow(pg, &err);
        if (found < 0) {
            pg_free(pg);
            pg = NULL;
        }
        if (found <= 0 || writer_run(options, WRITER_FOLLOWER, metrics, &err))
            continue;
        log_error("a generation beside the live one is not kept current", &err);
        stop_sleep_ms(AFTER_FAILURE_MS);
    }
    pg_free(pg);
}
