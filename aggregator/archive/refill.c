#include "refill.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/progress.h"
#include "../../common/stop.h"
#include "../write/log_reader.h"
#include "../write/pg_binary.h"
#include "log_writer.h"
#include "sql.h"
#include "whole.h"

#define KAFKA_TIMEOUT_MS 30000

struct refill {
    struct pg *pg;
    const struct options *options;
    const char *topic;
    struct log_reader *reader;
    struct log_writer *writer;
    struct event_decoder *decoder;
    struct progress *progress;
    size_t count;      /* partitions of the topic: 0 to count - 1, the reader's first ones */
    int64_t *held;     /* records that the topic holds */
    int64_t *wanted;   /* that it is to hold */
    int64_t *position; /* of the next record of the archive */
};

/* Before anything is written --------------------------------------------------------------------------------------------- */

static bool alone(struct refill *r, struct error *err)
{
    struct pg_rows *rows = pg_query(r->pg, sql_refill_lock, 0, NULL, err);
    bool got = rows && *pg_rows_value(rows, 0, 0) == 't';
    bool asked = rows != NULL;
    pg_rows_free(rows);
    return got || (asked && error_tell(err, ERROR_STATE, true,
                                       "đang có một lần archive refill khác: hãy chờ nó xong",
                                       "another archive refill is at work: wait for it"));
}

static bool read_range(struct refill *r, size_t p, struct error *err)
{
    int64_t begin;
    if (!log_reader_range(r->reader, p, KAFKA_TIMEOUT_MS, &begin, &r->held[p], err))
        return false;
    return begin == 0 ||
           error_tell(err, ERROR_STATE, false,
                      "topic %s đã xóa bớt bản ghi (phần %zu bắt đầu ở %" PRId64
                      "): hãy tạo lại topic",
                      "topic %s has deleted records already (partition %zu begins at %" PRId64
                      "): make it anew",
                      r->topic, p, begin);
}

static bool read_topic(struct refill *r, struct error *err)
{
    size_t count;
    r->reader = log_reader_new(r->options, false, err);
    if (!r->reader || !log_reader_discover(r->reader, KAFKA_TIMEOUT_MS, err))
        return false;
    const struct log_partition *partitions = log_reader_partitions(r->reader, &count);
    while (r->count < count && strcmp(partitions[r->count].topic, r->topic) == 0)
        r->count++;
    r->held = must_have(calloc(r->count + 1, sizeof(int64_t)));
    r->wanted = must_have(calloc(r->count + 1, sizeof(int64_t)));
    r->position = must_have(calloc(r->count + 1, sizeof(int64_t)));
    bool ok = true;
    for (size_t p = 0; ok && p < r->count; p++)
        ok = read_range(r, p, err);
    return ok;
}

static bool read_counts(struct refill *r, struct error *err)
{
    struct pg_rows *rows = pg_query(r->pg, sql_refill_counts, 0, NULL, err);
    bool ok = rows != NULL;
    for (size_t i = 0; ok && i < pg_rows_count(rows); i++) {
        int64_t partition = pg_rows_integer(rows, i, 0, 0);
        if (partition >= (int64_t)r->count)
            ok = error_tell(err, ERROR_STATE, false,
                            "topic %s có %zu phần, kho lại có phần số %" PRId64
                            ": hãy tạo topic như trước",
                            "topic %s has %zu partitions, the archive has number %" PRId64
                            ": make it as it was",
                            r->topic, r->count, partition);
        else
            r->wanted[partition] = pg_rows_integer(rows, i, 1, 0);
    }
    pg_rows_free(rows);
    return ok;
}

/* What an earlier call wrote is the beginning of what this one would write ------------------------------------------------ */

static bool other_content(const struct refill *r, size_t p, struct error *err)
{
    return error_tell(
        err, ERROR_STATE,
        false, "topic %s chứa bản ghi khác với kho (phần %zu): hãy tạo lại topic, và xem không còn mooc-ingest nào chạy",
        "topic %s holds other records than the archive (partition %zu): make it anew, "
        "and see that no mooc-ingest runs",
        r->topic, p);
}

static bool nth_id(struct refill *r, size_t p, int64_t n, char id[EVENT_MAX_KEY + 1],
                   struct error *err)
{
    char partition[24], number[24];
    const struct log_partition from = {r->topic, (int32_t)p, true};
    snprintf(partition, sizeof(partition), "%zu", p);
    snprintf(number, sizeof(number), "%" PRId64, n);
    struct pg_rows *rows =
        pg_query(r->pg, sql_refill_nth, 2, (const char *const[]){partition, number}, err);
    if (!rows)
        return false;
    const char *hex = pg_rows_value(rows, 0, 0);
    size_t length = hex ? strlen(hex) / 2 : 0;
    uint8_t *value = must_have(malloc(length + 1));
    bool ok = !hex || hex_decode(hex, length, value);
    struct batch *batch = batch_new(&from, 1);
    batch_clear(batch, NULL);
    batch_add(batch, 0, n, 0, hex ? (const char *)value : NULL, length);
    memcpy(id, batch->ranges[0].last_id, EVENT_MAX_KEY + 1);
    batch_free(batch);
    free(value);
    pg_rows_free(rows);
    return ok;
}

