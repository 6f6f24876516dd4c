/* mooc-aggregator archive export|check|import|detach|attach */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/tell.h"
#include "../audit.h"
#include "../commands.h"
#include "../session.h"
#include "archive_restore.h"
#include "check.h"
#include "export.h"
#include "refill.h"
#include "sql.h"

static bool take_month(const struct options *options, bool needed, const char **month,
                       struct error *err)
{
    *month = options_text(options, "month");
    if (!*month && needed)
        return error_tell(err, ERROR_USAGE, false, "tháng nào? Hãy ghi --month YYYY-MM",
                          "which month? Say --month YYYY-MM");
    return !*month || archive_month_check(*month) ||
           error_tell(err, ERROR_USAGE, false, "%s không phải là tháng: hãy ghi như 2026-03",
                      "%s is no month: write it as 2026-03", *month);
}

/* Export ----------------------------------------------------------------------------------------------------------------- */

int command_archive_export(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    struct archive_outcome outcome;
    const struct teller to = tell_of(options);
    struct archive_wish wish = {.dir = options_argument(options, 0),
                                .open_months = options_boolean(options, "all")};
    if (!take_month(options, false, &wish.month, &err) ||
        !archive_export(options, &wish, &outcome, &err))
        return session_fail(options, &err);
    if (outcome.months == 0)
        puts(TELL(&to, "không có gì mới để xuất", "nothing new to export"));
    else
        printf(TELL(&to, "đã xuất %zu tháng: %" PRId64 " bản ghi trong %" PRId64 " byte\n",
                    "exported %zu month(s): %" PRId64 " records in %" PRId64 " bytes\n"),
               outcome.months, outcome.rows, outcome.bytes);
    if (outcome.waiting.en[0])
        printf(TELL(&to, "chưa xuất: %s\n", "left out: %s\n"),
               TELL(&to, outcome.waiting.vi, outcome.waiting.en));
    if (outcome.months > 0)
        printf(TELL(&to, "tiếp theo: mooc-aggregator archive check %s --against database\n",
                    "next: mooc-aggregator archive check %s --against database\n"),
               wish.dir);
    return 0;
}

/* Check ------------------------------------------------------------------------------------------------------------------ */

static const char *what_to_do(const struct archive_faults *faults)
{
    if (faults->stale < faults->count)
        return TELL(faults,
                    "không được dựa vào bản xuất này: hãy giữ nhật ký và kho, và xuất vào một "
                    "thư mục mới",
                    "this export must not be relied on: keep the log and the archive, and export "
                    "into a new folder");
    return TELL(faults,
                "chưa được dựa vào bản xuất này: hãy giữ nhật ký và kho, xuất lại vào chính "
                "thư mục này (archive export) rồi kiểm tra lại; nếu vẫn vậy thì xuất vào một "
                "thư mục mới",
                "this export must not be relied on yet: keep the log and the archive, export "
                "into this folder again (archive export), then check again; where it says so "
                "still, export into a new folder");
}

static void print_table(const struct archive_export *export, const struct archive_faults *faults,
                        size_t compared, int64_t records, const char *against)
{
    const struct archive_manifest *m = archive_of(export);
    for (size_t i = 0; i < faults->count; i++)
        printf("%s  %s\n", TELL(faults, "SAI", "WRONG"), faults->lines[i]);
    printf(TELL(faults, "%zu tháng, %" PRId64 " bản ghi của topic %s\n",
                "%zu month(s), %" PRId64 " records of topic %s\n"),
           m->month_count, archive_rows(export, -1), m->topic);
    if (faults->count > 0) {
        puts(what_to_do(faults));
        return;
    }
    puts(TELL(faults, "mọi tệp đúng như bản kê", "every file is as the manifest says"));
    if (records >= 0)
        printf(TELL(faults, "%" PRId64 " bản ghi mà Kafka còn giữ đều giống\n",
                    "%" PRId64 " record(s) that Kafka still holds are the same\n"),
               records);
    else if (against)
        printf(TELL(faults, "%zu tháng đã đủ giống như cơ sở dữ liệu%s\n",
                    "%zu whole month(s) are equal to the database%s\n"),
               compared,
               compared ? ""
                        : TELL(faults, "; tháng chưa hết thì không so sánh",
                               "; a month that is not over is not compared"));
    puts(TELL(faults, "\n     phần  đủ đến trước vị trí   lưu đến trước vị trí",
              "\npartition  complete before offset  archived before offset"));
    for (size_t i = 0; i < m->reach_count; i++)
        printf("%9d  %22" PRId64 "  %22" PRId64 "\n", m->reaches[i].partition,
               m->reaches[i].through, m->reaches[i].archived);
}

