#include "export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/progress.h"
#include "../session.h"
#include "../status/ends.h"
#include "census.h"
#include "month_rows.h"
#include "folder.h"
#include "sql.h"

#define KAFKA_TIMEOUT_MS 5000
#define TELL_EVERY 4096

struct exporting {
    const struct options *options;
    const struct archive_wish *wish;
    struct archive_outcome *outcome;
    struct archive_folder folder;
    bool has_manifest; /* from before */
    bool is_own;       /* what the manifest does not name may be swept away */
    struct archive_manifest manifest;
    struct census census;
    struct pg *pg;
    struct progress *progress;
    struct sha256_stream *sha256;
};

/* One month -------------------------------------------------------------------------------------------------------------- */

struct writing {
    struct exporting *e;
    struct archive_month *month;
    struct archive_part *part; /* whose file is open */
    int64_t next_offset; /* of the part's partition when the archive was counted: what came since is not taken */
    struct gzip_writer *file;
    struct text_buffer lines;
    int64_t untold;
};

static bool end_part(struct writing *w, struct error *err)
{
    if (!w->file)
        return true;
    struct gzip_writer *file = w->file;
    w->file = NULL;
    if (w->part->rows == 0) { /* all of them came since */
        gzip_abandon(file);
        return true;
    }
    if (!gzip_write(file, w->lines.data, w->lines.length, err)) {
        gzip_abandon(file);
        return false;
    }
    text_buffer_clear(&w->lines);
    if (!archive_folder_keep(&w->e->folder, w->month->month, file, w->part, err))
        return false;
    w->e->outcome->bytes += w->part->bytes;
    return true;
}

static bool begin_part(struct writing *w, int32_t partition, struct error *err)
{
    if (!end_part(w, err))
        return false;
    size_t i = 0; /* the month's parts are the census's partitions */
    while (i < w->month->part_count && w->month->parts[i].partition != partition)
        i++;
    if (i == w->month->part_count || w->month->parts[i].rows > 0)
        return error_set(err, ERROR_INTERNAL, false,
                         "partition %d came in another order than asked", partition);
    w->part = &w->month->parts[i];
    w->next_offset = w->e->census.partitions[i].next_offset;
    w->file = archive_folder_create(&w->e->folder, w->month->month, partition, err);
    return w->file != NULL;
}

static bool add_record(struct writing *w, const struct archive_record *record, struct error *err)
{
    if (record->length > ARCHIVE_MAX_VALUE)
        return error_tell(err, ERROR_STATE, false,
                          "phần %d vị trí %lld lớn hơn mức một bản xuất nhận",
                          "partition %d offset %lld is larger than an export takes",
                          record->partition, (long long)record->offset);
    if ((!w->file || w->part->partition != record->partition) &&
        !begin_part(w, record->partition, err))
        return false;
    if (record->offset >= w->next_offset)
        return true;
    struct archive_part *p = w->part;
    if (p->rows > 0 && record->offset <= p->last_offset)
        return error_tell(
            err, ERROR_STATE, false,
            "kho có phần %d vị trí %lld hai lần: hãy chạy mooc-aggregator verify",
            "the archive has partition %d offset %lld twice: run mooc-aggregator verify",
            record->partition, (long long)record->offset);
    if (p->rows == 0) {
        p->first_offset = record->offset;
        p->first_time_us = p->last_time_us = record->log_time_us;
    }
    p->rows++;
    p->erased += record->content == ARCHIVE_ERASED;
    p->last_offset = record->offset;
    p->first_time_us =
        record->log_time_us < p->first_time_us ? record->log_time_us : p->first_time_us;
    p->last_time_us = record->log_time_us > p->last_time_us ? record->log_time_us : p->last_time_us;
    p->hash ^= archive_record_hash(w->e->sha256, record);
    archive_record_write(record, &w->lines);
    if (w->lines.length < (256 << 10))
        return true;
    bool ok = gzip_write(w->file, w->lines.data, w->lines.length, err);
    text_buffer_clear(&w->lines);
    return ok;
}

