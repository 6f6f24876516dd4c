/* mooc-aggregator dead list|show|retry|drop */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/operator_name.h"
#include "../../common/tell.h"
#include "../audit.h"
#include "../commands.h"
#include "../report/output.h"
#include "../session.h"
#include "letters.h"
#include "print.h"
#include "sql.h"

#define ALL "all" /* instead of a record's name */

static struct letters_filter filter_of(const struct options *options)
{
    return (struct letters_filter){.source = options_text(options, "source"),
                                   .wave = options_text(options, "wave"),
                                   .unit = options_text(options, "unit"),
                                   .vietnamese = tell_in_vietnamese(options)};
}

/* table, csv or json: the rest of the option's words belongs to other commands. */
static bool parse_format(const struct options *options, bool csv, enum output_format *format,
                         struct error *err)
{
    const struct teller to = tell_of(options);
    const char *name = options_text(options, "format");
    *format = OUTPUT_TABLE;
    if (name == NULL || strcmp(name, "table") == 0 || (!csv && strcmp(name, "text") == 0))
        return true;
    if (strcmp(name, "json") == 0)
        *format = OUTPUT_JSON;
    else if (csv && strcmp(name, "csv") == 0)
        *format = OUTPUT_CSV;
    else
        return error_set(err, ERROR_USAGE, false,
                         TELL(&to, "ở đây không có định dạng \"%s\"; có: %s",
                              "there is no format \"%s\" here; there are: %s"),
                         name, csv ? "table, csv, json" : "text, json");
    return true;
}

/* One letter by its name; ERROR_STATE when there is none. Those that were set aside are found too. */
static bool find_one(struct pg *pg, const struct teller *to, const char *text,
                     struct letters *letters, struct error *err)
{
    struct letter_name name;
    const struct letters_filter filter = {
        .name = &name, .dropped = true, .vietnamese = to->vietnamese};
    size_t before = letters->count;
    if (!letter_name_parse(text, &name, err) || !letters_read(pg, &filter, letters, err))
        return false;
    return letters->count > before ||
           error_set(
               err, ERROR_STATE, false,
               TELL(
                   to,
                   "%s không phải (hoặc không còn là) bản ghi bị loại hay không đọc được: xem "
                   "`mooc-aggregator dead list`",
                   "%s is no rejected or unreadable record (any more): `mooc-aggregator dead list` "
                   "shows them"),
               text);
}

/* The letters that the arguments name, or "all" that fit the options. */
static bool find_named(struct pg *pg, const struct options *options,
                       const struct letters_filter *filter, struct letters *letters,
                       struct error *err)
{
    const struct teller to = tell_of(options);
    size_t count = options_argument_count(options);
    if (count == 1 && strcmp(options_argument(options, 0), ALL) == 0)
        return letters_read(pg, filter, letters, err);
    if (filter->source != NULL || filter->wave != NULL || filter->unit != NULL)
        return error_set(
            err, ERROR_USAGE, false,
            TELL(&to, "--source, --wave và --unit đi với \"" ALL "\", không đi với từng bản ghi",
                 "--source, --wave and --unit go with \"" ALL "\", not with single records"));
    for (size_t i = 0; i < count; i++) {
        if (!find_one(pg, &to, options_argument(options, i), letters, err))
            return false;
    }
    return true;
}

/* ---- list ---- */

int command_dead_list(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    enum output_format format;
    struct letters letters = {0};
    struct letters_filter filter = filter_of(options);
    filter.reason = options_text(options, "reason");
    filter.dropped = true;
    bool filtered = filter.source != NULL || filter.reason != NULL || filter.wave != NULL ||
                    filter.unit != NULL;
    struct pg *pg = parse_format(options, true, &format, &err)
                        ? session_open(options, "dead list", true, &err)
                        : NULL;
    bool done = pg != NULL && letters_read(pg, &filter, &letters, &err);
    if (done) {
        size_t aside = options_boolean(options, "all") ? 0 : letters_leave_out_dropped(&letters);
        bool for_people = format == OUTPUT_TABLE;
        struct report *report =
            dead_list_report(letters.items, letters.count, filtered, aside, for_people,
                             filter.vietnamese ? LANGUAGE_VI : LANGUAGE_EN);
        done = output_report(report, format, NULL, &err);
        report_free(report);
    }
    letters_free(&letters);
    pg_free(pg);
    return done ? 0 : session_fail(options, &err);
}