static void print_json(const struct archive_export *export, const struct archive_faults *faults,
                       size_t compared, int64_t records)
{
    const struct archive_manifest *m = archive_of(export);
    struct text_buffer out = {0};
    text_buffer_add_text(&out, faults->count == 0 ? "{\"ok\":true,\"topic\":"
                                                  : "{\"ok\":false,\"topic\":");
    text_buffer_add_json_string(&out, m->topic);
    text_buffer_add_format(
        &out, ",\"months\":%zu,\"records\":%" PRId64 ",\"months_equal\":%zu,\"wrong\":[",
        m->month_count, archive_rows(export, -1), compared);
    for (size_t i = 0; i < faults->count; i++) {
        text_buffer_add_text(&out, i > 0 ? "," : "");
        text_buffer_add_json_string(&out, faults->lines[i]);
    }
    text_buffer_add_text(&out, "],\"partitions\":[");
    for (size_t i = 0; i < m->reach_count; i++)
        text_buffer_add_format(
            &out, "%s{\"partition\":%d,\"complete_through\":%" PRId64 ",\"archived\":%" PRId64 "}",
            i > 0 ? "," : "", m->reaches[i].partition, m->reaches[i].through, m->reaches[i].archived);
    text_buffer_add_text(&out, "]");
    if (records >= 0)
        text_buffer_add_format(&out, ",\"log_records_equal\":%" PRId64, records);
    text_buffer_add_text(&out, "}");
    puts(out.data);
    text_buffer_free(&out);
}

static bool check(const struct options *options, const char *dir,
                  const struct archive_export *export, struct archive_faults *faults,
                  size_t *compared, int64_t *records, struct error *err)
{
    if (!archive_check_files(export, faults, err))
        return false;
    const char *against = options_text(options, "against");
    /* Only what can be read back is noted as exported. */
    if (!against || faults->count > 0)
        return true;
    if (strcmp(against, "log") == 0)
        return archive_check_log(export, options, records, faults, err);
    struct pg *pg = session_open(options, "archive check", false, err);
    char *folder = realpath(dir, NULL);
    bool ok = pg && archive_check_database(export, pg, folder ? folder : dir, compared, faults, err);
    free(folder);
    pg_free(pg);
    return ok;
}

static bool take_format(const struct options *options, bool *json, struct error *err)
{
    const char *format = options_text(options, "format");
    *json = format && strcmp(format, "json") == 0;
    return !format || *json || strcmp(format, "table") == 0 ||
           error_tell(err, ERROR_USAGE, false, "archive check in ra table hoặc json, không có %s",
                      "archive check prints table or json, not %s", format);
}

int command_archive_check(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    struct archive_faults faults = {0};
    const char *dir = options_argument(options, 0);
    size_t compared = 0;
    int64_t records = -1;
    bool json;
    if (!take_format(options, &json, &err))
        return session_fail(options, &err);
    faults.vietnamese = !json && tell_in_vietnamese(options);
    struct archive_export *export = archive_open(dir, &err);
    if (!export)
        return session_fail(options, &err);
    bool checked = check(options, dir, export, &faults, &compared, &records, &err);
    int exit_code = checked ? faults.count > 0 : session_fail(options, &err);
    if (checked && json)
        print_json(export, &faults, compared, records);
    else if (checked)
        print_table(export, &faults, compared, records, options_text(options, "against"));
    archive_faults_free(&faults);
    archive_close(export);
    return exit_code;
}

/* Import ----------------------------------------------------------------------------------------------------------------- */

static bool note(struct pg *pg, const struct options *options, const char *action,
                 const char *month, struct error *err)
{
    char detail[64] = "";
    if (month)
        snprintf(detail, sizeof(detail), "{\"month\":\"%s\"}", month);
    const struct audit_entry entry = {.action = action,
                                      .reason = options_text(options, "reason"),
                                      .config_version = -1,
                                      .detail = month ? detail : NULL};
    return audit_note(pg, &entry, err);
}

static bool note_refill(struct pg *pg, const struct options *options,
                        const struct refill_outcome *outcome, struct error *err)
{
    struct text_buffer detail = {0};
    text_buffer_add_text(&detail, "{\"topic\":");
    text_buffer_add_json_string(&detail, options_text(options, "events_topic"));
    text_buffer_add_format(&detail, ",\"records\":%" PRId64 "}", outcome->records);
    const struct audit_entry entry = {.action = "archive refill",
                                      .reason = options_text(options, "reason"),
                                      .config_version = -1,
                                      .detail = detail.data};
    bool noted = audit_note(pg, &entry, err);
    text_buffer_free(&detail);
    return noted;
}

