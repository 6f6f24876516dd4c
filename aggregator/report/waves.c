/* The waves of a training side by side, and its people once each. */
#include <inttypes.h>

#include "reports.h"
#include "sql.h"

enum column { WAVE, WAVE_NAME, BEGINS, ENDS, FIRST_COUNT };

static const char *const counts[] = {"planned",   "registered", "accounts", "participated",
                                     "completed", "sat",        "passed",   "certified"};

/* How many are on no roster stands behind the counts of the training's own row. */
#define TOTAL_OUTSIDE ARRAY_LEN(counts)

static void add_columns(struct report *r)
{
    const char *rates = SAY(r, "Tỷ lệ (%)", "Rates (%)");
    report_add_column(r, CELL_NUMBER, "no", NULL, SAY(r, "TT.", "No."));
    report_add_program_column(r, CELL_TEXT, "wave");
    report_add_column(r, CELL_TEXT, "wave_name", NULL, SAY(r, "Đợt", "Wave"));
    report_add_column(r, CELL_TEXT, "begins", NULL, SAY(r, "Bắt đầu", "Begins"));
    report_add_column(r, CELL_TEXT, "ends", NULL, SAY(r, "Kết thúc", "Ends"));
    report_add_column(r, CELL_COUNT, "planned", NULL, SAY(r, "Kế hoạch", "Planned"));
    report_add_column(r, CELL_COUNT, "registered", NULL, SAY(r, "Đăng ký", "Registered"));
    report_add_column(r, CELL_COUNT, "accounts", NULL, SAY(r, "Đã lập tài khoản", "Accounts"));
    report_add_column(r, CELL_COUNT, "participated", NULL, SAY(r, "Tham gia học", "Participated"));
    report_add_column(r, CELL_COUNT, "completed", NULL, SAY(r, "Hoàn thành", "Completed"));
    report_add_column(r, CELL_COUNT, "sat", NULL, SAY(r, "Dự thi", "Sat"));
    report_add_column(r, CELL_COUNT, "passed", NULL, SAY(r, "Đạt", "Passed"));
    report_add_column(r, CELL_COUNT, "certified", NULL, SAY(r, "Được cấp chứng nhận", "Certified"));
    report_add_column(r, CELL_RATE, "plan_rate", rates,
                      SAY(r, "Đăng ký / kế hoạch", "Registered / planned"));
    report_add_column(r, CELL_RATE, "participation_rate", rates,
                      SAY(r, "Tham gia / đăng ký", "Participated / registered"));
    report_add_column(r, CELL_RATE, "completion_rate", rates,
                      SAY(r, "Hoàn thành / đăng ký", "Completed / registered"));
    report_add_column(r, CELL_RATE, "pass_rate_registered", rates,
                      SAY(r, "Đạt / đăng ký", "Passed / registered"));
}

static void put_figures(struct report *r, size_t row, const struct pg_rows *rows, size_t from,
                        size_t first)
{
    static const struct {
        const char *rate;
        size_t part, whole; /* in counts */
    } rates[] = {{"plan_rate", 1, 0},
                 {"participation_rate", 3, 1},
                 {"completion_rate", 4, 1},
                 {"pass_rate_registered", 6, 1}};
    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        report_put_known(r, row, counts[i], rows, from, first + i);
    for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
        if (pg_rows_value(rows, from, first + rates[i].part) != NULL)
            report_put_rate(r, row, rates[i].rate,
                            pg_rows_integer(rows, from, first + rates[i].part, 0),
                            pg_rows_integer(rows, from, first + rates[i].whole, 0));
    }
}

static void add_waves(struct report *r, const struct pg_rows *rows)
{
    int64_t without_list = 0;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        size_t row = report_add_row(r);
        report_put_number(r, row, "no", (int64_t)i + 1);
        report_put_text(r, row, "wave", pg_rows_value(rows, i, WAVE));
        report_put_text(r, row, "wave_name", pg_rows_value(rows, i, WAVE_NAME));
        report_put_text(r, row, "begins", pg_rows_value(rows, i, BEGINS));
        report_put_text(r, row, "ends", pg_rows_value(rows, i, ENDS));
        put_figures(r, row, rows, i, FIRST_COUNT);
        without_list += pg_rows_integer(rows, i, FIRST_COUNT + 1, 0) == 0;
    }
    if (without_list > 0)
        report_add_note(r,
                        SAY_COUNT(r, without_list,
                                  "Chưa có danh sách: %" PRId64 " đợt (để trống, không phải 0).",
                                  "No list received yet: %" PRId64 " wave (empty, not zero).",
                                  "No list received yet: %" PRId64 " waves (empty, not zero)."),
                        without_list);
}

