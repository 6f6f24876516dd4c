/* The waves of a training side by side, and its people once each. */
#include <string.h>

#include "columns.h"
#include "figure_notes.h"
#include "reports.h"
#include "sql.h"
#include "wave_list.h"

/* Of the waves; the training's own row has the counts alone, and behind them how many are on no roster. */
#define RATES GROUP("Tỷ lệ (%)", "Rates (%)")
static const struct column_spec columns[] = {
    NUMBER_COLUMN,
    PROGRAM_COLUMN(CELL_TEXT, "wave", WAVE_CODE),
    COLUMN(CELL_TEXT, "wave_name", WAVE_NAME, WORDS("Đợt", "Wave")),
    COLUMN(CELL_DATE, "begins", WAVE_BEGINS, WORDS("Bắt đầu", "Begins")),
    COLUMN(CELL_DATE, "ends", WAVE_ENDS, WORDS("Kết thúc", "Ends")),
    MEASURE_COLUMN("planned", WAVE_PLANNED),
    MEASURE_COLUMN("registered", WAVE_REGISTERED),
    MEASURE_COLUMN("accounts", WAVE_ACCOUNTS),
    MEASURE_COLUMN("participated", WAVE_PARTICIPATED),
    MEASURE_COLUMN("completed", WAVE_COMPLETED),
    MEASURE_COLUMN("sat", WAVE_SAT),
    MEASURE_COLUMN("passed", WAVE_PASSED),
    MEASURE_COLUMN("certified", WAVE_CERTIFIED),
    COLUMN(CELL_RATE, "plan_rate", AT_RATE, RATES),
    COLUMN(CELL_RATE, "participation_rate", AT_RATE, RATES),
    COLUMN(CELL_RATE, "completion_rate", AT_RATE, RATES),
    COLUMN(CELL_RATE, "pass_rate_registered", AT_RATE, RATES),
};

enum {
    TOTAL_REGISTERED = WAVE_REGISTERED - WAVE_PLANNED,
    TOTAL_OUTSIDE = WAVE_CERTIFIED - WAVE_PLANNED + 1,
    TOTAL_PLANNED_UNITS,
    TOTAL_UNITS
};

static void add_waves(struct report *r, const struct pg_rows *rows)
{
    int64_t without_list = 0;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        columns_add_row(r, COLUMNS(columns), rows, i);
        without_list += pg_rows_integer(rows, i, WAVE_REGISTERED, 0) == 0;
    }
    if (without_list > 0)
        report_add_note(r,
                        SAY_COUNT(r, without_list,
                                  "Chưa có danh sách: %s đợt (để trống, không phải 0).",
                                  "No list received yet: %s wave (empty, not zero).",
                                  "No list received yet: %s waves (empty, not zero)."),
                        report_number(r, without_list));
}

/* Not the sum of the rows: who is in several waves counts in each of them, and once in the training. */
static void add_total(struct report *r, const struct pg_rows *total)
{
    int64_t in_waves = 0, people = pg_rows_integer(total, 0, TOTAL_REGISTERED, 0);
    bool known = report_sum(r, "registered", &in_waves);
    columns_add_total_of(r, COLUMNS(columns), "wave_name",
                         SAY(r, "Cả khóa học (*)", "The training (*)"), total, WAVE_PLANNED);
    report_add_note(r, "%s",
                    SAY(r,
                        "(*) Dòng cuối đếm mỗi người một lần trong cả khóa học, không phải tổng "
                        "các dòng trên.",
                        "(*) The last row counts each person once in the training; it is not the "
                        "sum of the rows above."));
    if (known && pg_rows_value(total, 0, TOTAL_REGISTERED) != NULL && in_waves > people)
        report_add_note(
            r,
            SAY_COUNT(
                r, people, "Cộng các đợt được %s lượt đăng ký của %s người: có người học nhiều đợt.",
                "The waves add up to %s registrations of %s person, who is in several waves.",
                "The waves add up to %s registrations of %s people: some are in several waves."),
            report_number(r, in_waves), report_number(r, people));
}

