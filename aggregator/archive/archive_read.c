#include "archive_read.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "folder.h"

#define PIECE ((size_t)256 << 10)

struct archive_export {
    char *dir;
    struct archive_manifest manifest;
};

struct archive_reader {
    const struct archive_export *export;
    int32_t partition;
    const char *only_month; /* NULL: all */
    size_t next_month;

    /* The file that is open: */
    const struct archive_part *part;
    struct gzip_reader *file;
    int64_t line;
    struct archive_part seen; /* what its records come to */

    struct text_buffer text; /* unpacked; from `at` on not taken yet */
    size_t at;
    struct text_buffer scratch;
    struct sha256_stream *sha256;
};

struct archive_export *archive_open(const char *dir, struct error *err)
{
    bool found;
    struct archive_export *export = must_have(calloc(1, sizeof(*export)));
    export->dir = must_have(strdup(dir));
    if (archive_folder_read(dir, &export->manifest, &found, err)) {
        if (found)
            return export;
        error_tell(
            err, ERROR_STATE,
            false, "%s không có bản xuất kho nào: không có manifest.json, là tệp được ghi sau cùng khi xuất",
            "%s holds no archive export: it has no manifest.json, which an export writes last", dir);
    }
    archive_close(export);
    return NULL;
}

void archive_close(struct archive_export *export)
{
    if (!export)
        return;
    archive_manifest_free(&export->manifest);
    free(export->dir);
    free(export);
}

const struct archive_manifest *archive_of(const struct archive_export *export)
{
    return &export->manifest;
}

int64_t archive_through(const struct archive_export *export, int32_t partition)
{
    for (size_t i = 0; i < export->manifest.reach_count; i++)
        if (export->manifest.reaches[i].partition == partition)
            return export->manifest.reaches[i].through;
    return 0;
}

int64_t archive_rows(const struct archive_export *export, int32_t partition)
{
    int64_t rows = 0;
    for (size_t i = 0; i < export->manifest.month_count; i++) {
        const struct archive_month *month = &export->manifest.months[i];
        for (size_t p = 0; p < month->part_count; p++)
            if (partition < 0 || month->parts[p].partition == partition)
                rows += month->parts[p].rows;
    }
    return rows;
}

struct archive_reader *archive_reader_month(const struct archive_export *export, int32_t partition,
                                            const char *month)
{
    struct archive_reader *r = must_have(calloc(1, sizeof(*r)));
    r->export = export;
    r->partition = partition;
    r->only_month = month;
    r->sha256 = sha256_stream_new();
    return r;
}

struct archive_reader *archive_reader_new(const struct archive_export *export, int32_t partition)
{
    return archive_reader_month(export, partition, NULL);
}

void archive_reader_free(struct archive_reader *r)
{
    if (!r)
        return;
    gzip_close(r->file);
    text_buffer_free(&r->text);
    text_buffer_free(&r->scratch);
    sha256_stream_free(r->sha256);
    free(r);
}

/* Files ------------------------------------------------------------------------------------------------------------------ */

/* False with err NONE: there is none left. */
static bool open_next(struct archive_reader *r, struct error *err)
{
    const struct archive_manifest *m = &r->export->manifest;
    char path[ARCHIVE_PATH];
    for (; r->next_month < m->month_count; r->next_month++) {
        const struct archive_month *month = &m->months[r->next_month];
        if (r->only_month && strcmp(month->month, r->only_month) != 0)
            continue;
        const struct archive_part *part = archive_month_part(month, r->partition);
        if (!part || part->rows == 0)
            continue;
        r->next_month++;
        r->part = part;
        r->line = 0;
        r->seen = (struct archive_part){.first_offset = -1, .last_offset = -1};
        if (!archive_path(path, r->export->dir, part->file, err))
            return false;
        r->file = gzip_open(path, err);
        return r->file != NULL;
    }
    return false;
}

static bool differs(const struct archive_reader *r, const char *vi, const char *en, struct error *err)
{
    return error_tell(err, ERROR_DATA, false, "%s: %s%.0s không như bản kê (sau vị trí %lld)",
                      "%s: %.0s%s not as the manifest says (behind offset %lld)", r->part->file, vi,
                      en, (long long)r->seen.last_offset);
}

