#include "batch.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "pg_binary.h"
#include "../../common/allocate.h"

#define ARCHIVE_FIELDS 13

struct archive_rows *archive_rows_new(void)
{
    return must_have(calloc(1, sizeof(struct archive_rows)));
}

void archive_rows_free(struct archive_rows *rows)
{
    if (!rows)
        return;
    text_buffer_free(&rows->copy);
    free(rows->months);
    free(rows);
}

struct batch *batch_new(const struct log_partition *partitions, size_t count)
{
    struct batch *batch = calloc(1, sizeof(*batch));
    if (!batch || !(batch->ranges = calloc(count, sizeof(*batch->ranges))))
        abort();
    batch->partitions = partitions;
    batch->partition_count = count;
    batch->decoder = event_decoder_new();
    return batch;
}

void batch_free(struct batch *batch)
{
    if (!batch)
        return;
    event_decoder_free(batch->decoder);
    archive_rows_free(batch->archive);
    for (size_t i = 0; i < batch->unreadable_count; i++)
        unreadable_record_release(&batch->unreadable[i]);
    free(batch->unreadable);
    free(batch->ranges);
    free(batch->events);
    free(batch->positions);
    free(batch);
}

void batch_clear(struct batch *batch, struct archive_rows *rows)
{
    for (size_t i = 0; i < batch->partition_count; i++)
        batch->ranges[i].next_offset = batch->ranges[i].last_offset = -1;
    for (size_t i = 0; i < batch->unreadable_count; i++)
        unreadable_record_release(&batch->unreadable[i]);
    event_decoder_reset(batch->decoder);
    batch->event_count = batch->unreadable_count = 0;
    batch->records = batch->bytes = batch->reached = 0;
    batch->oldest_log_time = INT64_MAX;
    if (rows) {
        archive_rows_free(batch->archive);
        batch->archive = rows;
    } else if (!batch->archive) {
        batch->archive = archive_rows_new();
    }
    batch->archive->count = batch->archive->month_count = 0;
    pg_copy_start(&batch->archive->copy);
}

void unreadable_record_release(struct unreadable_record *record)
{
    free((char *)(uintptr_t)record->reason);
}

/* The decoder's message is "code: text"; both halves live in one allocation. */
static void add_unreadable(struct batch *batch, const struct log_position *position,
                           const char *message)
{
    char *reason = strdup(message);
    if (!reason)
        abort();
    char *colon = strchr(reason, ':');
    const char *detail = "";
    if (colon) {
        *colon = 0;
        detail = colon + 1 + strspn(colon + 1, " ");
    }
    batch->unreadable = array_room(batch->unreadable, batch->unreadable_count,
                                   &batch->unreadable_capacity, sizeof(*batch->unreadable));
    batch->unreadable[batch->unreadable_count++] =
        (struct unreadable_record){*position, reason, detail};
}

/* Partitions go by UTC months. */
static struct month month_of(int64_t instant)
{
    const int64_t utc = 7LL * 3600 * 1000000, day_us = 24LL * 3600 * 1000000; /* clock_* is UTC+7 */
    int year, month, day;
    clock_civil_from_day(clock_day(instant - utc), &year, &month, &day);
    int32_t first = clock_day_from_civil(year, month, 1);
    int32_t next = clock_day_from_civil(month < 12 ? year : year + 1, month < 12 ? month + 1 : 1, 1);
    return (struct month){first * day_us, next * day_us};
}

static void note_month(struct archive_rows *rows, int64_t log_time)
{
    for (size_t i = 0; i < rows->month_count; i++)
        if (rows->months[i].begins <= log_time && log_time < rows->months[i].ends)
            return;
    rows->months =
        array_room(rows->months, rows->month_count, &rows->month_capacity, sizeof(*rows->months));
    rows->months[rows->month_count++] = month_of(log_time);
}

static void put_key(struct text_buffer *out, const char *text, struct key128 key)
{
    if (text)
        pg_put_key(out, key);
    else
        pg_put_null(out);
}

static void put_event_columns(struct text_buffer *out, const struct event *e)
{
    pg_put_text(out, e->id);
    pg_put_text(out, e->type_name);
    pg_put_text(out, e->source);
    put_key(out, e->type == EVENT_LEARNER_ERASED ? e->key : e->subject, e->subject_key);
    put_key(out, e->entity, e->entity_key);
    if (e->type == EVENT_UNKNOWN) {
        for (int i = 0; i < 4; i++)
            pg_put_null(out);
        return;
    }
    pg_put_int8(out, e->revision);
    pg_put_int8(out, e->previous);
    pg_put_instant(out, e->time);
    pg_put_int8(out, (int64_t)e->hash);
}

/* event NULL: unreadable, typed columns NULL. */
static void add_archive_row(struct archive_rows *rows, const struct log_position *position,
                            int64_t log_time, const struct event *event, const char *value,
                            size_t length)
{
    struct text_buffer *out = &rows->copy;
    pg_copy_row(out, ARCHIVE_FIELDS);
    pg_put_int4(out, position->partition);
    pg_put_int8(out, position->offset);
    pg_put_instant(out, log_time);
    if (event)
        put_event_columns(out, event);
    else
        for (int i = 0; i < 9; i++)
            pg_put_null(out);
    if (value)
        pg_put_bytes(out, value, length);
    else
        pg_put_null(out);
    note_month(rows, log_time);
    rows->count++;
}

/* What identifies a record when the log is compared with the archive at start. */
static void note_id(struct batch_range *range, const struct event *event, const char *value,
                    size_t length)
{
    if (event && event->id) {
        memcpy(range->last_id, event->id, strlen(event->id) + 1); /* at most EVENT_MAX_KEY */
        return;
    }
    uint8_t digest[16];
    key128_store(key128_of(value ? value : "", length), digest);
    hex_encode(digest, sizeof(digest), range->last_id);
}

void batch_add(struct batch *batch, size_t partition, int64_t offset, int64_t log_time_us,
               const char *value, size_t length)
{
    const struct log_partition *from = &batch->partitions[partition];
    struct log_position position = {from->topic, from->partition, from->archived, offset};
    struct batch_range *range = &batch->ranges[partition];
    struct error err = {0};
    batch->events =
        array_room(batch->events, batch->event_count, &batch->event_capacity, sizeof(struct event));
    struct event *event = &batch->events[batch->event_count];
    bool readable = false;
    if (!value)
        error_set(&err, ERROR_DATA, false, "empty: a record without a value");
    else
        readable = event_decode(batch->decoder, value, length, event, &err);
    if (from->archived)
        add_archive_row(batch->archive, &position, log_time_us, readable ? event : NULL, value,
                        length);
    note_id(range, readable ? event : NULL, value, length);
    range->last_offset = offset;
    range->next_offset = offset + 1;
    range->last_log_time = log_time_us;
    if (log_time_us < batch->oldest_log_time)
        batch->oldest_log_time = log_time_us;
    batch->records++;
    batch->bytes += length;
    if (!readable) {
        add_unreadable(batch, &position, err.message);
        return;
    }
    batch->positions = array_room(batch->positions, batch->event_count, &batch->position_capacity,
                                  sizeof(struct log_position));
    batch->positions[batch->event_count++] = position;
}

void batch_reach(struct batch *batch, size_t partition, int64_t offset)
{
    if (offset <= batch->ranges[partition].next_offset)
        return;
    batch->ranges[partition].next_offset = offset;
    batch->reached++;
}

void batch_end(struct batch *batch)
{
    pg_copy_end(&batch->archive->copy);
}
