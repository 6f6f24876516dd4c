/* Reports over the units of a wave: appendix 1 as printed, and all measures. */
#include <inttypes.h>

#include "reports.h"
#include "sql.h"

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

/* A measure: where it stands in the query, and its column in the report. */
struct count_column {
    enum column column;
    const char *name;
};

struct rate_column {
    const char *name, *part, *whole;
};

static void put_counts(struct report *report, size_t row, const struct pg_rows *rows, size_t from,
                       const struct count_column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        report_put_known(report, row, columns[i].name, rows, from, columns[i].column);
}

static int64_t count_of(const struct report *report, size_t row, const char *name)
{
    for (size_t i = 0; i < report->column_count; i++) {
        const struct report_cell *cell = report_cell(report, row, i);
        if (strcmp(report->columns[i].name, name) == 0 && cell->kind == CELL_COUNT)
            return cell->count;
    }
    return 0;
}

static void put_rates(struct report *report, size_t row, const struct rate_column *rates, size_t count)
{
    for (size_t i = 0; i < count; i++)
        report_put_rate(report, row, rates[i].name, count_of(report, row, rates[i].part),
                        count_of(report, row, rates[i].whole));
}

/* Unit rows, then the totals row: its sum is taken over all rows before it, itself still empty. */
static void add_rows(struct report *report, const struct pg_rows *rows,
                     const struct count_column *counts, size_t count_columns,
                     const struct rate_column *rates, size_t rate_columns)
{
    int64_t number = 0;
    for (size_t from = 0; from < pg_rows_count(rows); from++) {
        if (pg_rows_value(rows, from, UNIT) == NULL)
            continue;
        size_t row = report_add_row(report);
        report_put_number(report, row, "no", ++number);
        report_put_text(report, row, "unit", pg_rows_value(rows, from, UNIT));
        report_put_text(report, row, "unit_name", pg_rows_value(rows, from, PRINTED_NAME));
        put_counts(report, row, rows, from, counts, count_columns);
        put_rates(report, row, rates, rate_columns);
    }
    size_t row = report_add_row(report);
    report_put_text(report, row, "unit_name", SAY(report, "Tổng số", "Total"));
    for (size_t i = 0; i < count_columns; i++) {
        int64_t sum;
        if (report_sum(report, counts[i].name, &sum))
            report_put_count(report, row, counts[i].name, sum);
    }
    put_rates(report, row, rates, rate_columns);
    report->has_totals = true;
}

static void add_notes(struct report *report, const struct pg_rows *rows)
{
    int64_t without_list = 0;
    if (report->row_count == 1) /* the totals */
        report_add_note(report, "%s",
                        SAY(report, "Chưa có danh sách nào của đợt này.",
                            "No list of this wave has come yet."));
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        int64_t outside = pg_rows_integer(rows, i, NOT_REGISTERED, 0);
        if (pg_rows_value(rows, i, UNIT) == NULL && outside > 0) {
            char people[NUMBER_SIZE];
            format_count(outside, report->language, people);
            report_add_note(
                report,
                SAY_COUNT(report, outside,
                          "Ngoài danh sách: %s người có dữ liệu học nhưng không có tên trong "
                          "danh sách; không tính vào bảng.",
                          "On no roster: %s person has facts but stands on no list; not in "
                          "the table.",
                          "On no roster: %s people have facts but stand on no list; not in "
                          "the table."),
                people);
        }
        if (pg_rows_value(rows, i, UNIT) != NULL && pg_rows_integer(rows, i, REGISTERED, 0) == 0)
            without_list++;
    }
    if (without_list > 0)
        report_add_note(report,
                        SAY_COUNT(report, without_list, "Chưa gửi danh sách: %" PRId64 " đơn vị.",
                                  "No list received yet: %" PRId64 " unit.",
                                  "No list received yet: %" PRId64 " units."),
                        without_list);
}

static struct pg_rows *query_units(struct pg *pg, const struct report_request *request,
                                   const struct report_scope *scope, struct error *err)
{
    const char *parameters[] = {scope->wave, scope->training, scope->units};
    return report_ask(pg, request, sql_report_participation, 3, parameters, err);
}