static bool end_file(struct archive_reader *r, struct error *err)
{
    const struct archive_part *p = r->part, *s = &r->seen;
    struct gzip_sum sum;
    gzip_read_sum(r->file, &sum);
    gzip_close(r->file);
    r->file = NULL;
    if (r->text.length > r->at)
        return error_tell(err, ERROR_DATA, false, "%s: dòng cuối không kết thúc (sau vị trí %lld)",
                          "%s: its last line does not end (behind offset %lld)", p->file,
                          (long long)s->last_offset);
    if (sum.bytes != p->bytes)
        return differs(r, "kích thước", "its size is", err);
    if (memcmp(sum.sha256, p->sha256, 64) != 0)
        return differs(r, "mã SHA-256", "its SHA-256 is", err);
    if (s->rows != p->rows || s->erased != p->erased)
        return differs(r, "số bản ghi", "the number of its records is", err);
    if (s->first_offset != p->first_offset || s->last_offset != p->last_offset)
        return differs(r, "vị trí đầu hoặc cuối", "its first or last offset is", err);
    if (s->first_time_us != p->first_time_us || s->last_time_us != p->last_time_us)
        return differs(r, "thời điểm đầu hoặc cuối", "its first or last time is", err);
    return s->hash == p->hash ||
           differs(r, "mã băm của các bản ghi", "the hash of its records is", err);
}

/* Lines ------------------------------------------------------------------------------------------------------------------ */

/* 1: *line is one, without its newline; 0: the file is at its end; -1. */
static int next_line(struct archive_reader *r, const char **line, size_t *length, struct error *err)
{
    size_t searched = 0;
    for (;;) {
        size_t left = r->text.length - r->at;
        const char *begin = left > 0 ? r->text.data + r->at : "";
        const char *newline =
            left > searched ? memchr(begin + searched, '\n', left - searched) : NULL;
        if (newline) {
            *line = begin;
            *length = (size_t)(newline - begin);
            r->at += *length + 1;
            return 1;
        }
        if (left > ARCHIVE_MAX_LINE)
            return error_tell(err, ERROR_DATA, false, "%s dòng %lld quá dài so với một bản ghi",
                              "%s line %lld is too long for a record", r->part->file,
                              (long long)r->line + 1),
                   -1;
        searched = left;
        if (r->at > 0) {
            memmove(r->text.data, r->text.data + r->at, left);
            r->text.length = left;
            r->at = 0;
        }
        size_t got;
        text_buffer_reserve(&r->text, PIECE + 1);
        if (!gzip_read(r->file, r->text.data + r->text.length, PIECE, &got, err))
            return -1;
        if (got == 0)
            return 0;
        r->text.length += got;
    }
}

static bool take(struct archive_reader *r, const struct archive_record *record, struct error *err)
{
    struct archive_part *s = &r->seen;
    if (record->partition != r->partition)
        return error_tell(err, ERROR_DATA, false, "%s dòng %lld (vị trí %lld) là của phần %d",
                          "%s line %lld (offset %lld) is of partition %d", r->part->file,
                          (long long)r->line, (long long)record->offset, record->partition);
    if (record->offset <= s->last_offset)
        return error_tell(err, ERROR_DATA, false, "%s dòng %lld: vị trí %lld đứng sau %lld",
                          "%s line %lld: offset %lld stands behind %lld", r->part->file,
                          (long long)r->line, (long long)record->offset, (long long)s->last_offset);
    if (s->rows++ == 0) {
        s->first_offset = record->offset;
        s->first_time_us = s->last_time_us = record->log_time_us;
    }
    s->last_offset = record->offset;
    s->erased += record->content == ARCHIVE_ERASED;
    s->first_time_us =
        record->log_time_us < s->first_time_us ? record->log_time_us : s->first_time_us;
    s->last_time_us = record->log_time_us > s->last_time_us ? record->log_time_us : s->last_time_us;
    s->hash ^= archive_record_hash(r->sha256, record);
    return true;
}

static bool read_line(struct archive_reader *r, const char *line, size_t length,
                      struct archive_record *record, struct error *err)
{
    r->line++;
    if (!archive_record_read(line, length, &r->scratch, record, err))
        return error_context(err, "%s line %lld (behind offset %lld)", r->part->file,
                             (long long)r->line, (long long)r->seen.last_offset);
    return take(r, record, err);
}

enum archive_read archive_reader_next(struct archive_reader *r, struct archive_record *record,
                                      struct error *err)
{
    const char *line;
    size_t length;
    struct error own = {0};
    for (;;) {
        if (!r->file && !open_next(r, &own)) {
            if (own.kind == ERROR_NONE)
                return ARCHIVE_READ_END;
            break;
        }
        int got = next_line(r, &line, &length, &own);
        if (got > 0 && read_line(r, line, length, record, &own))
            return ARCHIVE_READ_RECORD;
        if (got < 0)
            error_context(&own, "%s (behind offset %lld)", r->part->file,
                          (long long)r->seen.last_offset);
        if (got != 0 || !end_file(r, &own))
            break;
    }
    if (err)
        *err = own;
    return ARCHIVE_READ_FAILED;
}