static void told(struct writing *w, int64_t rows)
{
    w->untold += rows;
    if (w->untold < TELL_EVERY && rows > 0)
        return;
    progress_add(w->e->progress, w->untold);
    w->untold = 0;
}

static bool copy_month(struct writing *w, struct month_rows *rows, struct error *err)
{
    const char *data;
    size_t length;
    struct archive_record record;
    if (!pg_copy_out_begin(w->e->pg, sql_archive_copy, err))
        return false;
    for (;;) {
        if (!pg_copy_out_next(w->e->pg, &data, &length, err))
            return false;
        if (!data)
            break;
        month_rows_add(rows, data, length);
        int got;
        while ((got = month_rows_next(rows, &record, err)) > 0) {
            if (!add_record(w, &record, err))
                return false;
            told(w, 1);
        }
        if (got < 0)
            return false;
    }
    told(w, 0);
    return end_part(w, err);
}

static void start_month(struct exporting *e, struct archive_month *month, const char *name, bool whole)
{
    snprintf(month->month, sizeof(month->month), "%s", name);
    month->complete = whole;
    month->exported_us = clock_now_us();
    month->part_count = e->census.partition_count;
    month->parts = must_have(calloc(month->part_count + 1, sizeof(*month->parts)));
    for (size_t i = 0; i < month->part_count; i++) {
        struct archive_part *p = &month->parts[i];
        p->partition = e->census.partitions[i].partition;
        p->rows_before = census_rows_before(&e->census, name, p->partition);
        p->first_offset = p->last_offset = p->first_time_us = p->last_time_us = -1;
    }
}

static bool as_counted(const struct exporting *e, const struct archive_month *month, struct error *err)
{
    for (size_t i = 0; i < month->part_count; i++) {
        const struct archive_part *p = &month->parts[i];
        const struct census_row *row = census_find(&e->census, month->month, p->partition);
        if (p->rows != (row ? row->rows : 0))
            return error_set(err, ERROR_INTERNAL, false,
                             "month %s partition %d gave %lld rows of %lld", month->month,
                             p->partition, (long long)p->rows, (long long)(row ? row->rows : 0));
    }
    return true;
}

static void renew_reaches(struct exporting *e)
{
    struct archive_manifest *m = &e->manifest;
    struct archive_reach *reaches = must_have(calloc(e->census.partition_count, sizeof(*reaches)));
    for (size_t i = 0; i < e->census.partition_count; i++) {
        const struct census_end *end = &e->census.partitions[i];
        reaches[i] = (struct archive_reach){end->partition, end->next_offset,
                                            census_through(&e->census, m, end->partition)};
    }
    free(m->reaches);
    m->reaches = reaches;
    m->reach_count = e->census.partition_count;
    m->updated_us = clock_now_us();
}

static bool export_month(struct exporting *e, const char *name, bool whole, struct error *err)
{
    struct archive_month month = {0};
    struct month_rows rows = {0};
    struct writing w = {.e = e, .month = &month};
    start_month(e, &month, name, whole);
    /* No snapshot outlives its month: an old one would keep PostgreSQL from cleaning up behind the writer. */
    struct pg_rows *set =
        pg_begin(e->pg, err) ? pg_query(e->pg, sql_archive_month, 1, &name, err) : NULL;
    pg_rows_free(set);
    bool ok =
        set && copy_month(&w, &rows, err) && as_counted(e, &month, err) && pg_commit(e->pg, err);
    gzip_abandon(w.file);
    text_buffer_free(&w.lines);
    month_rows_free(&rows);
    if (!ok) {
        free(month.parts);
        return false;
    }
    *archive_manifest_renew(&e->manifest, name) = month;
    renew_reaches(e);
    if (!archive_folder_write(&e->folder, &e->manifest, err))
        return false;
    archive_folder_sweep(&e->folder, &e->manifest);
    e->outcome->months++;
    for (size_t i = 0; i < month.part_count; i++)
        e->outcome->rows += month.parts[i].rows;
    return true;
}

/* Which months ------------------------------------------------------------------------------------------------------------ */