bool report_appendix1(struct pg *pg, const struct report_request *request,
                      const struct report_scope *scope, struct report *r, struct error *err)
{
    static const struct count_column counts[] = {{REGISTERED, "registered"},
                                                 {ACCOUNTS, "accounts"},
                                                 {PARTICIPATED, "participated"},
                                                 {PASSED, "passed"},
                                                 {NOT_PASSED, "not_passed"}};
    static const struct rate_column rates[] = {{"account_rate", "accounts", "registered"},
                                               {"participation_rate", "participated", "registered"},
                                               {"pass_rate_registered", "passed", "registered"},
                                               {"pass_rate_participants", "passed", "participated"}};
    struct pg_rows *rows = query_units(pg, request, scope, err);
    if (rows == NULL)
        return false;
    const char *list = SAY(r, "Đăng ký tham gia", "Registration");
    const char *learning = SAY(r, "Kết quả tham gia học", "Participation");
    const char *exam = SAY(r, "Kết quả thi cuối khóa", "Final exam");
    r->title = SAY(r,
                   "SỐ LIỆU THỐNG KÊ DANH SÁCH CÁC SỞ, NGÀNH CÓ ĐĂNG KÝ THAM GIA VÀ KẾT QUẢ "
                   "HỌC TẬP CUỐI KHÓA HỌC",
                   "UNITS REGISTERED AND THEIR RESULTS AT THE END OF THE COURSE");
    report_add_scope_lines(r, scope);
    report_add_column(r, CELL_NUMBER, "no", NULL, SAY(r, "TT.", "No."));
    report_add_program_column(r, CELL_TEXT, "unit");
    report_add_column(r, CELL_TEXT, "unit_name", NULL, SAY(r, "Đơn vị", "Unit"));
    report_add_column(r, CELL_COUNT, "registered", list, SAY(r, "Tổng", "Total"));
    report_add_column(r, CELL_COUNT, "accounts", list, SAY(r, "Đã lập tài khoản", "Accounts"));
    report_add_column(r, CELL_RATE, "account_rate", list, SAY(r, "Tỷ lệ (%)", "Rate (%)"));
    report_add_column(r, CELL_COUNT, "participated", learning,
                      SAY(r, "Số tham gia học", "Participated"));
    report_add_column(r, CELL_RATE, "participation_rate", learning,
                      SAY(r, "Tỷ lệ đạt theo tổng số (%)", "Of registered (%)"));
    report_add_column(r, CELL_COUNT, "passed", exam, SAY(r, "Đạt", "Passed"));
    report_add_column(r, CELL_COUNT, "not_passed", exam, SAY(r, "Không đạt", "Not passed"));
    report_add_column(r, CELL_RATE, "pass_rate_registered", exam,
                      SAY(r, "Tỷ lệ đạt theo tổng số đăng ký (%)", "Of registered (%)"));
    report_add_column(
        r, CELL_RATE, "pass_rate_participants", exam,
        SAY(r, "Tỷ lệ đạt theo số đã lập tài khoản (%) (*)", "By accounts created (%) (*)"));
    r->caption = SAY(r, "PHỤ LỤC", "APPENDIX");
    r->sheet = SAY(r, "Phụ lục 1", "Appendix 1");
    report_set_chart(r, CHART_BARS,
                     SAY(r, "Tỷ lệ học viên tham gia học theo đơn vị",
                         "Participation of the registered, by unit"),
                     "unit_name", "participation_rate", NULL);
    report_sign(r, scope->province_name, NULL);
    add_rows(r, rows, counts, ARRAY_LEN(counts), rates, ARRAY_LEN(rates));
    size_t totals = r->row_count - 1;
    int64_t tenths;
    char by_accounts[NUMBER_SIZE] = "";
    if (rate_tenths(count_of(r, totals, "passed"), count_of(r, totals, "accounts"), &tenths))
        format_rate(tenths, r->language, by_accounts);
    report_add_note(
        r, "%s%s%s%s",
        SAY(r, "(*) Tiêu đề cột giữ như bản in; số liệu trong cột là Đạt / Số tham gia học.",
            "(*) The heading is kept as printed; the column holds passed / participated."),
        by_accounts[0] == '\0' ? ""
                               : SAY(r, " Tính theo số đã lập tài khoản, tổng số là ",
                                     " By accounts created the total is "),
        by_accounts, by_accounts[0] == '\0' ? "" : ".");
    add_notes(r, rows);
    pg_rows_free(rows);
    return true;
}

