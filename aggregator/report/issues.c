/* mooc-aggregator issues: what is wrong with the data, and files that the units fill in. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "../../common/allocate.h"
#include "../../common/file.h"
#include "../commands.h"
#include "../follow_up/issue_forms.h"
#include "../session.h"
#include "figure_notes.h"
#include "output.h"
#include "scope.h"
#include "sql.h"

static struct report *list_of(const struct pg_rows *rows, enum language language)
{
    struct report *r = report_new("issues", language);
    r->title = SAY(r, "LỖI DỮ LIỆU CẦN XỬ LÝ", "DATA ISSUES");
    r->sheet = SAY(r, "Lỗi dữ liệu", "Data issues");
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
        report_put_text(r, row, "kind", pg_rows_value(rows, i, ISSUES_KIND));
        report_put_text(r, row, "unit", pg_rows_value(rows, i, ISSUES_UNIT));
        report_put_text(r, row, "unit_name", pg_rows_value(rows, i, ISSUES_UNIT_NAME));
        report_put_text(r, row, "issue", pg_rows_value(rows, i, vi ? ISSUES_ISSUE : ISSUES_ISSUE_EN));
        report_put_text(r, row, "file", pg_rows_value(rows, i, ISSUES_FILE_NAME));
        report_put_text(r, row, "sheet", pg_rows_value(rows, i, ISSUES_SHEET));
        if (pg_rows_value(rows, i, ISSUES_ROW) != NULL)
            report_put_number(r, row, "row", pg_rows_integer(rows, i, ISSUES_ROW, 0));
        report_put_text(r, row, "source", pg_rows_value(rows, i, ISSUES_SOURCE));
        report_put_text(r, row, "detail",
                        pg_rows_value(rows, i, vi ? ISSUES_DETAIL : ISSUES_DETAIL_EN));
        report_put_text(r, row, "what_to_do",
                        pg_rows_value(rows, i, vi ? ISSUES_TO_DO : ISSUES_TO_DO_EN));
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
        while (at < *kinds && strcmp(pg_rows_value(rows, list[at].first, ISSUES_KIND),
                                     pg_rows_value(rows, i, ISSUES_KIND)) != 0)
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
    for (size_t i = 0; i < kinds; i++) {
        size_t first = list[i].first;
        const char *label = pg_rows_value(rows, first, vi ? ISSUES_ISSUE : ISSUES_ISSUE_EN);
        report_add_note(r, "%s: %s. %s.", label, report_number(r, (int64_t)list[i].count),
                        pg_rows_value(rows, first, vi ? ISSUES_TO_DO : ISSUES_TO_DO_EN));
        if (strcmp(pg_rows_value(rows, first, ISSUES_KIND), "account_not_on_roster") == 0)
            figure_note_accounts(r, label, -1);
    }
    if (kinds == 0)
        report_add_note(r, "%s", SAY(r, "Không có lỗi dữ liệu nào.", "No data issue."));
    free(list);
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
        scope_refuse_unit(pg, parameters[1], err);
    return wave && unit;
}

static bool export_forms(struct pg *pg, const struct pg_rows *rows, const char *const parameters[2],
                         const char *folder, enum language language, struct error *err)
{
    struct issue_groups *groups = issue_groups_read(pg, parameters[0], parameters[1], err);
    bool done = groups != NULL && issue_forms_write(rows, groups, folder, language, err);
    issue_groups_free(groups);
    return done;
}

static bool list_issues(const struct options *options, struct error *err)
{
    enum language language;
    enum output_format format;
    const char *folder = options_text(options, "export");
    static const char *const of_list[] = {"out", "format", NULL};
    if (folder != NULL &&
        !options_leave_out(options, of_list, "issues --export, which writes forms as xlsx", err))
        return false;
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
        done = export_forms(pg, rows, parameters, folder, language, err);
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
    return list_issues(options, &err) ? 0 : session_fail(options, &err);
}
