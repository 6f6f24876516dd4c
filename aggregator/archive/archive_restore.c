#include "archive_restore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/progress.h"
#include "../../common/stop.h"
#include "../write/batch.h"
#include "../write/pg_binary.h"
#include "archive_read.h"
#include "sql.h"

#define BATCH_RECORDS 8000
#define BATCH_BYTES ((size_t)8 << 20)
#define COLUMNS 13 /* of archive.events */

struct importing {
    struct pg *pg;
    struct archive_export *export;
    const char *topic;
    struct progress *progress;
    struct archive_import_outcome *outcome;
};

/* One month -------------------------------------------------------------------------------------------------------------- */

/* Of an erased record only the id is left; it is read by nothing that folds. */
static void add_erased(struct batch *batch, const struct archive_record *record)
{
    struct text_buffer *out = &batch->archive->copy;
    pg_copy_row(out, COLUMNS);
    pg_put_int4(out, record->partition);
    pg_put_int8(out, record->offset);
    pg_put_instant(out, record->log_time_us);
    pg_put_bytes(out, record->value, record->length);
    for (int i = 4; i < COLUMNS; i++)
        pg_put_null(out);
    batch->records++;
}

static bool send_batch(struct importing *im, struct batch *batch, struct error *err)
{
    bool ok = true;
    batch_end(batch);
    if (batch->records > 0)
        ok = pg_copy_in(im->pg, sql_copy_archive, batch->archive->copy.data,
                        batch->archive->copy.length, err);
    progress_add(im->progress, (int64_t)batch->records);
    im->outcome->rows += (int64_t)batch->records;
    batch_clear(batch, NULL);
    if (ok && stop_requested())
        ok = error_tell(err, ERROR_STOPPED, false, "đã dừng: gõ lại lệnh này để làm tiếp",
                        "stopped: the same command goes on");
    return ok;
}

static bool load_part(struct importing *im, const char *month, int32_t partition, struct error *err)
{
    const struct log_partition from = {im->topic, partition, true};
    const int64_t through = archive_through(im->export, partition);
    struct archive_reader *reader = archive_reader_month(im->export, partition, month);
    struct batch *batch = batch_new(&from, 1);
    struct archive_record record;
    enum archive_read read = ARCHIVE_READ_END;
    bool ok = true;
    batch_clear(batch, NULL);
    while (ok && (read = archive_reader_next(reader, &record, err)) == ARCHIVE_READ_RECORD) {
        if (record.offset >= through)
            continue;
        if (record.content == ARCHIVE_ERASED)
            add_erased(batch, &record);
        else
            batch_add(batch, 0, record.offset, record.log_time_us, record.value, record.length);
        if (batch->records >= BATCH_RECORDS || batch->archive->copy.length >= BATCH_BYTES)
            ok = send_batch(im, batch, err);
    }
    ok = ok && read == ARCHIVE_READ_END && send_batch(im, batch, err);
    batch_free(batch);
    archive_reader_free(reader);
    return ok;
}

static bool note_month(struct importing *im, const char *month, struct error *err)
{
    struct pg_rows *rows = pg_query(im->pg, sql_archive_note_import, 1, &month, err);
    bool right = rows && *pg_rows_value(rows, 0, 0) == 't';
    bool asked = rows != NULL;
    pg_rows_free(rows);
    return right ||
           (asked &&
            error_tell(
                err, ERROR_STATE,
                false, "tháng %s của bản xuất không phải là tháng đã tách khỏi kho này; chưa nạp gì của tháng đó",
                "month %s of the export is not what was detached from this "
                "archive; nothing of it was "
                "loaded",
                month));
}

/* An export from before an erasure has the values still. */
static bool blank_month(struct importing *im, const char *month, struct error *err)
{
    struct pg_rows *rows = pg_query(im->pg, sql_archive_blank_month, 1, &month, err);
    pg_rows_free(rows);
    return rows != NULL;
}

/* Whether nobody else has loaded it since it was listed, nor does before the end of this transaction. */
static bool still_missing(struct importing *im, const char *month, bool *missing, struct error *err)
{
    struct pg_rows *locked = pg_query(im->pg, sql_archive_import_lock, 0, NULL, err);
    struct pg_rows *rows = locked ? pg_query(im->pg, sql_archive_is_missing, 1, &month, err) : NULL;
    *missing = rows && *pg_rows_value(rows, 0, 0) == 't';
    pg_rows_free(locked);
    pg_rows_free(rows);
    return rows != NULL;
}

static bool load_rows(struct importing *im, const struct archive_month *in_export, struct error *err)
{
    const char *month = in_export->month;
    struct pg_rows *rows = pg_query(im->pg, sql_archive_ensure_month, 1, &month, err);
    bool ok = rows != NULL;
    pg_rows_free(rows);
    for (size_t p = 0; ok && p < in_export->part_count; p++)
        if (in_export->parts[p].rows > 0)
            ok = load_part(im, month, in_export->parts[p].partition, err);
    return ok && note_month(im, month, err) && blank_month(im, month, err);
}