static void add_measure_columns(struct report *r)
{
    const char *rates = SAY(r, "Tỷ lệ (%)", "Rates (%)");
    report_add_column(r, CELL_NUMBER, "no", NULL, SAY(r, "TT.", "No."));
    report_add_program_column(r, CELL_TEXT, "unit");
    report_add_column(r, CELL_TEXT, "unit_name", NULL, SAY(r, "Đơn vị", "Unit"));
    report_add_column(r, CELL_COUNT, "planned", NULL, SAY(r, "Kế hoạch", "Planned"));
    report_add_column(r, CELL_COUNT, "registered", NULL, SAY(r, "Đăng ký", "Registered"));
    report_add_column(r, CELL_COUNT, "accounts", NULL, SAY(r, "Đã lập tài khoản", "Accounts"));
    report_add_column(r, CELL_COUNT, "activated", NULL, SAY(r, "Đã kích hoạt", "Activated"));
    report_add_column(r, CELL_COUNT, "enrolled", NULL, SAY(r, "Đã vào khóa học", "Enrolled"));
    report_add_column(r, CELL_COUNT, "participated", NULL, SAY(r, "Tham gia học", "Participated"));
    report_add_column(r, CELL_COUNT, "completed", NULL, SAY(r, "Hoàn thành", "Completed"));
    report_add_column(r, CELL_COUNT, "sat", NULL, SAY(r, "Dự thi", "Sat"));
    report_add_column(r, CELL_COUNT, "passed", NULL, SAY(r, "Đạt", "Passed"));
    report_add_column(r, CELL_COUNT, "failed", NULL, SAY(r, "Thi không đạt", "Failed"));
    report_add_column(r, CELL_COUNT, "not_passed", NULL,
                      SAY(r, "Không đạt (gồm chưa thi)", "Not passed"));
    report_add_column(r, CELL_COUNT, "certified", NULL, SAY(r, "Được cấp chứng nhận", "Certified"));
    report_add_column(r, CELL_RATE, "account_rate", rates,
                      SAY(r, "Tài khoản / đăng ký", "Accounts / registered"));
    report_add_column(r, CELL_RATE, "participation_rate", rates,
                      SAY(r, "Tham gia / đăng ký", "Participated / registered"));
    report_add_column(r, CELL_RATE, "completion_rate", rates,
                      SAY(r, "Hoàn thành / đăng ký", "Completed / registered"));
    report_add_column(r, CELL_RATE, "pass_rate_registered", rates,
                      SAY(r, "Đạt / đăng ký", "Passed / registered"));
    report_add_column(r, CELL_RATE, "pass_rate_participants", rates,
                      SAY(r, "Đạt / tham gia", "Passed / participated"));
    report_add_column(r, CELL_RATE, "pass_rate_accounts", rates,
                      SAY(r, "Đạt / tài khoản", "Passed / accounts"));
}

bool report_participation(struct pg *pg, const struct report_request *request,
                          const struct report_scope *scope, struct report *r, struct error *err)
{
    static const struct count_column counts[] = {
        {PLANNED, "planned"},       {REGISTERED, "registered"},
        {ACCOUNTS, "accounts"},     {ACTIVATED, "activated"},
        {ENROLLED, "enrolled"},     {PARTICIPATED, "participated"},
        {COMPLETED, "completed"},   {SAT, "sat"},
        {PASSED, "passed"},         {FAILED, "failed"},
        {NOT_PASSED, "not_passed"}, {CERTIFIED, "certified"}};
    static const struct rate_column rates[] = {{"account_rate", "accounts", "registered"},
                                               {"participation_rate", "participated", "registered"},
                                               {"completion_rate", "completed", "registered"},
                                               {"pass_rate_registered", "passed", "registered"},
                                               {"pass_rate_participants", "passed", "participated"},
                                               {"pass_rate_accounts", "passed", "accounts"}};
    struct pg_rows *rows = query_units(pg, request, scope, err);
    if (rows == NULL)
        return false;
    r->title = SAY(r, "KẾT QUẢ HỌC TẬP CỦA CÁC ĐƠN VỊ", "RESULTS OF THE UNITS");
    report_add_scope_lines(r, scope);
    add_measure_columns(r);
    r->sheet = SAY(r, "Kết quả theo đơn vị", "Units");
    report_sign(r, scope->province_name, NULL);
    add_rows(r, rows, counts, ARRAY_LEN(counts), rates, ARRAY_LEN(rates));
    add_notes(r, rows);
    pg_rows_free(rows);
    return true;
}
