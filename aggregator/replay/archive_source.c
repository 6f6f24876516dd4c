#include "archive_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../archive/whole.h"
#include "../write/pg_binary.h"
#include "sql.h"

enum { COLUMN_PARTITION, COLUMN_OFFSET, COLUMN_VALUE, COLUMN_BLANKED };

/* Who was erased since is in no figure that is counted anew. An account that did something by then was there by then, whenever it was
 * first seen: platforms that do not tell since when an account exists, results that were handed in later. What was told of it first
 * tells who it is; what was told by then holds, also that it is closed. */
#define TIMED                                                                                      \
    " AND (event_time <= '%s' OR type = 'learner.erased' OR (previous = 0 AND type IN "            \
    "('account.created', 'account.activated') AND subject IN "                                     \
    "(SELECT f.subject FROM archive.events f WHERE f.event_time <= '%s' AND f.type IN "            \
    "('enrollment.created', 'learning.progressed', 'exam.graded', 'certificate.issued', "          \
    "'account.created', 'account.activated', 'account.closed') "                                   \
    "GROUP BY f.subject HAVING bool_and(f.type NOT LIKE 'account.%%'))))"

struct archive_source {
    struct pg *pg;
    struct log_partition *partitions;
    int64_t *limits;
    size_t count;
    struct batch *batch;
};

static void list_partitions(struct archive_source *source, const struct replay_plan *plan,
                            const char *topic)
{
    source->partitions = must_have(calloc(plan->until.count + 1, sizeof(*source->partitions)));
    source->limits = must_have(calloc(plan->until.count + 1, sizeof(*source->limits)));
    for (size_t i = 0; i < plan->until.count; i++) {
        const struct replay_offset *item = &plan->until.items[i];
        if (strcmp(item->topic, topic) != 0)
            continue;
        /* Ascending and without gaps: a partition is its place in the list. */
        source->partitions[source->count] = (struct log_partition){topic, item->partition, false};
        source->limits[source->count++] = item->next_offset;
    }
    source->batch = batch_new(source->partitions, source->count);
}

static bool archive_reaches(struct archive_source *source, struct error *err)
{
    const char *topic = source->count ? source->partitions[0].topic : "";
    struct pg_rows *rows = pg_query(source->pg, sql_read_archive_vector, 1, &topic, err);
    if (!rows)
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < source->count; i++) {
        int64_t reached = 0;
        for (size_t k = 0; k < pg_rows_count(rows); k++)
            if (pg_rows_integer(rows, k, 1, -1) == source->partitions[i].partition)
                reached = pg_rows_integer(rows, k, 2, 0);
        if (reached < source->limits[i])
            ok = error_tell(err, ERROR_STATE, false,
                            "kho lưu chỉ có phần %d đến vị trí %lld, số liệu đang dùng đã đến %lld",
                            "the archive holds partition %d up to %lld only, the live figures "
                            "stand at %lld",
                            source->partitions[i].partition, (long long)reached,
                            (long long)source->limits[i]);
    }
    pg_rows_free(rows);
    return ok;
}

/* Locked first, so that no month is detached between the look for missing ones and the snapshot. */
static const char begin[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                            "LOCK TABLE archive.events IN ACCESS SHARE MODE";

struct archive_source *archive_source_open(const struct replay_plan *plan, const char *topic,
                                           size_t part, struct error *err)
{
    struct archive_source *source = must_have(calloc(1, sizeof(*source)));
    list_partitions(source, plan, topic);
    source->pg = pg_connect(plan->options, "mooc-aggregator replay read", true, err);
    char query[1024];
    snprintf(query, sizeof(query), "%s %% %zu = %zu", sql_replay_archive_cursor, plan->threads, part);
    if (plan->timed_until)
        snprintf(query + strlen(query), sizeof(query) - strlen(query), TIMED, plan->timed_until,
                 plan->timed_until);
    if (source->pg && pg_run(source->pg, begin, err) && archive_is_whole(source->pg, err) &&
        archive_reaches(source, err) && pg_run(source->pg, query, err))
        return source;
    archive_source_close(source);
    return NULL;
}

void archive_source_close(struct archive_source *source)
{
    if (!source)
        return;
    pg_free(source->pg);
    batch_free(source->batch);
    free(source->partitions);
    free(source->limits);
    free(source);
}

struct batch *archive_source_batch(struct archive_source *source)
{
    return source->batch;
}

static void add_row(struct archive_source *source, const struct pg_rows *rows, size_t row)
{
    size_t partition = (size_t)pg_read_int4(pg_rows_value(rows, row, COLUMN_PARTITION));
    int64_t offset = pg_read_int8(pg_rows_value(rows, row, COLUMN_OFFSET));
    /* A record that was blanked says nothing any more; one that never had a value is unreadable, as in the log. */
    if (partition >= source->count || offset >= source->limits[partition] ||
        *pg_rows_value(rows, row, COLUMN_BLANKED))
        return;
    batch_add(source->batch, partition, offset, 0, pg_rows_value(rows, row, COLUMN_VALUE),
              pg_rows_length(rows, row, COLUMN_VALUE));
}

int archive_source_next(struct archive_source *source, struct error *err)
{
    struct pg_rows *rows = pg_query_binary(source->pg, sql_replay_archive_fetch, 0, NULL, err);
    if (!rows)
        return -1;
    size_t count = pg_rows_count(rows);
    batch_clear(source->batch, NULL);
    for (size_t i = 0; i < count; i++)
        add_row(source, rows, i);
    pg_rows_free(rows);
    return count > 0;
}
