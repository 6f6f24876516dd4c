/* Who is late: learners against the deadline of their training, by unit. */
#include <inttypes.h>

#include "reports.h"
#include "sql.h"

enum column {
    UNIT,
    UNIT_NAME,
    WAVE,
    WAVE_NAME,
    LEARNERS,
    ON_TIME,
    LATE,
    OVERDUE,
    AT_RISK,
    IN_TIME,
    NOT_BEGUN,
    NOT_COMPUTABLE,
    NEXT_DUE
};

static const struct {
    enum column column;
    const char *name;
} counts[] = {{LEARNERS, "learners"},   {ON_TIME, "on_time"},
              {LATE, "late"},           {OVERDUE, "overdue"},
              {AT_RISK, "at_risk"},     {IN_TIME, "in_time"},
              {NOT_BEGUN, "not_begun"}, {NOT_COMPUTABLE, "not_computable"}};

static void add_columns(struct report *r, bool by_unit)
{
    const char *done = SAY(r, "Đã hoàn thành", "Completed");
    const char *open = SAY(r, "Chưa hoàn thành", "Not completed");
    report_add_column(r, CELL_NUMBER, "no", NULL, SAY(r, "TT.", "No."));
    if (by_unit) {
        report_add_program_column(r, CELL_TEXT, "unit");
        report_add_column(r, CELL_TEXT, "unit_name", NULL, SAY(r, "Đơn vị", "Unit"));
    }
    report_add_program_column(r, CELL_TEXT, "wave");
    report_add_column(r, CELL_TEXT, "wave_name", NULL, SAY(r, "Đợt", "Wave"));
    report_add_column(r, CELL_COUNT, "learners", NULL, SAY(r, "Học viên", "Learners"));
    report_add_column(r, CELL_COUNT, "on_time", done, SAY(r, "Đúng hạn", "On time"));
    report_add_column(r, CELL_COUNT, "late", done, SAY(r, "Trễ hạn", "Late"));
    report_add_column(r, CELL_COUNT, "overdue", open, SAY(r, "Quá hạn", "Overdue"));
    report_add_column(r, CELL_COUNT, "at_risk", open, SAY(r, "Có nguy cơ", "At risk"));
    report_add_column(r, CELL_COUNT, "in_time", open, SAY(r, "Còn hạn", "In time"));
    report_add_column(r, CELL_COUNT, "not_begun", open, SAY(r, "Chưa tính hạn", "Not begun"));
    report_add_column(r, CELL_COUNT, "not_computable", open,
                      SAY(r, "Không tính được", "Not computable"));
    report_add_column(r, CELL_DATE, "next_due", NULL, SAY(r, "Hạn gần nhất", "Next due"));
}

static void add_rows(struct report *r, bool by_unit, const struct pg_rows *rows)
{
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        size_t row = report_add_row(r);
        report_put_number(r, row, "no", (int64_t)i + 1);
        if (by_unit) {
            report_put_text(r, row, "unit", pg_rows_value(rows, i, UNIT));
            report_put_text(r, row, "unit_name", pg_rows_value(rows, i, UNIT_NAME));
        }
        report_put_text(r, row, "wave", pg_rows_value(rows, i, WAVE));
        report_put_text(r, row, "wave_name", pg_rows_value(rows, i, WAVE_NAME));
        for (size_t c = 0; c < ARRAY_LEN(counts); c++)
            report_put_known(r, row, counts[c].name, rows, i, counts[c].column);
        report_put_date(r, row, "next_due", pg_rows_value(rows, i, NEXT_DUE));
    }
}

static void add_totals(struct report *r, bool by_unit)
{
    int64_t sums[ARRAY_LEN(counts)];
    bool known[ARRAY_LEN(counts)];
    for (size_t c = 0; c < ARRAY_LEN(counts); c++)
        known[c] = report_sum(r, counts[c].name, &sums[c]);
    size_t row = report_add_row(r);
    report_put_text(r, row, by_unit ? "unit_name" : "wave_name", SAY(r, "Tổng số", "Total"));
    for (size_t c = 0; c < ARRAY_LEN(counts); c++) {
        if (known[c])
            report_put_count(r, row, counts[c].name, sums[c]);
    }
    r->has_totals = true;
}