/* Rows are only ever added or blanked. */
static bool as_exported(const struct exporting *e, const char *name)
{
    const struct archive_month *month = archive_manifest_month(&e->manifest, name);
    if (!month || !month->complete)
        return false;
    for (size_t i = 0; i < e->census.partition_count; i++) {
        int32_t partition = e->census.partitions[i].partition;
        const struct archive_part *part = archive_month_part(month, partition);
        const struct census_row *row = census_find(&e->census, name, partition);
        if ((part ? part->rows : 0) != (row ? row->rows : 0) ||
            (part ? part->erased : 0) != (row ? row->erased : 0))
            return false;
    }
    return true;
}

/* Also one that was written before it was over. */
static bool wanted(struct exporting *e, const char *name, bool *whole)
{
    struct told why = {.vi = ""};
    if (e->wish->month && strcmp(e->wish->month, name) != 0)
        return false;
    if (census_month_is_detached(&e->census, name) || as_exported(e, name))
        return false;
    *whole = census_month_is_whole(&e->census, name, clock_now_us(), &why);
    if (*whole || e->wish->open_months || archive_manifest_month(&e->manifest, name))
        return true;
    if (!e->outcome->waiting.en[0])
        e->outcome->waiting = why;
    return false;
}

static bool new_month(const struct census *c, size_t i)
{
    return i == 0 || strcmp(c->rows[i].month, c->rows[i - 1].month) != 0;
}

static bool export_months(struct exporting *e, struct error *err)
{
    const struct census *c = &e->census;
    int64_t rows = 0;
    bool whole, ok = true;
    for (size_t i = 0; i < c->count; i++)
        if (c->rows[i].attached && wanted(e, c->rows[i].month, &whole))
            rows += c->rows[i].rows;
    e->progress = progress_new("exporting the archive", rows);
    for (size_t i = 0; ok && i < c->count; i++)
        if (new_month(c, i) && wanted(e, c->rows[i].month, &whole))
            ok = export_month(e, c->rows[i].month, whole, err);
    progress_end(e->progress);
    return ok;
}

/* Kafka is asked only where the archive alone cannot tell that a month is whole. */
static void look_at_log(struct exporting *e)
{
    struct partition_end *ends = NULL;
    size_t count = 0;
    struct error ignored = {0};
    if (!partition_ends_fetch(e->options, KAFKA_TIMEOUT_MS, &ends, &count, &ignored))
        return;
    for (size_t i = 0; i < count; i++)
        for (size_t p = 0; p < e->census.partition_count; p++)
            if (strcmp(ends[i].topic, e->manifest.topic) == 0 &&
                ends[i].partition == e->census.partitions[p].partition)
                e->census.partitions[p].at_end = e->census.partitions[p].next_offset >= ends[i].end;
    free(ends);
}

static bool log_must_tell(const struct exporting *e)
{
    struct told why;
    int64_t begins, ends;
    for (size_t i = 0; i < e->census.count; i++) {
        const char *month = e->census.rows[i].month;
        if (e->wish->month && strcmp(e->wish->month, month) != 0)
            continue;
        archive_month_bounds(month, &begins, &ends);
        if (new_month(&e->census, i) && ends <= clock_now_us() && !as_exported(e, month) &&
            !census_month_is_whole(&e->census, month, clock_now_us(), &why))
            return true;
    }
    return false;
}

/* The folder --------------------------------------------------------------------------------------------------------------- */

