/* How many faults of each kind the units have, and what is to be done. The faults themselves: `mooc-aggregator issues`. */
#include <inttypes.h>
#include <string.h>

#include "reports.h"
#include "sql.h"

enum column { KIND, ISSUE, ISSUE_EN, UNIT, UNIT_NAME, COUNT, TO_DO, TO_DO_EN, FOR_UNIT };

static void add_columns(struct report *r)
{
    report_add_column(r, CELL_NUMBER, "no", NULL, SAY(r, "TT.", "No."));
    report_add_program_column(r, CELL_TEXT, "unit");
    report_add_column(r, CELL_TEXT, "unit_name", NULL, SAY(r, "Đơn vị", "Unit"));
    report_add_program_column(r, CELL_TEXT, "kind");
    report_add_column(r, CELL_TEXT, "issue", NULL, SAY(r, "Lỗi", "Issue"));
    report_add_column(r, CELL_COUNT, "count", NULL, SAY(r, "Số lỗi", "Count"));
    report_add_column(r, CELL_TEXT, "what_to_do", NULL, SAY(r, "Cần làm", "What to do"));
    report_add_column(r, CELL_TEXT, "who", NULL, SAY(r, "Ai xử lý", "By whom"));
}

static void add_rows(struct report *r, const struct pg_rows *rows)
{
    bool vi = r->language == LANGUAGE_VI;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        bool for_unit = strcmp(pg_rows_value(rows, i, FOR_UNIT), "t") == 0;
        size_t row = report_add_row(r);
        report_put_number(r, row, "no", (int64_t)i + 1);
        report_put_text(r, row, "unit", pg_rows_value(rows, i, UNIT));
        report_put_text(r, row, "unit_name",
                        pg_rows_value(rows, i, UNIT) != NULL
                            ? pg_rows_value(rows, i, UNIT_NAME)
                            : SAY(r, "(không rõ đơn vị)", "(unit not known)"));
        report_put_text(r, row, "kind", pg_rows_value(rows, i, KIND));
        report_put_text(r, row, "issue", pg_rows_value(rows, i, vi ? ISSUE : ISSUE_EN));
        report_put_known(r, row, "count", rows, i, COUNT);
        report_put_text(r, row, "what_to_do", pg_rows_value(rows, i, vi ? TO_DO : TO_DO_EN));
        report_put_text(r, row, "who",
                        for_unit ? SAY(r, "Đơn vị", "The unit")
                                 : SAY(r, "Người quản trị", "The operator"));
    }
}

static void add_totals(struct report *r)
{
    int64_t all;
    if (!report_sum(r, "count", &all))
        return;
    size_t row = report_add_row(r);
    report_put_text(r, row, "unit_name", SAY(r, "Tổng số", "Total"));
    report_put_count(r, row, "count", all);
    r->has_totals = true;
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
    add_columns(r);
    report_sign(r, scope->province_name, NULL);
    add_rows(r, rows);
    add_totals(r);
    if (pg_rows_count(rows) == 0)
        report_add_note(r, "%s", SAY(r, "Không có lỗi dữ liệu nào.", "No data issue."));
    else
        report_add_hint(r, "%s",
                        SAY(r,
                            "Từng lỗi, tệp và dòng: `mooc-aggregator issues`; tệp để đơn vị sửa: "
                            "`mooc-aggregator issues --export DIR`; nạp lại danh mục: "
                            "`mooc-aggregator config load DIR`.",
                            "Each fault with file and row: `mooc-aggregator issues`; files for the "
                            "units to correct: `mooc-aggregator issues --export DIR`; to load the "
                            "reference data again: `mooc-aggregator config load DIR`."));
    pg_rows_free(rows);
    return true;
}
