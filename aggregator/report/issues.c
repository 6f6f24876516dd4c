/* mooc-aggregator issues: what is wrong with the data, and files that the units fill in. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "../../common/allocate.h"
#include "../../common/file.h"
#include "../commands.h"
#include "../session.h"
#include "output.h"
#include "scope.h"
#include "sql.h"

enum column {
    KIND,
    ISSUE,
    ISSUE_EN,
    WAVE,
    UNIT,
    UNIT_NAME,
    SOURCE,
    FILE_NAME,
    SHEET,
    ROW,
    DETAIL,
    TO_DO,
    TO_DO_EN,
    FOR_UNIT,
    COUNT
};

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static struct report *list_of(const struct pg_rows *rows, enum language language)
{
    struct report *r = report_new("issues", language);
    r->title = SAY(r, "LỖI DỮ LIỆU CẦN XỬ LÝ", "DATA ISSUES");
    report_add_program_column(r, CELL_TEXT, "kind");
    report_add_program_column(r, CELL_TEXT, "unit");
    report_add_column(r, CELL_TEXT, "unit_name", NULL, SAY(r, "Đơn vị", "Unit"));
    report_add_column(r, CELL_TEXT, "issue", NULL, SAY(r, "Lỗi", "Issue"));
    report_add_column(r, CELL_TEXT, "file", NULL, SAY(r, "Tệp", "File"));
    report_add_column(r, CELL_TEXT, "sheet", NULL, "Sheet");
    report_add_column(r, CELL_NUMBER, "row", NULL, SAY(r, "Dòng", "Row"));
    report_add_column(r, CELL_TEXT, "source", NULL, SAY(r, "Nguồn", "Source"));
    report_add_column(r, CELL_TEXT, "detail", NULL, SAY(r, "Chi tiết", "Detail"));
    report_add_program_column(r, CELL_TEXT, "what_to_do");
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        size_t row = report_add_row(r);
        bool vi = language == LANGUAGE_VI;
        report_put_text(r, row, "kind", pg_rows_value(rows, i, KIND));
        report_put_text(r, row, "unit", pg_rows_value(rows, i, UNIT));
        report_put_text(r, row, "unit_name", pg_rows_value(rows, i, UNIT_NAME));
        report_put_text(r, row, "issue", pg_rows_value(rows, i, vi ? ISSUE : ISSUE_EN));
        report_put_text(r, row, "file", pg_rows_value(rows, i, FILE_NAME));
        report_put_text(r, row, "sheet", pg_rows_value(rows, i, SHEET));
        if (pg_rows_value(rows, i, ROW) != NULL)
            report_put_number(r, row, "row", pg_rows_integer(rows, i, ROW, 0));
        report_put_text(r, row, "source", pg_rows_value(rows, i, SOURCE));
        report_put_text(r, row, "detail", pg_rows_value(rows, i, DETAIL));
        report_put_text(r, row, "what_to_do", pg_rows_value(rows, i, vi ? TO_DO : TO_DO_EN));
    }
    return r;
}

/* A kind of fault: where it stands first, and how often. */
struct kind_count {
    size_t first, count;
};

/* The kinds in the order in which they appear; freed by the caller. There are a few, of rows hundreds of thousands. */
static struct kind_count *count_kinds(const struct pg_rows *rows, size_t *kinds)
{
    struct kind_count *list = NULL;
    size_t capacity = 0;
    *kinds = 0;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        size_t at = 0;
        while (at < *kinds &&
               strcmp(pg_rows_value(rows, list[at].first, KIND), pg_rows_value(rows, i, KIND)) != 0)
            at++;
        if (at == *kinds) {
            list = array_room(list, *kinds, &capacity, sizeof(*list));
            list[(*kinds)++] = (struct kind_count){.first = i};
        }
        list[at].count++;
    }
    return list;
}

/* How many of each kind, and what is to be done about it. */
static void add_summary(struct report *r, const struct pg_rows *rows)
{
    bool vi = r->language == LANGUAGE_VI;
    size_t kinds;
    struct kind_count *list = count_kinds(rows, &kinds);
    for (size_t i = 0; i < kinds; i++)
        report_add_note(r, "%s: %zu. %s.", pg_rows_value(rows, list[i].first, vi ? ISSUE : ISSUE_EN),
                        list[i].count, pg_rows_value(rows, list[i].first, vi ? TO_DO : TO_DO_EN));
    if (kinds == 0)
        report_add_note(r, "%s", SAY(r, "Không có lỗi dữ liệu nào.", "No data issue."));
    free(list);
}

/* The kinds that `mooc-ingest correct` takes an answer to; the others are put right in the next list. */
static bool is_correctable(const char *kind)
{
    static const char *const kinds[] = {
        "email_malformed",   "email_missing",   "identifier_shared", "account_under_other_email",
        "citizen_malformed", "phone_malformed", "listed_twice",      "unit_unknown"};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    }
    return false;
}

/* The file that a unit fills in: mooc-ingest correct reads it, so headings and the code in "Lỗi" stay as they are in every
 * language. */
