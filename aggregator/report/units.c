/* Reports over the units of a wave: appendix 1 as printed, and all measures. */
#include "columns.h"
#include "figure_notes.h"
#include "reports.h"
#include "sql.h"
#include "wave_list.h"

enum column {
    UNIT,
    PRINTED_NAME,
    PLANNED,
    REGISTERED,
    ACCOUNTS,
    ACTIVATED,
    ENROLLED,
    PARTICIPATED,
    COMPLETED,
    SAT,
    PASSED,
    FAILED,
    NOT_PASSED,
    CERTIFIED,
    NOT_REGISTERED
};

/* Unit rows, then their sums; the row of people on no roster is no unit's. */
static void add_rows(struct report *r, struct column_list columns, const struct pg_rows *rows)
{
    for (size_t from = 0; from < pg_rows_count(rows); from++)
        if (pg_rows_value(rows, from, UNIT) != NULL)
            columns_add_row(r, columns, rows, from);
    columns_add_sums(r, columns, "unit_name", SAY(r, "Tổng số", "Total"));
}

static void add_notes(struct report *report, const struct pg_rows *rows)
{
    int64_t without_list = 0;
    figure_notes_add(report);
    if (report->row_count == 1) /* the totals */
        report_add_note(report, "%s",
                        SAY(report, "Chưa có danh sách nào của đợt này.",
                            "No list of this wave has come yet."));
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        int64_t outside = pg_rows_integer(rows, i, NOT_REGISTERED, 0);
        if (pg_rows_value(rows, i, UNIT) == NULL && outside > 0)
            report_add_note(
                report,
                SAY_COUNT(report, outside,
                          "Ngoài danh sách: %s người có dữ liệu học nhưng không có tên trong "
                          "danh sách; không tính vào bảng.",
                          "On no roster: %s person has facts but stands on no list; not in "
                          "the table.",
                          "On no roster: %s people have facts but stand on no list; not in "
                          "the table."),
                report_number(report, outside));
        if (pg_rows_value(rows, i, UNIT) != NULL && pg_rows_integer(rows, i, REGISTERED, 0) == 0)
            without_list++;
    }
    if (without_list > 0)
        report_add_note(report,
                        SAY_COUNT(report, without_list, "Chưa gửi danh sách: %s đơn vị.",
                                  "No list received yet: %s unit.", "No list received yet: %s units."),
                        report_number(report, without_list));
}

static struct pg_rows *query_units(struct pg *pg, const struct report_request *request,
                                   const struct report_scope *scope, struct error *err)
{
    const char *parameters[] = {scope->wave, scope->training, scope->units};
    return report_ask(pg, request, sql_report_participation, 3, parameters, err);
}

#define LISTED GROUP("Đăng ký tham gia", "Registration")
#define LEARNED GROUP("Kết quả tham gia học", "Participation")
#define EXAM GROUP("Kết quả thi cuối khóa", "Final exam")
static const struct column_spec appendix_columns[] = {
    NUMBER_COLUMN,
    PROGRAM_COLUMN(CELL_TEXT, "unit", UNIT),
    COLUMN(CELL_TEXT, "unit_name", PRINTED_NAME, WORDS("Đơn vị", "Unit")),
    COLUMN(CELL_COUNT, "registered", REGISTERED, WORDS("Tổng", "Total"), LISTED),
    COLUMN(CELL_COUNT, "accounts", ACCOUNTS, LISTED),
    COLUMN(CELL_RATE, "account_rate", AT_RATE, WORDS("Tỷ lệ (%)", "Rate (%)"), LISTED),
    COLUMN(CELL_COUNT, "participated", PARTICIPATED, WORDS("Số tham gia học", "Participated"),
           LEARNED),
    COLUMN(CELL_RATE, "participation_rate", AT_RATE,
           WORDS("Tỷ lệ đạt theo tổng số (%)", "Of registered (%)"), LEARNED),
    COLUMN(CELL_COUNT, "passed", PASSED, EXAM),
    COLUMN(CELL_COUNT, "not_passed", NOT_PASSED, WORDS("Không đạt", "Not passed"), EXAM),
    COLUMN(CELL_RATE, "pass_rate_registered", AT_RATE,
           WORDS("Tỷ lệ đạt theo tổng số đăng ký (%)", "Of registered (%)"), EXAM),
    COLUMN(CELL_RATE, "pass_rate_participants", AT_RATE,
           WORDS("Tỷ lệ đạt theo số đã lập tài khoản (%) (*)", "By accounts created (%) (*)"), EXAM),
};

/* The heading of the last column is kept as printed; what it holds, and what it would be by its heading. */
static void add_footnote(struct report *r)
{
    size_t totals = r->row_count - 1;
    int64_t tenths;
    char by_accounts[NUMBER_SIZE] = "";
    if (rate_tenths(columns_count(r, totals, "passed"), columns_count(r, totals, "accounts"), &tenths))
        format_rate(tenths, r->language, by_accounts);
    report_add_note(
        r, "%s%s%s%s",
        SAY(r, "(*) Tiêu đề cột giữ như bản in; số liệu trong cột là Đạt / Số tham gia học.",
            "(*) The heading is kept as printed; the column holds passed / participated."),
        by_accounts[0] == '\0' ? ""
                               : SAY(r, " Tính theo số đã lập tài khoản, tổng số là ",
                                     " By accounts created the total is "),
        by_accounts, by_accounts[0] == '\0' ? "" : ".");
}