static bool load_month(struct importing *im, const char *month, struct error *err)
{
    const struct archive_month *in_export = archive_manifest_month(archive_of(im->export), month);
    if (!in_export)
        return error_tell(err, ERROR_STATE, false, "bản xuất không có tháng %s",
                          "the export has no month %s", month);
    if (!pg_begin(im->pg, err))
        return false;
    bool missing;
    bool ok = still_missing(im, month, &missing, err) &&
              (!missing || load_rows(im, in_export, err)) && pg_commit(im->pg, err);
    if (!ok) {
        pg_rollback(im->pg);
        return false;
    }
    im->outcome->months += missing;
    return true;
}

/* The claim -------------------------------------------------------------------------------------------------------------- */

enum claim_array {
    PARTITIONS,
    NEXT_OFFSETS,
    LAST_OFFSETS,
    LAST_IDS,
    MONTHS,
    MONTH_PARTITIONS,
    ROWS,
    ERASED,
    FIRST_OFFSETS,
    MONTH_LAST_OFFSETS,
    HASHES,
    CLAIM_ARRAYS
};

struct claim {
    struct text_buffer arrays[CLAIM_ARRAYS];
};

static void put_text(struct claim *claim, enum claim_array array, const char *text)
{
    struct text_buffer *out = &claim->arrays[array];
    text_buffer_add_text(out, out->length > 0 ? "," : "{");
    if (!text) {
        text_buffer_add_text(out, "NULL");
        return;
    }
    text_buffer_add_text(out, "\"");
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            text_buffer_add_text(out, "\\");
        text_buffer_add(out, c, 1);
    }
    text_buffer_add_text(out, "\"");
}

static void put_number(struct claim *claim, enum claim_array array, int64_t number)
{
    char text[24];
    snprintf(text, sizeof(text), "%lld", (long long)number);
    put_text(claim, array, text);
}

static void put_part(struct claim *claim, const char *month, const struct archive_part *part)
{
    char day[16];
    snprintf(day, sizeof(day), "%s-01", month);
    put_text(claim, MONTHS, day);
    put_number(claim, MONTH_PARTITIONS, part->partition);
    put_number(claim, ROWS, part->rows);
    put_number(claim, ERASED, part->erased);
    put_number(claim, FIRST_OFFSETS, part->first_offset);
    put_number(claim, MONTH_LAST_OFFSETS, part->last_offset);
    put_number(claim, HASHES, (int64_t)part->hash);
}

/* The record with the highest offset of a partition: the log is compared with its id when the writer starts. */
struct last_record {
    int64_t offset;
    enum archive_content content;
    struct text_buffer value;
};

static void keep_last(struct last_record *last, const struct archive_record *record)
{
    if (record->offset <= last->offset)
        return;
    last->offset = record->offset;
    last->content = record->content;
    text_buffer_clear(&last->value);
    text_buffer_add(&last->value, record->length > 0 ? record->value : "", record->length);
}

static void put_last(struct importing *im, struct claim *claim, int32_t partition,
                     const struct last_record *last)
{
    if (last->offset < 0) {
        put_text(claim, LAST_OFFSETS, NULL);
        put_text(claim, LAST_IDS, NULL);
        return;
    }
    put_number(claim, LAST_OFFSETS, last->offset);
    if (last->content == ARCHIVE_ERASED) {
        put_text(claim, LAST_IDS, last->value.data);
        return;
    }
    const struct log_partition from = {im->topic, partition, true};
    struct batch *batch = batch_new(&from, 1);
    batch_clear(batch, NULL);
    batch_add(batch, 0, last->offset, 0, last->content == ARCHIVE_VALUE ? last->value.data : NULL,
              last->value.length);
    put_text(claim, LAST_IDS, batch->ranges[0].last_id);
    batch_free(batch);
}

static bool read_part(struct importing *im, const struct archive_month *month, int32_t partition,
                      int64_t through, struct sha256_stream *sha256, struct last_record *last,
                      struct claim *claim, struct error *err)
{
    struct archive_reader *reader = archive_reader_month(im->export, partition, month->month);
    struct archive_part part = {.partition = partition, .first_offset = -1};
    struct archive_record record;
    enum archive_read read;
    int64_t seen = 0;
    while ((read = archive_reader_next(reader, &record, err)) == ARCHIVE_READ_RECORD &&
           !stop_requested()) {
        if (++seen % BATCH_RECORDS == 0)
            progress_add(im->progress, BATCH_RECORDS);
        if (record.offset >= through)
            continue;
        part.first_offset = part.rows++ == 0 ? record.offset : part.first_offset;
        part.last_offset = record.offset;
        part.erased += record.content == ARCHIVE_ERASED;
        part.hash ^= archive_record_hash(sha256, &record);
        keep_last(last, &record);
    }
    progress_add(im->progress, seen % BATCH_RECORDS);
    archive_reader_free(reader);
    if (read == ARCHIVE_READ_RECORD)
        return error_stopped(err);
    if (part.rows > 0)
        put_part(claim, month->month, &part);
    return read == ARCHIVE_READ_END;
}