static struct report *form_of(const struct pg_rows *rows, size_t first, size_t end,
                              enum language language)
{
    struct report *r = report_new("issues", language);
    const char *unit = pg_rows_value(rows, first, UNIT_NAME);
    r->title = report_copy(r, unit != NULL ? unit : "");
    report_add_column(r, CELL_TEXT, "File", NULL, "File");
    report_add_column(r, CELL_TEXT, "Sheet", NULL, "Sheet");
    report_add_column(r, CELL_NUMBER, "Dòng", NULL, "Dòng");
    report_add_column(r, CELL_TEXT, "Lỗi", NULL, "Lỗi");
    report_add_column(r, CELL_TEXT, "Cần làm", NULL, "Cần làm");
    report_add_column(r, CELL_TEXT, "Sửa thành", NULL, "Sửa thành");
    for (size_t i = first; i < end; i++) {
        bool vi = language == LANGUAGE_VI;
        const char *detail = pg_rows_value(rows, i, DETAIL);
        if (pg_rows_value(rows, i, FILE_NAME) == NULL || pg_rows_value(rows, i, ROW) == NULL ||
            !is_correctable(pg_rows_value(rows, i, KIND)))
            continue;
        size_t row = report_add_row(r);
        char to_do[1024];
        snprintf(to_do, sizeof(to_do), "%s: %s%s%s%s", pg_rows_value(rows, i, vi ? ISSUE : ISSUE_EN),
                 pg_rows_value(rows, i, vi ? TO_DO : TO_DO_EN), detail != NULL ? " (" : "",
                 detail != NULL ? detail : "", detail != NULL ? ")" : "");
        report_put_text(r, row, "File", pg_rows_value(rows, i, FILE_NAME));
        report_put_text(r, row, "Sheet", pg_rows_value(rows, i, SHEET));
        report_put_number(r, row, "Dòng", pg_rows_integer(rows, i, ROW, 0));
        report_put_text(r, row, "Lỗi", pg_rows_value(rows, i, KIND));
        report_put_text(r, row, "Cần làm", to_do);
    }
    return r;
}

static bool export_forms(const struct pg_rows *rows, const char *folder, enum language language,
                         struct error *err)
{
    bool slash = folder[0] != '\0' && folder[strlen(folder) - 1] == '/';
    if (mkdir(folder, 0770) != 0 && errno != EEXIST)
        return error_set(err, ERROR_INTERNAL, false, "%s: %s", folder, strerror(errno));
    size_t files = 0;
    for (size_t first = 0, end; first < pg_rows_count(rows); first = end) {
        const char *unit = pg_rows_value(rows, first, UNIT);
        for (end = first + 1; end < pg_rows_count(rows); end++) {
            if (!same_text(unit, pg_rows_value(rows, end, UNIT)))
                break;
        }
        struct report *form = form_of(rows, first, end, language);
        char name[FILE_NAME_SIZE];
        file_name_of(unit != NULL ? unit : "khong-ro-don-vi", name);
        struct text_buffer path = {0};
        text_buffer_add_format(&path, "%s%s%s.xlsx", folder, slash ? "" : "/", name);
        bool written = form->row_count == 0 || output_report(form, OUTPUT_XLSX, path.data, err);
        if (written && form->row_count > 0) {
            printf("%s: %zu\n", path.data, form->row_count);
            files++;
        }
        text_buffer_free(&path);
        report_free(form);
        if (!written)
            return false;
    }
    if (files == 0)
        printf("%s\n", language == LANGUAGE_VI ? "Không có dòng nào để các đơn vị sửa."
                                               : "No row for the units to correct.");
    return true;
}

/* A code that is nowhere is a slip of the pen: an empty list would read as "all is well". */
static bool filter_fits(struct pg *pg, const char *const parameters[2], struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_issues_filter, 2, parameters, err);
    if (rows == NULL)
        return false;
    bool wave = pg_rows_value(rows, 0, 0)[0] == 't', unit = pg_rows_value(rows, 0, 1)[0] == 't';
    pg_rows_free(rows);
    if (!wave)
        scope_refuse_wave(pg, parameters[0], err);
    else if (!unit)
        error_set(err, ERROR_USAGE, false,
                  "there is no unit \"%s\"; bi.units and units.csv have the codes", parameters[1]);
    return wave && unit;
}

static bool list_issues(const struct options *options, struct error *err)
{
    enum language language;
    enum output_format format;
    const char *folder = options_text(options, "export");
    if (!output_language_parse(options_text(options, "lang"), &language, err) ||
        !output_format_parse(options_text(options, "format"), options_text(options, "out"), &format,
                             err) ||
        !file_check_out(options_text(options, "out"), err) ||
        (folder != NULL && !file_check_folder_out(folder, err)))
        return false;
    struct pg *pg = session_open(options, "issues", true, err);
    if (pg == NULL)
        return false;
    const char *parameters[] = {options_text(options, "wave"), options_text(options, "unit")};
    struct pg_rows *rows =
        filter_fits(pg, parameters, err) ? pg_query(pg, sql_issues, 2, parameters, err) : NULL;
    bool done = rows != NULL;
    if (done && folder != NULL) {
        done = export_forms(rows, folder, language, err);
    } else if (done) {
        struct report *report = list_of(rows, language);
        add_summary(report, rows);
        done = output_report(report, format, options_text(options, "out"), err);
        report_free(report);
        if (done && options_text(options, "out") != NULL)
            printf("%s\n", options_text(options, "out"));
    }
    if (rows != NULL)
        pg_rows_free(rows);
    pg_rollback(pg);
    pg_free(pg);
    return done;
}

int command_issues(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    return list_issues(options, &err) ? 0 : session_fail(&err);
}