static bool own_folder(struct exporting *e, struct error *err)
{
    bool found;
    const char *topic = options_text(e->options, "events_topic");
    struct archive_manifest *m = &e->manifest;
    struct pg_rows *rows = pg_query(e->pg, sql_archive_own_identity, 0, NULL, err);
    if (!rows)
        return false;
    char id[sizeof(m->archive_id)];
    snprintf(id, sizeof(id), "%s", pg_rows_value(rows, 0, 0));
    pg_rows_free(rows);
    struct error why = {0};
    if (!archive_folder_read(e->folder.dir, m, &found, &why))
        return error_tell(err, why.kind, why.retriable,
                          "không xuất tiếp được vào thư mục này, hãy chọn thư mục khác: %s%.0s",
                          "the export in this folder cannot be gone on with, take another folder: "
                          "%.0s%s",
                          error_words(&why, true), why.message);
    if (found && (strcmp(m->archive_id, id) != 0 || strcmp(m->topic, topic) != 0))
        return error_tell(
            err, ERROR_STATE, false,
            "%s chứa bản xuất của kho khác (topic %s, kho %s; ở đây là topic %s, kho %s): hãy chọn "
            "thư mục khác",
            "%s holds an export of another archive (topic %s, archive %s; this is topic %s, "
            "archive %s): take another folder",
            e->folder.dir, m->topic, m->archive_id, topic, id);
    e->has_manifest = found;
    if (!found)
        m->created_us = clock_now_us();
    memcpy(m->archive_id, id, sizeof(id));
    if (strlen(topic) >= sizeof(m->topic))
        return error_tell(err, ERROR_CONFIG, false, "tên topic quá dài",
                          "the topic's name is too long");
    snprintf(m->topic, sizeof(m->topic), "%s", topic);
    return true;
}

/* Files without a manifest are what a killed export left, but not of months that nobody else has: those lost theirs. */
static bool check_files(const struct exporting *e, struct error *err)
{
    for (size_t i = 0; !e->has_manifest && i < e->census.count; i++) {
        const char *month = e->census.rows[i].month;
        if (!e->census.rows[i].attached && archive_folder_has(&e->folder, month))
            return error_tell(
                err, ERROR_STATE, false,
                "%s không có manifest.json mà có tệp của tháng %s, là tháng kho không còn giữ: hãy "
                "khôi phục manifest.json vào đó, hoặc chọn thư mục khác",
                "%s has no manifest.json, but files of month %s, which the archive does not hold "
                "any more: bring its manifest.json back, or take another folder",
                e->folder.dir, month);
    }
    return true;
}

static bool check_wish(const struct exporting *e, struct error *err)
{
    const char *month = e->wish->month;
    bool there = false;
    for (size_t i = 0; month && i < e->census.count; i++)
        there = there || strcmp(e->census.rows[i].month, month) == 0;
    if (month && !there)
        return error_tell(err, ERROR_STATE, false, "kho không có gì của tháng %s",
                          "the archive holds nothing of month %s", month);
    if (month && census_month_is_detached(&e->census, month))
        return error_tell(
            err, ERROR_STATE, false,
            "tháng %s đã được tách ra: trước hết hãy đưa vào lại (archive attach hoặc import)",
            "month %s is detached: attach or import it first", month);
    return true;
}

static bool export_all(struct exporting *e, struct error *err)
{
    if (!own_folder(e, err) ||
        !pg_run(e->pg, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", err) ||
        !census_read(&e->census, e->pg, e->manifest.topic, err) || !pg_commit(e->pg, err) ||
        !check_wish(e, err) || !check_files(e, err))
        return false;
    e->is_own = true;
    archive_folder_sweep(&e->folder, &e->manifest);
    if (log_must_tell(e))
        look_at_log(e);
    if (!export_months(e, err))
        return false;
    /* What is in the archive by now, and what went through before, may be more than at the last time. */
    renew_reaches(e);
    return archive_folder_write(&e->folder, &e->manifest, err);
}

bool archive_export(const struct options *options, const struct archive_wish *wish,
                    struct archive_outcome *outcome, struct error *err)
{
    struct exporting e = {.options = options, .wish = wish, .outcome = outcome};
    *outcome = (struct archive_outcome){0};
    if (!archive_folder_lock(&e.folder, wish->dir, err))
        return false;
    e.sha256 = sha256_stream_new();
    e.pg = session_open(options, "archive export", false, err);
    bool ok = e.pg && export_all(&e, err);
    if (!ok && e.is_own) {
        struct archive_manifest kept;
        bool found;
        if (archive_folder_read(wish->dir, &kept, &found, NULL))
            archive_folder_sweep(&e.folder, &kept);
        archive_manifest_free(&kept);
    }
    pg_free(e.pg);
    census_free(&e.census);
    archive_manifest_free(&e.manifest);
    sha256_stream_free(e.sha256);
    archive_folder_unlock(&e.folder);
    return ok;
}