static void note_plan_gaps(struct report *r, const struct pg_rows *rows, const struct pg_rows *total)
{
    struct text_buffer gaps = {0};
    int64_t planned = 0, listed = 0;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        bool has_plan = pg_rows_value(rows, i, WAVE_PLANNED) != NULL;
        bool has_list = pg_rows_integer(rows, i, WAVE_REGISTERED, 0) > 0;
        planned += has_list && has_plan;
        listed += has_list;
        if (!has_plan)
            figure_plan_gap_add(&gaps, r, pg_rows_value(rows, i, WAVE_NAME),
                                pg_rows_integer(rows, i, WAVE_PLANNED_UNITS, 0),
                                pg_rows_integer(rows, i, WAVE_UNITS, 0));
    }
    if (total != NULL && pg_rows_value(total, 0, 0) == NULL)
        figure_plan_gap_add(&gaps, r, SAY(r, "cả khóa học", "the training"),
                            pg_rows_integer(total, 0, TOTAL_PLANNED_UNITS, 0),
                            pg_rows_integer(total, 0, TOTAL_UNITS, 0));
    figure_note_plan_gaps(r, &gaps);
    if (total != NULL && pg_rows_value(total, 0, 0) == NULL)
        figure_note_wave_gap(r, planned, listed);
}

static void add_outside(struct report *r, const struct report_scope *scope,
                        const struct pg_rows *total)
{
    int64_t outside = pg_rows_integer(total, 0, TOTAL_OUTSIDE, 0);
    if (scope->unit == NULL && outside > 0)
        report_add_note(
            r,
            SAY_COUNT(r, outside,
                      "Ngoài danh sách: %s người có dữ liệu học nhưng không có tên trong danh "
                      "sách; không tính "
                      "vào bảng.",
                      "On no roster: %s person has facts but stands on no list; not in the table.",
                      "On no roster: %s people have facts but stand on no list; not in the table."),
            report_number(r, outside));
}

bool report_waves(struct pg *pg, const struct report_request *request,
                  const struct report_scope *scope, struct report *r, struct error *err)
{
    const char *of_training[] = {scope->training, scope->unit, scope->units};
    const char *parameters[] = {scope->training, scope->unit, scope->wave, scope->units};
    struct pg_rows *rows = report_ask(pg, request, sql_report_wave_list, 4, parameters, err);
    struct pg_rows *total =
        rows != NULL ? report_ask(pg, request, sql_report_training_total, 3, of_training, err) : NULL;
    if (total != NULL) {
        r->title = SAY(r, "TỔNG HỢP KẾT QUẢ CÁC ĐỢT", "SUMMARY OF THE WAVES");
        report_add_scope_lines(r, scope);
        r->sheet = SAY(r, "Các đợt", "Waves");
        columns_add(r, COLUMNS(columns));
        if (pg_rows_count(rows) > 1)
            report_set_chart(r, CHART_BARS, SAY(r, "Kết quả theo đợt", "Results by wave"),
                             "wave_name", "registered", "participated", "passed", NULL);
        report_sign(r, scope->province_name, NULL);
        add_waves(r, rows);
        if (scope->wave == NULL) {
            add_total(r, total);
            add_outside(r, scope, total);
        }
        note_plan_gaps(r, rows, scope->wave == NULL ? total : NULL);
        figure_notes_add(r);
        if (scope->figures != NULL && strcmp(scope->figures, "counted") != 0)
            report_add_note(r, "%s",
                            SAY(r,
                                "Đợt này chỉ công bố số tổng, không đếm từng người học: "
                                "`mooc-aggregator report appendix2` có đợt này.",
                                "Of this wave only totals are published, no learners are counted: "
                                "`mooc-aggregator report appendix2` shows it."));
        else if (pg_rows_count(rows) == 0)
            report_add_note(r, "%s",
                            SAY(r, "Khóa học chưa có đợt nào được đếm từng người học.",
                                "The training has no wave whose learners are counted."));
    }
    pg_rows_free(total);
    pg_rows_free(rows);
    return total != NULL;
}
