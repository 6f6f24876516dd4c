#include "check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/progress.h"
#include "../../common/stop.h"
#include "../../common/tell.h"
#include "sql.h"

#define TELL_EVERY 4096

void archive_faults_free(struct archive_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        free(faults->lines[i]);
    free(faults->lines);
    *faults = (struct archive_faults){.vietnamese = faults->vietnamese};
}

void archive_fault(struct archive_faults *faults, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    faults->lines = must_have(realloc(faults->lines, (faults->count + 1) * sizeof(*faults->lines)));
    faults->lines[faults->count++] = must_have(strdup(line));
}

/* Files ------------------------------------------------------------------------------------------------------------------ */

static bool check_file(const struct archive_export *export, const char *month, int32_t partition,
                       struct progress *progress, struct archive_faults *faults, struct error *err)
{
    struct archive_reader *reader = archive_reader_month(export, partition, month);
    struct archive_record record;
    struct error failure = {0};
    enum archive_read read;
    int64_t rows = 0;
    while ((read = archive_reader_next(reader, &record, &failure)) == ARCHIVE_READ_RECORD) {
        if (++rows % TELL_EVERY != 0)
            continue;
        progress_add(progress, TELL_EVERY);
        if (stop_requested())
            break;
    }
    progress_add(progress, rows % TELL_EVERY);
    archive_reader_free(reader);
    if (stop_requested())
        return error_stopped(err);
    if (read == ARCHIVE_READ_FAILED)
        archive_fault(faults, "%s", error_words(&failure, faults->vietnamese));
    return true;
}

bool archive_check_files(const struct archive_export *export, struct archive_faults *faults,
                         struct error *err)
{
    const struct archive_manifest *m = archive_of(export);
    struct progress *progress = progress_new("reading the export", archive_rows(export, -1));
    bool ok = true;
    progress_at(progress, 0, archive_rows(export, -1));
    for (size_t i = 0; ok && i < m->month_count; i++)
        for (size_t p = 0; ok && p < m->months[i].part_count; p++)
            ok = check_file(export, m->months[i].month, m->months[i].parts[p].partition, progress,
                            faults, err);
    progress_end(progress);
    return ok;
}

/* Database --------------------------------------------------------------------------------------------------------------- */

/* 1: the month was detached, and was compared; 0: it was not; -1: failed. */
static int check_detached(const struct archive_month *month, struct pg *pg,
                          struct archive_faults *faults, struct error *err)
{
    const char *name = month->month;
    struct pg_rows *rows = pg_query(pg, sql_archive_detached, 1, &name, err);
    if (!rows)
        return -1;
    size_t count = pg_rows_count(rows), with_rows = 0;
    for (size_t i = 0; i < month->part_count; i++)
        with_rows += month->parts[i].rows > 0;
    for (size_t i = 0; i < count; i++) {
        int32_t partition = (int32_t)pg_rows_integer(rows, i, 0, 0);
        const struct archive_part *part = archive_month_part(month, partition);
        if (!part || part->rows != pg_rows_integer(rows, i, 1, 0) ||
            part->hash != (uint64_t)pg_rows_integer(rows, i, 2, 0))
            archive_fault(faults,
                          TELL(faults, "tháng %s phần %d không phải là phần đã tách khỏi kho",
                               "month %s partition %d is not what was detached from the archive"),
                          name, partition);
    }
    if (count > 0 && count != with_rows)
        archive_fault(faults,
                      TELL(faults, "tháng %s có nhiều phần hơn số phần đã tách khỏi kho",
                           "month %s has more partitions than were detached from the archive"),
                      name);
    pg_rows_free(rows);
    return count > 0;
}

static void add_number(struct text_buffer *out, int64_t number)
{
    if (out->length > 1)
        text_buffer_add_text(out, ",");
    text_buffer_add_number(out, number);
}

static bool check_attached(const struct archive_month *month, struct pg *pg, const char *folder,
                           struct archive_faults *faults, struct error *err)
{
    struct text_buffer arrays[3] = {{0}, {0}, {0}};
    for (size_t a = 0; a < ARRAY_LEN(arrays); a++)
        text_buffer_add_text(&arrays[a], "{");
    for (size_t i = 0; i < month->part_count; i++) {
        if (month->parts[i].rows == 0)
            continue;
        add_number(&arrays[0], month->parts[i].partition);
        add_number(&arrays[1], month->parts[i].rows);
        add_number(&arrays[2], (int64_t)month->parts[i].hash);
    }
    for (size_t a = 0; a < ARRAY_LEN(arrays); a++)
        text_buffer_add_text(&arrays[a], "}");
    const char *const parameters[] = {month->month, folder, arrays[0].data, arrays[1].data,
                                      arrays[2].data};
    struct pg_rows *rows = pg_query(pg, sql_archive_note_export, 5, parameters, err);
    for (size_t i = 0; rows && i < pg_rows_count(rows); i++) {
        int64_t exported = pg_rows_integer(rows, i, 1, 0), archived = pg_rows_integer(rows, i, 2, 0);
        faults->stale++;
        if (exported != archived)
            archive_fault(faults,
                          TELL(faults,
                               "tháng %s phần %s: bản xuất có %" PRId64 " bản ghi, kho có %" PRId64,
                               "month %s partition %s: the export has %" PRId64
                               " records, the archive %" PRId64),
                          month->month, pg_rows_value(rows, i, 0), exported, archived);
        else
            archive_fault(faults,
                          TELL(faults,
                               "tháng %s phần %s: kho có bản ghi khác với bản xuất; nếu từ đó đã "
                               "xóa ai thì hãy xuất lại",
                               "month %s partition %s: the archive has other records than the "
                               "export; if people were erased since, export again"),
                          month->month, pg_rows_value(rows, i, 0));
    }
    pg_rows_free(rows);
    for (size_t a = 0; a < ARRAY_LEN(arrays); a++)
        text_buffer_free(&arrays[a]);
    return rows != NULL;
}

static bool same_archive(const struct archive_manifest *m, struct pg *pg,
                         struct archive_faults *faults, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_archive_own_identity, 0, NULL, err);
    if (!rows)
        return false;
    if (strcmp(pg_rows_value(rows, 0, 0), m->archive_id) != 0)
        archive_fault(faults,
                      TELL(faults,
                           "bản xuất là của kho khác (%s), không phải của cơ sở dữ liệu này (%s)",
                           "the export is of another archive (%s) than this database's (%s)"),
                      m->archive_id, pg_rows_value(rows, 0, 0));
    pg_rows_free(rows);
    return true;
}

bool archive_check_database(const struct archive_export *export, struct pg *pg, const char *folder,
                            size_t *months, struct archive_faults *faults, struct error *err)
{
    const struct archive_manifest *m = archive_of(export);
    *months = 0;
    if (!same_archive(m, pg, faults, err))
        return false;
    if (faults->count > 0)
        return true;
    struct progress *progress =
        progress_new("comparing months with the database", (int64_t)m->month_count);
    bool ok = true;
    for (size_t i = 0; ok && i < m->month_count && !stop_requested(); i++) {
        const struct archive_month *month = &m->months[i];
        progress_at(progress, (int64_t)i, (int64_t)m->month_count);
        if (!month->complete)
            continue;
        int detached = check_detached(month, pg, faults, err);
        ok = detached > 0 || (detached == 0 && check_attached(month, pg, folder, faults, err));
        *months += ok;
    }
    progress_at(progress, (int64_t)m->month_count, (int64_t)m->month_count);
    progress_end(progress);
    return ok && (!stop_requested() || error_stopped(err));
}
