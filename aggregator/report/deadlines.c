/* Who is late: learners against the deadline of their training, by unit. */
#include <inttypes.h>

#include "columns.h"
#include "figure_notes.h"
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

#define DONE GROUP("Đã hoàn thành", "Completed")
#define OPEN GROUP("Chưa hoàn thành", "Not completed")
#define FROM_WAVE_ON                                                                               \
    PROGRAM_COLUMN(CELL_TEXT, "wave", WAVE),                                                       \
        COLUMN(CELL_TEXT, "wave_name", WAVE_NAME, WORDS("Đợt", "Wave")),                           \
        COLUMN(CELL_COUNT, "learners", LEARNERS, WORDS("Học viên", "Learners")),                   \
        COLUMN(CELL_COUNT, "on_time", ON_TIME, WORDS("Đúng hạn", "On time"), DONE),                \
        COLUMN(CELL_COUNT, "late", LATE, WORDS("Trễ hạn", "Late"), DONE),                          \
        COLUMN(CELL_COUNT, "overdue", OVERDUE, WORDS("Quá hạn", "Overdue"), OPEN),                 \
        COLUMN(CELL_COUNT, "at_risk", AT_RISK, WORDS("Có nguy cơ", "At risk"), OPEN),              \
        COLUMN(CELL_COUNT, "in_time", IN_TIME, WORDS("Còn hạn", "In time"), OPEN),                 \
        COLUMN(CELL_COUNT, "not_begun", NOT_BEGUN, WORDS("Chưa tính hạn", "Not begun"), OPEN),     \
        COLUMN(CELL_COUNT, "not_computable", NOT_COMPUTABLE,                                       \
               WORDS("Không tính được", "Not computable"), OPEN),                                  \
        COLUMN(CELL_DATE, "next_due", NEXT_DUE, WORDS("Hạn gần nhất", "Next due"))
static const struct column_spec of_units[] = {
    NUMBER_COLUMN, PROGRAM_COLUMN(CELL_TEXT, "unit", UNIT),
    COLUMN(CELL_TEXT, "unit_name", UNIT_NAME, WORDS("Đơn vị", "Unit")), FROM_WAVE_ON};
static const struct column_spec of_waves[] = {NUMBER_COLUMN, FROM_WAVE_ON};

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
    if (days > 0 && r->row_count > 0 && pg_rows_value(rows, 0, 3)[0] == 'f')
        figure_note_completion(r);
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
    struct column_list columns = by_unit ? COLUMNS(of_units) : COLUMNS(of_waves);
    columns_add(r, columns);
    report_sign(r, scope->province_name, NULL);
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        columns_add_row(r, columns, rows, i);
    if (r->row_count > 0)
        columns_add_sums(r, columns, by_unit ? "unit_name" : "wave_name", SAY(r, "Tổng số", "Total"));
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