int command_archive_import(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    struct archive_import_outcome outcome;
    const struct teller to = tell_of(options);
    const char *month;
    if (!take_month(options, false, &month, &err))
        return session_fail(options, &err);
    struct pg *pg = session_open(options, "archive import", false, &err);
    bool ok = pg &&
              archive_import(pg, options_text(options, "events_topic"),
                             options_argument(options, 0), month, &outcome, &err) &&
              (outcome.months == 0 || note(pg, options, "archive import", month, &err));
    pg_free(pg);
    if (!ok)
        return session_fail(options, &err);
    if (outcome.months == 0)
        puts(TELL(&to, "đã nạp 0 tháng: kho đã có mọi tháng của bản xuất này",
                  "loaded 0 month(s): the archive holds every month of this export already"));
    else
        printf(TELL(&to, "đã nạp %zu tháng: %" PRId64 " bản ghi\n",
                    "loaded %zu month(s): %" PRId64 " records\n"),
               outcome.months, outcome.rows);
    return 0;
}

/* Refill ----------------------------------------------------------------------------------------------------------------- */

int command_archive_refill(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    struct refill_outcome outcome = {0};
    const struct teller to = tell_of(options);
    struct pg *pg = session_open(options, "archive refill", false, &err);
    bool ok = pg && archive_refill(pg, options, &outcome, &err) &&
              note_refill(pg, options, &outcome, &err);
    pg_free(pg);
    if (!ok)
        return session_fail(options, &err);
    printf(TELL(&to, "%" PRId64 " bản ghi trong %zu phần của %s",
                "%" PRId64 " records in %zu partitions of %s"),
           outcome.records, outcome.partitions, options_text(options, "events_topic"));
    if (outcome.before > 0)
        printf(TELL(&to, " (trong đó %" PRId64 " đã có sẵn)", " (%" PRId64 " of them were there)"),
               outcome.before);
    printf("\n");
    return 0;
}

/* Detach, attach --------------------------------------------------------------------------------------------------------- */

/* sql takes the month and, where there are two, whether to drop it. */
static bool change_month(const struct options *options, const char *action, const char *sql,
                         size_t parameter_count, const char *month, int64_t *rows, struct error *err)
{
    const char *const parameters[] = {month, options_boolean(options, "drop") ? "t" : "f"};
    struct pg *pg = session_open(options, action, false, err);
    bool ok = pg && pg_begin(pg, err);
    struct pg_rows *answer = ok ? pg_query(pg, sql, parameter_count, parameters, err) : NULL;
    ok = answer && note(pg, options, action, month, err) && pg_commit(pg, err);
    *rows = ok ? pg_rows_integer(answer, 0, 0, 0) : 0;
    pg_rows_free(answer);
    pg_free(pg);
    return ok;
}

int command_archive_detach(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    const struct teller to = tell_of(options);
    const char *month;
    int64_t rows;
    if (!take_month(options, true, &month, &err) ||
        !change_month(options, "archive detach", sql_archive_detach_month, 2, month, &rows, &err))
        return session_fail(options, &err);
    printf(TELL(&to, "tháng %s đã ra khỏi kho: %" PRId64 " bản ghi; số liệu giữ nguyên\n",
                "month %s is out of the archive: %" PRId64 " records; the figures stay\n"),
           month, rows);
    if (options_boolean(options, "drop"))
        printf(TELL(&to, "đưa trở lại: mooc-aggregator archive import DIR --month %s\n",
                    "back: mooc-aggregator archive import DIR --month %s\n"),
               month);
    else
        printf(TELL(&to,
                    "bảng archive.detached_%.4s_%s của tháng đó có thể chuyển đi hoặc xóa; đưa trở "
                    "lại: mooc-aggregator archive attach --month %s\n",
                    "its table archive.detached_%.4s_%s may be moved or dropped; back: "
                    "mooc-aggregator archive attach --month %s\n"),
               month, month + 5, month);
    return 0;
}

int command_archive_attach(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    const struct teller to = tell_of(options);
    const char *month;
    int64_t rows;
    if (!take_month(options, true, &month, &err) ||
        !change_month(options, "archive attach", sql_archive_attach_month, 1, month, &rows, &err))
        return session_fail(options, &err);
    printf(TELL(&to, "tháng %s đã vào lại kho: %" PRId64 " bản ghi\n",
                "month %s is in the archive again: %" PRId64 " records\n"),
           month, rows);
    return 0;
}