/* What the words in the headings mean. */
static bool add_rule(struct pg *pg, const struct report_request *request,
                     const struct report_scope *scope, struct report *r, struct error *err)
{
    const char *parameters[] = {scope->training};
    struct pg_rows *rows = report_ask(pg, request, sql_report_deadline_rule, 1, parameters, err);
    if (rows == NULL)
        return false;
    int64_t days = pg_rows_integer(rows, 0, 0, 0), lectures = pg_rows_integer(rows, 0, 1, 0);
    report_add_line(r, SAY(r, "Tính đến ngày %s", "As it stands on %s"), pg_rows_value(rows, 0, 2));
    if (days == 0)
        report_add_note(r, "%s",
                        SAY(r, "Khóa học không quy định thời hạn hoàn thành.",
                            "The training has no deadline."));
    else
        report_add_note(
            r,
            SAY(r,
                "Hạn: hết ngày làm việc thứ %" PRId64
                " kể từ ngày được cấp tài khoản, ngày vào khóa học hoặc ngày đợt bắt đầu "
                "(lấy ngày sau cùng).",
                "Due: the end of working day %" PRId64
                " after the account, the enrolment or the wave's begin, whichever is "
                "last."),
            days);
    r->says_nothing = days == 0 && r->row_count == 0;
    if (days > 0 && lectures > 0)
        report_add_note(r, "%s",
                        SAY(r, "Có nguy cơ: số bài giảng đã học ít hơn số ngày làm việc đã qua.",
                            "At risk: fewer lectures done than working days gone by."));
    pg_rows_free(rows);
    return true;
}

static void add_notes(struct report *r, const struct pg_rows *rows, const struct report_scope *scope)
{
    if (pg_rows_count(rows) == 0)
        report_add_note(r, "%s",
                        SAY(r, "Chưa có học viên nào được tính hạn (không có dữ liệu, không phải 0).",
                            "No learner has a deadline yet (no data, not zero)."));
    else if (scope->wave == NULL)
        report_add_note(r, "%s",
                        SAY(r, "Người có tên ở nhiều đợt được tính hạn ở từng đợt.",
                            "Who is in several waves has a deadline in each."));
}

static bool list_deadlines(struct pg *pg, const struct report_request *request,
                           const struct report_scope *scope, bool by_unit, struct report *r,
                           struct error *err)
{
    const char *parameters[] = {scope->training, scope->wave, scope->units, by_unit ? "f" : "t"};
    struct pg_rows *rows = report_ask(pg, request, sql_report_deadlines, 4, parameters, err);
    if (rows == NULL)
        return false;
    r->title = SAY(r, "TIẾN ĐỘ HOÀN THÀNH SO VỚI THỜI HẠN", "PROGRESS AGAINST THE DEADLINES");
    report_add_scope_lines(r, scope);
    r->sheet = SAY(r, "Hạn hoàn thành", "Deadlines");
    add_columns(r, by_unit);
    report_sign(r, scope->province_name, NULL);
    add_rows(r, by_unit, rows);
    if (r->row_count > 0)
        add_totals(r, by_unit);
    bool ok = add_rule(pg, request, scope, r, err);
    add_notes(r, rows, scope);
    pg_rows_free(rows);
    return ok;
}

bool report_deadlines(struct pg *pg, const struct report_request *request,
                      const struct report_scope *scope, struct report *r, struct error *err)
{
    return list_deadlines(pg, request, scope, true, r, err);
}

bool report_deadlines_of_waves(struct pg *pg, const struct report_request *request,
                               const struct report_scope *scope, struct report *r, struct error *err)
{
    return list_deadlines(pg, request, scope, false, r, err);
}
