#include "census.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "sql.h"

/* The broker's clock may be off from ours, and a transaction that was begun before midnight may end after it. */
#define AFTER_MONTH_US ((int64_t)3600 * 1000000)

static bool read_vector(struct census *c, struct pg *pg, const char *topic, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_archive_vector, 1, &topic, err);
    if (!rows)
        return false;
    c->partition_count = pg_rows_count(rows);
    c->partitions = must_have(calloc(c->partition_count + 1, sizeof(*c->partitions)));
    for (size_t i = 0; i < c->partition_count; i++)
        c->partitions[i] = (struct census_end){(int32_t)pg_rows_integer(rows, i, 0, 0),
                                               pg_rows_integer(rows, i, 1, 0), -1, false};
    pg_rows_free(rows);
    if (c->partition_count > 0 && c->partition_count <= ARCHIVE_MAX_PARTITIONS)
        return true;
    return error_tell(err, ERROR_STATE, false,
                      "kho chưa có gì của topic %s: events_topic có đúng không, và mooc-aggregator "
                      "run đã bắt đầu chưa?",
                      "the archive holds nothing of topic %s yet: is events_topic right, and has "
                      "mooc-aggregator run begun?",
                      topic);
}

static struct census_end *end_of(const struct census *c, int32_t partition)
{
    for (size_t i = 0; i < c->partition_count; i++)
        if (c->partitions[i].partition == partition)
            return &c->partitions[i];
    return NULL;
}

bool census_read(struct census *c, struct pg *pg, const char *topic, struct error *err)
{
    *c = (struct census){0};
    if (!read_vector(c, pg, topic, err))
        return false;
    struct pg_rows *rows = pg_query(pg, sql_archive_census, 0, NULL, err);
    if (!rows)
        return false;
    bool ok = true;
    c->count = pg_rows_count(rows);
    c->rows = must_have(calloc(c->count + 1, sizeof(*c->rows)));
    for (size_t i = 0; ok && i < c->count; i++) {
        struct census_row *row = &c->rows[i];
        snprintf(row->month, sizeof(row->month), "%s", pg_rows_value(rows, i, 0));
        row->partition = (int32_t)pg_rows_integer(rows, i, 1, 0);
        row->rows = pg_rows_integer(rows, i, 2, 0);
        row->erased = pg_rows_integer(rows, i, 3, 0);
        row->first_offset = pg_rows_integer(rows, i, 4, 0);
        row->last_time_us = pg_rows_integer(rows, i, 5, -1);
        row->attached = *pg_rows_value(rows, i, 6) == 't';
        struct census_end *end = end_of(c, row->partition);
        if (!end)
            ok = error_tell(
                err, ERROR_STATE, false,
                "kho có bản ghi của phần %d mà topic %s không có vị trí nào: events_topic có đúng "
                "không?",
                "the archive has records of partition %d, of which topic %s has no vector: "
                "is events_topic right?",
                row->partition, topic);
        else if (row->last_time_us > end->latest_us)
            end->latest_us = row->last_time_us;
    }
    pg_rows_free(rows);
    return ok;
}

void census_free(struct census *c)
{
    free(c->rows);
    free(c->partitions);
    *c = (struct census){0};
}

bool census_month_is_whole(const struct census *c, const char *month, int64_t now_us, struct told *why)
{
    int64_t begins, ends;
    archive_month_bounds(month, &begins, &ends);
    if (now_us < ends) {
        TOLD_FORMAT(why, "tháng %s chưa hết (tính theo giờ UTC)", "month %s is not over (in UTC)",
                    month);
        return false;
    }
    for (size_t i = 0; i < c->partition_count; i++) {
        const struct census_end *end = &c->partitions[i];
        if (end->latest_us >= ends || (end->at_end && now_us >= ends + AFTER_MONTH_US))
            continue;
        TOLD_FORMAT(
            why,
            "tháng %s đã hết, nhưng phần %d có thể còn bản ghi của tháng đó chưa vào kho: "
            "mooc-aggregator run phải đọc nhật ký đến cuối sau khi tháng hết một giờ (UTC)",
            "month %s is over, but partition %d may still have records of it that are not in "
            "the archive: mooc-aggregator "
            "run must have read the log to its end an hour after the month's (UTC)",
            month, end->partition);
        return false;
    }
    return true;
}

const struct census_row *census_find(const struct census *c, const char *month, int32_t partition)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->rows[i].attached && c->rows[i].partition == partition &&
            strcmp(c->rows[i].month, month) == 0)
            return &c->rows[i];
    return NULL;
}

int64_t census_rows_before(const struct census *c, const char *month, int32_t partition)
{
    int64_t rows = 0;
    for (size_t i = 0; i < c->count && strcmp(c->rows[i].month, month) < 0; i++)
        if (c->rows[i].partition == partition)
            rows += c->rows[i].rows;
    return rows;
}

bool census_month_is_detached(const struct census *c, const char *month)
{
    for (size_t i = 0; i < c->count; i++)
        if (!c->rows[i].attached && strcmp(c->rows[i].month, month) == 0)
            return true;
    return false;
}

/* The first offset of a month's part that the folder does not hold. */
static int64_t missing_from(const struct census_row *row, const struct archive_month *month)
{
    const struct archive_part *part = month ? archive_month_part(month, row->partition) : NULL;
    if (!part || part->rows == 0)
        return row->first_offset;
    if (part->rows == row->rows)
        return INT64_MAX;
    return part->last_offset + 1;
}

int64_t census_through(const struct census *c, const struct archive_manifest *manifest,
                       int32_t partition)
{
    const struct census_end *end = end_of(c, partition);
    int64_t through = end ? end->next_offset : 0;
    for (size_t i = 0; i < c->count; i++) {
        const struct census_row *row = &c->rows[i];
        if (row->partition != partition)
            continue;
        int64_t missing = missing_from(row, archive_manifest_month(manifest, row->month));
        if (missing < through)
            through = missing;
    }
    return through;
}