static bool read_all(struct importing *im, struct claim *claim, struct error *err)
{
    const struct archive_manifest *m = archive_of(im->export);
    struct sha256_stream *sha256 = sha256_stream_new();
    bool ok = true;
    im->progress = progress_new("reading the export", archive_rows(im->export, -1));
    progress_at(im->progress, 0, archive_rows(im->export, -1));
    for (size_t r = 0; ok && r < m->reach_count; r++) {
        const struct archive_reach *reach = &m->reaches[r];
        struct last_record last = {.offset = -1};
        for (size_t i = 0; ok && i < m->month_count; i++)
            ok = read_part(im, &m->months[i], reach->partition, reach->through, sha256, &last,
                           claim, err);
        put_number(claim, PARTITIONS, reach->partition);
        put_number(claim, NEXT_OFFSETS, reach->through);
        put_last(im, claim, reach->partition, &last);
        text_buffer_free(&last.value);
    }
    progress_end(im->progress);
    im->progress = NULL;
    sha256_stream_free(sha256);
    return ok;
}

static bool claim_archive(struct importing *im, struct error *err)
{
    struct claim claim = {0};
    const char *parameters[2 + CLAIM_ARRAYS] = {archive_of(im->export)->archive_id, im->topic};
    bool ok = read_all(im, &claim, err);
    for (size_t i = 0; i < CLAIM_ARRAYS; i++) {
        text_buffer_add_text(&claim.arrays[i], claim.arrays[i].length > 0 ? "}" : "{}");
        parameters[2 + i] = claim.arrays[i].data;
    }
    struct pg_rows *rows =
        ok ? pg_query(im->pg, sql_archive_claim, ARRAY_LEN(parameters), parameters, err) : NULL;
    ok = rows != NULL;
    pg_rows_free(rows);
    for (size_t i = 0; i < CLAIM_ARRAYS; i++)
        text_buffer_free(&claim.arrays[i]);
    return ok;
}

/* All -------------------------------------------------------------------------------------------------------------------- */

static bool begun_before(struct importing *im, bool *begun, struct error *err)
{
    const char *const parameters[] = {archive_of(im->export)->archive_id, im->topic};
    struct pg_rows *rows = pg_query(im->pg, sql_archive_import_state, 2, parameters, err);
    *begun = rows && *pg_rows_value(rows, 0, 0) == 't';
    pg_rows_free(rows);
    return rows != NULL;
}

static bool load_missing(struct importing *im, const char *month, struct error *err)
{
    struct pg_rows *missing = pg_query(im->pg, sql_archive_missing, 0, NULL, err);
    if (!missing)
        return false;
    bool ok = true, found = false;
    for (size_t i = 0; ok && i < pg_rows_count(missing); i++) {
        if (month && strcmp(month, pg_rows_value(missing, i, 0)) != 0)
            continue;
        found = true;
        ok = load_month(im, pg_rows_value(missing, i, 0), err);
    }
    pg_rows_free(missing);
    if (ok && month && !found)
        return error_tell(err, ERROR_STATE, false, "kho không thiếu tháng %s",
                          "the archive does not lack month %s", month);
    return ok;
}

bool archive_import(struct pg *pg, const char *topic, const char *dir, const char *month,
                    struct archive_import_outcome *outcome, struct error *err)
{
    struct importing im = {.pg = pg, .topic = topic, .outcome = outcome};
    bool begun = false;
    *outcome = (struct archive_import_outcome){0};
    im.export = archive_open(dir, err);
    if (!im.export)
        return false;
    const struct archive_manifest *m = archive_of(im.export);
    bool ok =
        strcmp(m->topic, topic) == 0 ||
        error_tell(err, ERROR_STATE, false, "%s là bản xuất của topic %s, events_topic lại là %s",
                   "%s is an export of topic %s, events_topic is %s", dir, m->topic, topic);
    ok = ok && begun_before(&im, &begun, err);
    if (ok && !begun)
        ok = month ? error_tell(err, ERROR_STATE, false,
                                "%s là bản xuất của kho khác, không phải của cơ sở dữ liệu này",
                                "%s is an export of another archive than this database's", dir)
                   : claim_archive(&im, err);
    if (ok) {
        im.progress = progress_new("loading the archive", month ? 0 : archive_rows(im.export, -1));
        ok = load_missing(&im, month, err);
        progress_end(im.progress);
    }
    archive_close(im.export);
    return ok;
}
