#include <stdio.h>
#include <stdlib.h>

#include "../../common/clock.h"
#include "../fold/fold.h"
#include "sql.h"
#include "status.h"

static void copy(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text != NULL ? text : "");
}

static void *new_array(size_t count, size_t size)
{
    void *items = calloc(count + 1, size);
    if (items == NULL)
        abort();
    return items;
}

static bool read_writer(struct pg *pg, struct status *status, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_status_writer, 0, NULL, err);
    if (rows == NULL)
        return false;
    status->heartbeat_age_ms = STATUS_UNKNOWN;
    status->counted_by = status->counts_by = FOLD_VERSION;
    if (pg_rows_count(rows) == 1) {
        status->generation = pg_rows_integer(rows, 0, 0, 0);
        status->config_version = pg_rows_integer(rows, 0, 1, 0);
        copy(status->instance, sizeof(status->instance), pg_rows_value(rows, 0, 2));
        status->epoch = pg_rows_integer(rows, 0, 3, 0);
        copy(status->since, sizeof(status->since), pg_rows_value(rows, 0, 4));
        status->heartbeat_age_ms = pg_rows_integer(rows, 0, 5, STATUS_UNKNOWN);
        status->counted_by = pg_rows_integer(rows, 0, 6, FOLD_VERSION);
        copy(status->standing_by, sizeof(status->standing_by), pg_rows_value(rows, 0, 7));
        copy(status->restarted, sizeof(status->restarted), pg_rows_value(rows, 0, 8));
        copy(status->taking_over, sizeof(status->taking_over), pg_rows_value(rows, 0, 9));
    }
    pg_rows_free(rows);
    return true;
}

static bool read_partitions(struct pg *pg, struct status *status, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_status_partitions, 0, NULL, err);
    if (rows == NULL)
        return false;
    status->partition_count = pg_rows_count(rows);
    status->partitions = new_array(status->partition_count, sizeof(*status->partitions));
    for (size_t i = 0; i < status->partition_count; i++) {
        struct status_partition *p = &status->partitions[i];
        copy(p->topic, sizeof(p->topic), pg_rows_value(rows, i, 0));
        p->partition = pg_rows_integer(rows, i, 1, 0);
        p->counted = pg_rows_integer(rows, i, 2, STATUS_UNKNOWN);
        p->end = STATUS_UNKNOWN;
        copy(p->log_time, sizeof(p->log_time), pg_rows_value(rows, i, 3));
    }
    pg_rows_free(rows);
    return true;
}

static bool read_streams(struct pg *pg, const char *by_hand, struct status *status, struct error *err)
{
    const char *const values[] = {by_hand != NULL ? by_hand : ""};
    struct pg_rows *rows = pg_query(pg, sql_status_streams, 1, values, err);
    if (rows == NULL)
        return false;
    status->stream_count = pg_rows_count(rows);
    status->streams = new_array(status->stream_count, sizeof(*status->streams));
    for (size_t i = 0; i < status->stream_count; i++) {
        struct status_stream *s = &status->streams[i];
        copy(s->source, sizeof(s->source), pg_rows_value(rows, i, 0));
        copy(s->stream, sizeof(s->stream), pg_rows_value(rows, i, 1));
        copy(s->complete_through, sizeof(s->complete_through), pg_rows_value(rows, i, 2));
        s->age_ms = pg_rows_integer(rows, i, 3, STATUS_UNKNOWN);
        s->parts = pg_rows_integer(rows, i, 4, 0);
        s->parts_complete = pg_rows_integer(rows, i, 5, 0);
        s->records = pg_rows_integer(rows, i, 6, 0);
        s->rejected = pg_rows_integer(rows, i, 7, 0);
        s->ages = strcmp(pg_rows_value(rows, i, 8), "t") == 0;
        s->every_ms = pg_rows_integer(rows, i, 9, 0) * 1000;
    }
    pg_rows_free(rows);
    return true;
}

static bool read_calendar(struct pg *pg, struct status *status, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_status_calendar, 0, NULL, err);
    if (rows == NULL)
        return false;
    if (pg_rows_count(rows) == 1) {
        copy(status->calendar_ends, sizeof(status->calendar_ends), pg_rows_value(rows, 0, 0));
        status->calendar_days = pg_rows_integer(rows, 0, 1, 0);
    }
    pg_rows_free(rows);
    return true;
}

static bool read_verified(struct pg *pg, struct status *status, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_status_verified, 0, NULL, err);
    if (rows == NULL)
        return false;
    bool ever = pg_rows_count(rows) == 1;
    status->verified_age_ms = ever ? pg_rows_integer(rows, 0, 0, 0) : STATUS_UNKNOWN;
    status->verify_differences = ever ? pg_rows_integer(rows, 0, 1, 0) : STATUS_UNKNOWN;
    pg_rows_free(rows);
    return true;
}

static bool read_erasures(struct pg *pg, struct status *status, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_status_erasures, 0, NULL, err);
    if (rows == NULL)
        return false;
    status->erasures_open = pg_rows_integer(rows, 0, 0, 0);
    status->erasures_age_ms = pg_rows_integer(rows, 0, 1, STATUS_UNKNOWN);
    pg_rows_free(rows);
    return true;
}

bool status_read(struct pg *pg, const char *by_hand, struct status *status, struct error *err)
{
    *status = (struct status){0};
    return read_writer(pg, status, err) && read_partitions(pg, status, err) &&
           read_streams(pg, by_hand, status, err) && read_calendar(pg, status, err) &&
           read_verified(pg, status, err) && read_erasures(pg, status, err);
}

void status_free(struct status *status)
{
    free(status->partitions);
    free(status->streams);
    *status = (struct status){0};
}

static struct status_partition *partition_of(struct status *status, const struct partition_end *end)
{
    for (size_t i = 0; i < status->partition_count; i++) {
        struct status_partition *p = &status->partitions[i];
        if (p->partition == end->partition && strcmp(p->topic, end->topic) == 0)
            return p;
    }
    size_t count = status->partition_count + 1;
    struct status_partition *bigger =
        realloc(status->partitions, (count + 1) * sizeof(*status->partitions));
    if (bigger == NULL)
        abort();
    status->partitions = bigger;
    status->partition_count = count;
    struct status_partition *p = &bigger[count - 1];
    *p = (struct status_partition){.partition = end->partition, .counted = STATUS_UNKNOWN};
    copy(p->topic, sizeof(p->topic), end->topic);
    return p;
}

void status_add_ends(struct status *status, const struct partition_end *ends, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct status_partition *p = partition_of(status, &ends[i]);
        p->begin = ends[i].begin;
        p->end = ends[i].end;
    }
}