/* Is the topic's record there the archive's? By id, as the log is compared when the writer starts. */
static bool is_ours(struct refill *r, size_t p, int64_t offset, struct error *err)
{
    char id[EVENT_MAX_KEY + 1], ours[EVENT_MAX_KEY + 1] = "";
    return nth_id(r, p, offset, ours, err) &&
           log_reader_id_at(r->reader, p, offset, KAFKA_TIMEOUT_MS, id, err) &&
           (strcmp(id, ours) == 0 || other_content(r, p, err));
}

static bool check_held(struct refill *r, struct error *err)
{
    bool ok = true;
    for (size_t p = 0; ok && p < r->count; p++) {
        if (r->held[p] > r->wanted[p])
            ok = other_content(r, p, err);
        else if (r->held[p] > 0)
            ok = is_ours(r, p, 0, err) && is_ours(r, p, r->held[p] - 1, err);
    }
    return ok;
}

/* Writing ---------------------------------------------------------------------------------------------------------------- */

/* As mooc-ingest chooses it: the learner, else the entity; what cannot be read has none. */
static const char *key_of(struct refill *r, const char *value, size_t length, struct event *event)
{
    struct error unreadable = {0};
    event_decoder_reset(r->decoder);
    if (!value || !event_decode(r->decoder, value, length, event, &unreadable))
        return NULL;
    return event->subject ? event->subject : event->entity;
}

static bool write_row(struct refill *r, const struct pg_rows *rows, size_t row, struct error *err)
{
    struct event event;
    int32_t partition = pg_read_int4(pg_rows_value(rows, row, 0));
    const char *value = pg_rows_value(rows, row, 1);
    size_t length = pg_rows_length(rows, row, 1);
    if (r->position[partition]++ < r->held[partition])
        return true;
    return log_writer_put(r->writer, partition, key_of(r, value, length, &event), value, length, err);
}

static bool write_all(struct refill *r, struct error *err)
{
    bool ok = pg_run(r->pg, sql_refill_cursor, err);
    for (size_t count = 1; ok && count > 0;) {
        struct pg_rows *rows = pg_query_binary(r->pg, sql_refill_fetch, 0, NULL, err);
        count = rows ? pg_rows_count(rows) : 0;
        ok = rows != NULL;
        for (size_t i = 0; ok && i < count; i++)
            ok = write_row(r, rows, i, err);
        pg_rows_free(rows);
        if (ok)
            progress_add(r->progress, (int64_t)count);
        if (ok && stop_requested())
            ok = error_tell(err, ERROR_STOPPED, false, "đã dừng; gõ lại lệnh này để làm tiếp",
                            "stopped; the same command goes on");
    }
    return ok && log_writer_end(r->writer, err);
}

static bool is_whole(struct refill *r, struct error *err)
{
    bool ok = true;
    for (size_t p = 0; ok && p < r->count; p++)
        if ((ok = read_range(r, p, err)) && r->held[p] != r->wanted[p])
            ok = error_tell(err, ERROR_STATE, false,
                            "phần %zu của topic %s kết thúc ở %" PRId64 ", không phải ở %" PRId64
                            ": có chương trình khác ghi vào đó; hãy dừng nó và tạo lại topic",
                            "partition %zu of topic %s ends at %" PRId64 ", not at %" PRId64
                            ": somebody else writes to it; stop them and make it anew",
                            p, r->topic, r->held[p], r->wanted[p]);
    return ok;
}

static int64_t sum(const int64_t *numbers, size_t count)
{
    int64_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += numbers[i];
    return total;
}

static bool refill(struct refill *r, struct refill_outcome *outcome, struct error *err)
{
    if (!alone(r, err) ||
        !pg_run(r->pg, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", err) ||
        !archive_is_whole(r->pg, err) || !read_topic(r, err) || !read_counts(r, err) ||
        !check_held(r, err))
        return false;
    *outcome = (struct refill_outcome){sum(r->wanted, r->count), sum(r->held, r->count), r->count};
    r->writer = log_writer_new(r->options, err);
    r->progress = progress_new("filling the log", outcome->records);
    bool ok = r->writer && write_all(r, err) && is_whole(r, err);
    progress_end(r->progress);
    return ok;
}

bool archive_refill(struct pg *pg, const struct options *options, struct refill_outcome *outcome,
                    struct error *err)
{
    struct refill r = {.pg = pg,
                       .options = options,
                       .topic = options_text(options, "events_topic"),
                       .decoder = event_decoder_new()};
    bool ok = refill(&r, outcome, err);
    pg_rollback(pg);
    log_writer_free(r.writer);
    log_reader_free(r.reader);
    event_decoder_free(r.decoder);
    free(r.held);
    free(r.wanted);
    free(r.position);
    return ok;
}