/* Not the sum of the rows: who is in several waves counts in each of them, and once in the training. */
static void add_total(struct report *r, const struct pg_rows *total)
{
    int64_t in_waves = 0;
    bool known = report_sum(r, "registered", &in_waves);
    size_t row = report_add_row(r);
    report_put_text(r, row, "wave_name", SAY(r, "Cả khóa học (*)", "The training (*)"));
    put_figures(r, row, total, 0, 0);
    r->has_totals = true;
    report_add_note(r, "%s",
                    SAY(r,
                        "(*) Dòng cuối đếm mỗi người một lần trong cả khóa học, không phải tổng "
                        "các dòng trên.",
                        "(*) The last row counts each person once in the training; it is not the "
                        "sum of the rows above."));
    if (known && pg_rows_value(total, 0, 1) != NULL && in_waves > pg_rows_integer(total, 0, 1, 0))
        report_add_note(r,
                        SAY_COUNT(r, pg_rows_integer(total, 0, 1, 0),
                                  "Cộng các đợt được %" PRId64 " lượt đăng ký của %" PRId64
                                  " người: có người học nhiều đợt.",
                                  "The waves add up to %" PRId64 " registrations of %" PRId64
                                  " person, who is in several waves.",
                                  "The waves add up to %" PRId64 " registrations of %" PRId64
                                  " people: some are in several waves."),
                        in_waves, pg_rows_integer(total, 0, 1, 0));
}

static void add_outside(struct report *r, const struct report_scope *scope,
                        const struct pg_rows *total)
{
    int64_t outside = pg_rows_integer(total, 0, TOTAL_OUTSIDE, 0);
    if (scope->unit == NULL && outside > 0)
        report_add_note(
            r,
            SAY_COUNT(r, outside,
                      "Ngoài danh sách: %" PRId64
                      " người có dữ liệu học nhưng không có tên trong danh sách; không tính "
                      "vào bảng.",
                      "On no roster: %" PRId64
                      " person has facts but stands on no list; not in the table.",
                      "On no roster: %" PRId64
                      " people have facts but stand on no list; not in the table."),
            outside);
}

bool report_waves(struct pg *pg, const struct report_request *request,
                  const struct report_scope *scope, struct report *r, struct error *err)
{
    const char *parameters[] = {scope->training, scope->unit, scope->wave};
    struct pg_rows *rows = report_ask(pg, request, sql_report_wave_list, 3, parameters, err);
    struct pg_rows *total =
        rows != NULL ? report_ask(pg, request, sql_report_training_total, 2, parameters, err) : NULL;
    if (total != NULL) {
        r->title = SAY(r, "TỔNG HỢP KẾT QUẢ CÁC ĐỢT", "SUMMARY OF THE WAVES");
        report_add_scope_lines(r, scope);
        r->sheet = SAY(r, "Các đợt", "Waves");
        add_columns(r);
        if (pg_rows_count(rows) > 1)
            report_set_chart(r, CHART_BARS, SAY(r, "Kết quả theo đợt", "Results by wave"),
                             "wave_name", "registered", "participated", "passed", NULL);
        report_sign(r, scope->province_name, NULL);
        add_waves(r, rows);
        if (scope->wave == NULL) {
            add_total(r, total);
            add_outside(r, scope, total);
        }
        if (pg_rows_count(rows) == 0)
            report_add_note(r, "%s",
                            SAY(r, "Khóa học chưa có đợt nào được đếm từng người học.",
                                "The training has no wave whose learners are counted."));
    }
    pg_rows_free(total);
    pg_rows_free(rows);
    return total != NULL;
}