/* ---- show ---- */

static void print_letters(const struct letters *letters, const struct letter_record *records,
                          const struct options *options, bool json)
{
    struct text_buffer out = {0};
    bool value = options_boolean(options, "value"), vietnamese = tell_in_vietnamese(options);
    for (size_t i = 0; i < letters->count; i++) {
        if (json)
            dead_show_json(&letters->items[i], &records[i], value, &out);
        else
            dead_show_text(&letters->items[i], &records[i], value, vietnamese, &out);
        if (!json && i + 1 < letters->count)
            text_buffer_add_text(&out, "\n");
    }
    fwrite(out.data, 1, out.length, stdout);
    text_buffer_free(&out);
}

int command_dead_show(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    enum output_format format;
    struct letters letters = {0};
    struct letter_record *records = NULL;
    const struct teller to = tell_of(options);
    struct pg *pg = parse_format(options, false, &format, &err)
                        ? session_open(options, "dead show", true, &err)
                        : NULL;
    if (pg != NULL && find_one(pg, &to, options_argument(options, 0), &letters, &err))
        records = letter_records_read(pg, &letters, &err);
    if (records != NULL)
        print_letters(&letters, records, options, format == OUTPUT_JSON);
    letter_records_free(records, letters.count);
    letters_free(&letters);
    pg_free(pg);
    return err.kind != ERROR_NONE ? session_fail(options, &err) : 0;
}

/* ---- retry ---- */

static bool judge_all(const struct letters *letters, const struct letter_record *records,
                      enum output_format format, bool vietnamese, struct error *err)
{
    enum letter_verdict *verdicts = must_have(calloc(letters->count + 1, sizeof(*verdicts)));
    const char **texts = must_have(calloc(letters->count + 1, sizeof(*texts)));
    struct text_buffer *why = must_have(calloc(letters->count + 1, sizeof(*why)));
    for (size_t i = 0; i < letters->count; i++) {
        verdicts[i] = letter_judge(&letters->items[i], &records[i], vietnamese, &why[i]);
        texts[i] = why[i].data;
    }
    struct report *report = dead_retry_report(letters->items, verdicts, texts, letters->count,
                                              vietnamese ? LANGUAGE_VI : LANGUAGE_EN);
    bool printed = output_report(report, format, NULL, err);
    report_free(report);
    for (size_t i = 0; i < letters->count; i++)
        text_buffer_free(&why[i]);
    free(why);
    free(texts);
    free(verdicts);
    return printed;
}

int command_dead_retry(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    enum output_format format;
    struct letters letters = {0};
    struct letter_record *records = NULL;
    struct letters_filter filter = filter_of(options);
    filter.reason = options_text(options, "reason");
    struct pg *pg = parse_format(options, true, &format, &err)
                        ? session_open(options, "dead retry", true, &err)
                        : NULL;
    if (pg != NULL && find_named(pg, options, &filter, &letters, &err))
        records = letter_records_read(pg, &letters, &err);
    bool done = records != NULL && judge_all(&letters, records, format, filter.vietnamese, &err);
    letter_records_free(records, letters.count);
    letters_free(&letters);
    pg_free(pg);
    return done ? 0 : session_fail(options, &err);
}

/* ---- drop ---- */

