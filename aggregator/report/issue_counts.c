/* How many faults of each kind the units have, and what is to be done. The faults themselves: `mooc-aggregator issues`. */
#include <inttypes.h>
#include <string.h>

#include "columns.h"
#include "figure_notes.h"
#include "reports.h"
#include "sql.h"

enum column { KIND, ISSUE, ISSUE_EN, UNIT, UNIT_NAME, COUNT, TO_DO, TO_DO_EN, FOR_UNIT };

static const struct column_spec columns[] = {
    NUMBER_COLUMN,
    PROGRAM_COLUMN(CELL_TEXT, "unit", UNIT),
    COLUMN(CELL_TEXT, "unit_name", UNIT_NAME, WORDS("Đơn vị", "Unit")),
    PROGRAM_COLUMN(CELL_TEXT, "kind", KIND),
    COLUMN(CELL_TEXT, "issue", AT_NOWHERE, WORDS("Lỗi", "Issue")),
    COLUMN(CELL_COUNT, "count", COUNT, WORDS("Số lỗi", "Count")),
    COLUMN(CELL_TEXT, "what_to_do", AT_NOWHERE, WORDS("Cần làm", "What to do")),
    COLUMN(CELL_TEXT, "who", AT_NOWHERE, WORDS("Ai xử lý", "By whom")),
};

static void add_row(struct report *r, const struct pg_rows *rows, size_t from)
{
    bool vi = r->language == LANGUAGE_VI,
         for_unit = strcmp(pg_rows_value(rows, from, FOR_UNIT), "t") == 0;
    size_t row = columns_add_row(r, COLUMNS(columns), rows, from);
    if (pg_rows_value(rows, from, UNIT) == NULL)
        report_put_text(r, row, "unit_name", SAY(r, "(không rõ đơn vị)", "(unit not known)"));
    report_put_text(r, row, "issue", pg_rows_value(rows, from, vi ? ISSUE : ISSUE_EN));
    report_put_text(r, row, "what_to_do", pg_rows_value(rows, from, vi ? TO_DO : TO_DO_EN));
    report_put_text(r, row, "who",
                    for_unit ? SAY(r, "Đơn vị", "The unit")
                             : SAY(r, "Người quản trị", "The operator"));
}

/* Accounts on no list are of no unit, and other than the people of whom the other reports say it. */
static bool add_accounts(struct pg *pg, const struct report_request *request,
                         const struct report_scope *scope, const struct pg_rows *rows,
                         struct report *r, struct error *err)
{
    const char *label = NULL, *parameters[] = {scope->training};
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        if (strcmp(pg_rows_value(rows, i, KIND), "account_not_on_roster") == 0)
            label = pg_rows_value(rows, i, r->language == LANGUAGE_VI ? ISSUE : ISSUE_EN);
    if (label == NULL)
        return true;
    struct pg_rows *outside =
        scope->training ? report_ask(pg, request, sql_report_outside, 1, parameters, err) : NULL;
    if (scope->training != NULL && outside == NULL)
        return false;
    bool known = outside != NULL && pg_rows_count(outside) > 0;
    figure_note_accounts(r, label, known ? pg_rows_integer(outside, 0, 0, 0) : -1);
    pg_rows_free(outside);
    return true;
}

/* What its reader can do next. */
static void add_next(struct report *r, const struct report_request *request)
{
    report_add_hint(
        r, "%s",
        request->reads_only
            ? SAY(r,
                  "Từng lỗi, tệp và dòng: view bi.data_issues. Tệp để đơn vị sửa, và việc nạp lại "
                  "danh mục: đề nghị người quản trị.",
                  "Each fault with file and row: the view bi.data_issues. Files for the unit to "
                  "correct, and loading the reference data again: ask the operator.")
            : SAY(r,
                  "Từng lỗi, tệp và dòng: `mooc-aggregator issues`; tệp để đơn vị sửa: "
                  "`mooc-aggregator issues --export DIR`; nạp lại danh mục: "
                  "`mooc-aggregator config load DIR`.",
                  "Each fault with file and row: `mooc-aggregator issues`; files for the "
                  "units to correct: `mooc-aggregator issues --export DIR`; to load the "
                  "reference data again: `mooc-aggregator config load DIR`."));
}

bool report_issues(struct pg *pg, const struct report_request *request,
                   const struct report_scope *scope, struct report *r, struct error *err)
{
    const char *parameters[] = {scope->training, scope->wave, scope->units};
    struct pg_rows *rows = report_ask(pg, request, sql_report_issues, 3, parameters, err);
    if (rows == NULL)
        return false;
    r->title = SAY(r, "LỖI DỮ LIỆU THEO ĐƠN VỊ VÀ LOẠI LỖI", "DATA ISSUES BY UNIT AND KIND");
    report_add_scope_lines(r, scope);
    r->sheet = SAY(r, "Lỗi dữ liệu", "Data issues");
    columns_add(r, COLUMNS(columns));
    report_sign(r, scope->province_name, NULL);
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        add_row(r, rows, i);
    if (r->row_count > 0)
        columns_add_sums(r, COLUMNS(columns), "unit_name", SAY(r, "Tổng số", "Total"));
    if (pg_rows_count(rows) == 0)
        report_add_note(r, "%s", SAY(r, "Không có lỗi dữ liệu nào.", "No data issue."));
    else
        add_next(r, request);
    bool ok = add_accounts(pg, request, scope, rows, r, err);
    pg_rows_free(rows);
    return ok;
}