bool report_appendix1(struct pg *pg, const struct report_request *request,
                      const struct report_scope *scope, struct report *r, struct error *err)
{
    struct pg_rows *rows = query_units(pg, request, scope, err);
    if (rows == NULL)
        return false;
    r->title = SAY(r,
                   "SỐ LIỆU THỐNG KÊ DANH SÁCH CÁC SỞ, NGÀNH CÓ ĐĂNG KÝ THAM GIA VÀ KẾT QUẢ "
                   "HỌC TẬP CUỐI KHÓA HỌC",
                   "UNITS REGISTERED AND THEIR RESULTS AT THE END OF THE COURSE");
    report_add_scope_lines(r, scope);
    columns_add(r, COLUMNS(appendix_columns));
    r->caption = SAY(r, "PHỤ LỤC", "APPENDIX");
    r->sheet = SAY(r, "Phụ lục 1", "Appendix 1");
    report_set_chart(r, CHART_BARS,
                     SAY(r, "Tỷ lệ học viên tham gia học theo đơn vị",
                         "Participation of the registered, by unit"),
                     "unit_name", "participation_rate", NULL);
    report_sign(r, scope->province_name, NULL);
    add_rows(r, COLUMNS(appendix_columns), rows);
    add_footnote(r);
    add_notes(r, rows);
    pg_rows_free(rows);
    return true;
}

/* As the waves' report tells it: a plan below another one is part of it, and plans of some units are no plan of all. */
static bool add_plan(struct pg *pg, const struct report_request *request,
                     const struct report_scope *scope, struct report *r, struct error *err)
{
    const char *parameters[] = {scope->training, scope->unit, scope->wave, scope->units};
    struct pg_rows *rows = report_ask(pg, request, sql_report_wave_list, 4, parameters, err);
    if (rows == NULL)
        return false;
    bool counted = pg_rows_count(rows) > 0; /* a wave whose totals are published has no plan here */
    int64_t planned_units = counted ? pg_rows_integer(rows, 0, WAVE_PLANNED_UNITS, 0) : 0;
    if (counted)
        report_put_known(r, r->row_count - 1, "planned", rows, 0, WAVE_PLANNED);
    if (planned_units > 0 && pg_rows_value(rows, 0, WAVE_PLANNED) == NULL)
        report_add_note(r,
                        SAY(r,
                            "Tổng kế hoạch để trống (không phải 0), vì mới có kế hoạch của "
                            "%s/%s đơn vị.",
                            "The total of the plans is empty (not zero), for only %s of %s units "
                            "have a plan."),
                        report_number(r, planned_units),
                        report_number(r, pg_rows_integer(rows, 0, WAVE_UNITS, 0)));
    pg_rows_free(rows);
    return true;
}

#define RATES GROUP("Tỷ lệ (%)", "Rates (%)")
static const struct column_spec measure_columns[] = {
    NUMBER_COLUMN,
    PROGRAM_COLUMN(CELL_TEXT, "unit", UNIT),
    COLUMN(CELL_TEXT, "unit_name", PRINTED_NAME, WORDS("Đơn vị", "Unit")),
    COLUMN(CELL_COUNT, "planned", PLANNED, NOT_SUMMED),
    MEASURE_COLUMN("registered", REGISTERED),
    MEASURE_COLUMN("accounts", ACCOUNTS),
    MEASURE_COLUMN("activated", ACTIVATED),
    MEASURE_COLUMN("enrolled", ENROLLED),
    MEASURE_COLUMN("participated", PARTICIPATED),
    MEASURE_COLUMN("completed", COMPLETED),
    MEASURE_COLUMN("sat", SAT),
    MEASURE_COLUMN("passed", PASSED),
    MEASURE_COLUMN("failed", FAILED),
    COLUMN(CELL_COUNT, "not_passed", NOT_PASSED, WORDS("Không đạt (gồm chưa thi)", "Not passed")),
    MEASURE_COLUMN("certified", CERTIFIED),
    COLUMN(CELL_RATE, "account_rate", AT_RATE, RATES),
    COLUMN(CELL_RATE, "participation_rate", AT_RATE, RATES),
    COLUMN(CELL_RATE, "completion_rate", AT_RATE, RATES),
    COLUMN(CELL_RATE, "pass_rate_registered", AT_RATE, RATES),
    COLUMN(CELL_RATE, "pass_rate_participants", AT_RATE, RATES),
    COLUMN(CELL_RATE, "pass_rate_accounts", AT_RATE, RATES),
};

bool report_participation(struct pg *pg, const struct report_request *request,
                          const struct report_scope *scope, struct report *r, struct error *err)
{
    struct pg_rows *rows = query_units(pg, request, scope, err);
    if (rows == NULL)
        return false;
    r->title = SAY(r, "KẾT QUẢ HỌC TẬP CỦA CÁC ĐƠN VỊ", "RESULTS OF THE UNITS");
    report_add_scope_lines(r, scope);
    columns_add(r, COLUMNS(measure_columns));
    r->sheet = SAY(r, "Kết quả theo đơn vị", "Units");
    report_sign(r, scope->province_name, NULL);
    add_rows(r, COLUMNS(measure_columns), rows);
    add_notes(r, rows);
    pg_rows_free(rows);
    return add_plan(pg, request, scope, r, err);
}