/* Entities as an array of PostgreSQL's, and the audit's detail. */
static void name_letters(const struct letters *letters, struct text_buffer *entities,
                         struct text_buffer *detail)
{
    text_buffer_add_text(entities, "{");
    text_buffer_add_text(detail, "{\"records\":[");
    for (size_t i = 0; i < letters->count; i++) {
        const struct letter *letter = &letters->items[i];
        const char *comma = i > 0 ? "," : "";
        text_buffer_add_format(entities, "%s%s", comma, letter->entity);
        text_buffer_add_format(detail, "%s{\"entity\":\"%s\",\"reason\":", comma, letter->entity);
        text_buffer_add_json_string(detail, letter->reason);
        text_buffer_add_text(detail, "}");
    }
    text_buffer_add_text(entities, "}");
    text_buffer_add_text(detail, "]}");
}

static bool live_generation(struct pg *pg, struct audit_entry *entry, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_read_live, 0, NULL, err);
    if (rows == NULL)
        return false;
    entry->generation = (int)pg_rows_integer(rows, 0, 0, 0);
    entry->config_version = (int)pg_rows_integer(rows, 0, 2, -1);
    pg_rows_free(rows);
    return true;
}

/* dropped: how many were not set aside before. */
static bool drop(struct pg *pg, const struct letters *letters, const char *reason, int64_t *dropped,
                 struct error *err)
{
    struct text_buffer entities = {0}, detail = {0};
    name_letters(letters, &entities, &detail);
    const char *const parameters[] = {entities.data, operator_name(), reason};
    struct audit_entry entry = {.action = "dead drop", .reason = reason, .detail = detail.data};
    struct pg_rows *rows = pg_query(pg, sql_dead_drop, 3, parameters, err);
    bool fine = rows != NULL;
    *dropped = fine ? pg_rows_affected(rows) : 0;
    pg_rows_free(rows);
    if (fine && *dropped > 0)
        fine = live_generation(pg, &entry, err) && audit_note(pg, &entry, err);
    fine = fine && pg_commit(pg, err);
    text_buffer_free(&entities);
    text_buffer_free(&detail);
    return fine;
}

static void tell_dropped(const struct teller *to, const struct letters *letters, int64_t dropped)
{
    size_t kept_by_ingest = 0;
    for (size_t i = 0; i < letters->count; i++)
        kept_by_ingest += letters->items[i].kind == LETTER_REJECTED;
    printf(TELL(to, "đã bỏ qua: %lld/%zu; `dead list --all` vẫn liệt kê, các bảng lỗi thì không\n",
                "set aside: %lld of %zu; `dead list --all` still shows them, no list of faults "
                "does\n"),
           (long long)dropped, letters->count);
    if (kept_by_ingest > 0)
        printf(
            TELL(to,
                 "%zu bản ghi trong đó mooc-ingest cũng đang giữ: `mooc-ingest dead drop` rút và "
                 "xóa ở đó\n",
                 "%zu of them are kept by mooc-ingest as well: `mooc-ingest dead drop` withdraws "
                 "and forgets them there\n"),
            kept_by_ingest);
}

int command_dead_drop(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    struct letters letters = {0};
    int64_t dropped = 0;
    const struct teller to = tell_of(options);
    const char *reason = options_text(options, "reason");
    struct letters_filter filter = filter_of(options);
    struct pg *pg = NULL;
    if (reason == NULL || reason[strspn(reason, " \t")] == '\0')
        error_set(&err, ERROR_USAGE, false,
                  TELL(&to, "dead drop cần --reason LÝ-DO: vì sao được bỏ qua các bản ghi này",
                       "dead drop needs --reason TEXT: why these records may be left out"));
    else
        pg = session_open(options, "dead drop", false, &err);
    if (pg != NULL && pg_begin(pg, &err) && find_named(pg, options, &filter, &letters, &err)) {
        if (letters.count == 0)
            puts(TELL(&to, "không có gì để bỏ qua: không có bản ghi nào như vậy",
                      "nothing to set aside: no such record"));
        else if (drop(pg, &letters, reason, &dropped, &err))
            tell_dropped(&to, &letters, dropped);
    }
    if (pg != NULL)
        pg_rollback(pg); /* after a commit there is nothing left to roll back */
    letters_free(&letters);
    pg_free(pg);
    return err.kind != ERROR_NONE ? session_fail(options, &err) : 0;
}
