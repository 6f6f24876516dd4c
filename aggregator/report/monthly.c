/* The monthly report to the province and the Ministry: what is new in the month and what there is by its end, against the plan. */
#include <stdio.h>
#include <string.h>

#include "columns.h"
#include "figure_notes.h"
#include "reports.h"
#include "sql.h"

/* Of waves and of units alike. */
enum column { CODE, NAME, FIRST_COUNT };

static const char *const counts[] = {"planned",      "registered",   "new_participants",
                                     "newly_passed", "participated", "passed",
                                     "completed",    "certified"};
enum {
    PLANNED,
    LISTED,
    NEW_PARTICIPANTS,
    NEWLY_PASSED,
    PARTICIPATED,
    PASSED,
    COMPLETED,
    CERTIFIED,
    PLANNED_UNITS,
    UNITS
};

struct month {
    struct report_scope scope; /* with the month */
    const char *number, *year;
    bool over, latest; /* latest: nobody named it */
    const char *today;
};

static bool find_month(struct pg *pg, const struct report_request *request,
                       const struct report_scope *scope, struct report *r, struct month *month,
                       struct error *err)
{
    const char *parameters[] = {scope->month, scope->training};
    struct pg_rows *rows = report_ask(pg, request, sql_report_month, 2, parameters, err);
    if (rows == NULL)
        return false;
    *month = (struct month){.scope = *scope,
                            .number = report_copy(r, pg_rows_value(rows, 0, 1)),
                            .year = report_copy(r, pg_rows_value(rows, 0, 2)),
                            .over = pg_rows_value(rows, 0, 3)[0] == 't',
                            .latest = pg_rows_value(rows, 0, 5)[0] == 't',
                            .today = report_copy(r, pg_rows_value(rows, 0, 4))};
    month->scope.month = report_copy(r, pg_rows_value(rows, 0, 0));
    pg_rows_free(rows);
    return true;
}

static void add_columns(struct report *r, const struct month *month, const char *code,
                        const char *name, const char *heading)
{
    char by[160];
    const char *in_month = SAY(r, "Trong tháng", "In the month"),
               *rates = SAY(r, "Tỷ lệ (%)", "Rates (%)");
    const char *now = SAY(r, "Đến thời điểm báo cáo", "At the time of the report");
    if (month->over)
        snprintf(by, sizeof(by), SAY(r, "Lũy kế đến hết tháng %s/%s", "By the end of %s/%s"),
                 month->number, month->year);
    else
        snprintf(by, sizeof(by), SAY(r, "Lũy kế đến ngày %s", "By %s"), month->today);
    const char *cumulative = report_copy(r, by);
    report_add_column(r, CELL_NUMBER, "no", NULL, SAY(r, "TT.", "No."));
    report_add_program_column(r, CELL_TEXT, code);
    report_add_column(r, CELL_TEXT, name, NULL, heading);
    report_add_column(r, CELL_COUNT, "planned", NULL, SAY(r, "Kế hoạch", "Planned"));
    report_add_column(r, CELL_COUNT, "registered", NULL, SAY(r, "Đăng ký", "Registered"));
    report_add_column(r, CELL_COUNT, "new_participants", in_month,
                      SAY(r, "Mới tham gia học", "New participants"));
    report_add_column(r, CELL_COUNT, "newly_passed", in_month, SAY(r, "Mới đạt", "Newly passed"));
    report_add_column(r, CELL_COUNT, "participated", cumulative,
                      SAY(r, "Tham gia học", "Participated"));
    report_add_column(r, CELL_COUNT, "passed", cumulative, SAY(r, "Đạt", "Passed"));
    report_add_column(r, CELL_COUNT, "completed", now, SAY(r, "Hoàn thành", "Completed"));
    report_add_column(r, CELL_COUNT, "certified", now, SAY(r, "Được cấp chứng nhận", "Certified"));
    report_add_column(r, CELL_RATE, "plan_rate", rates,
                      SAY(r, "Đăng ký / kế hoạch", "Registered / planned"));
    report_add_column(r, CELL_RATE, "participation_rate", rates,
                      SAY(r, "Tham gia / đăng ký", "Participated / registered"));
    report_add_column(r, CELL_RATE, "pass_rate_registered", rates,
                      SAY(r, "Đạt / đăng ký", "Passed / registered"));
}

static void put_rate(struct report *r, size_t row, const char *column, const struct pg_rows *rows,
                     size_t from, size_t part, size_t whole)
{
    if (pg_rows_value(rows, from, FIRST_COUNT + part) != NULL)
        report_put_rate(r, row, column, pg_rows_integer(rows, from, FIRST_COUNT + part, 0),
                        pg_rows_integer(rows, from, FIRST_COUNT + whole, 0));
}

static size_t add_row(struct report *r, const char *name, const struct pg_rows *rows, size_t from)
{
    size_t row = report_add_row(r);
    report_put_text(r, row, name, pg_rows_value(rows, from, NAME));
    for (size_t i = 0; i < ARRAY_LEN(counts); i++)
        report_put_known(r, row, counts[i], rows, from, FIRST_COUNT + i);
    put_rate(r, row, "plan_rate", rows, from, LISTED, PLANNED);
    put_rate(r, row, "participation_rate", rows, from, PARTICIPATED, LISTED);
    put_rate(r, row, "pass_rate_registered", rows, from, PASSED, LISTED);
    return row;
}

/* The last of the rows is the training's own. */
static void add_total(struct report *r, const char *name, const struct pg_rows *waves)
{
    size_t row = add_row(r, name, waves, pg_rows_count(waves) - 1);
    report_put_text(r, row, name, SAY(r, "Cả khóa học", "The training"));
    report_mark_row(r, row, ROW_TOTALS);
}

static void add_without_list(struct report *r, int64_t without_list)
{
    if (without_list > 0)
        report_add_note(r,
                        SAY(r, "Chưa gửi danh sách: %s (để trống, không phải 0).",
                            "No list received from: %s (empty, not zero)."),
                        report_number(r, without_list));
}

/* Of the rows from `first` on, waves and then the training. */
static void note_plan_gaps(struct report *r, const struct pg_rows *waves, size_t first)
{
    struct text_buffer gaps = {0};
    size_t training = pg_rows_count(waves) - 1;
    int64_t planned = 0, listed = 0;
    for (size_t i = 0; i <= training; i++) {
        bool has_plan = pg_rows_value(waves, i, FIRST_COUNT + PLANNED) != NULL;
        bool has_list = pg_rows_integer(waves, i, FIRST_COUNT + LISTED, 0) > 0;
        planned += i < training && has_list && has_plan;
        listed += i < training && has_list;
        if (i >= first && !has_plan)
            figure_plan_gap_add(&gaps, r,
                                i < training ? pg_rows_value(waves, i, NAME)
                                             : SAY(r, "cả khóa học", "the training"),
                                pg_rows_integer(waves, i, FIRST_COUNT + PLANNED_UNITS, 0),
                                pg_rows_integer(waves, i, FIRST_COUNT + UNITS, 0));
    }
    figure_note_plan_gaps(r, &gaps);
    if (pg_rows_value(waves, training, FIRST_COUNT + PLANNED) == NULL)
        figure_note_wave_gap(r, planned, listed);
}

static void write_waves(struct report *r, const struct month *month, const struct pg_rows *waves)
{
    int64_t without_list = 0;
    add_columns(r, month, "wave", "wave_name", SAY(r, "Đợt", "Wave"));
    if (pg_rows_count(waves) > 2)
        report_set_chart(r, CHART_BARS,
                         SAY(r, "Mới trong tháng, theo đợt", "New in the month, by wave"),
                         "wave_name", "new_participants", "newly_passed", NULL);
    for (size_t i = 0; i + 1 < pg_rows_count(waves); i++) {
        size_t row = add_row(r, "wave_name", waves, i);
        report_put_number(r, row, "no", (int64_t)i + 1);
        report_put_text(r, row, "wave", pg_rows_value(waves, i, CODE));
        without_list += pg_rows_value(waves, i, FIRST_COUNT + LISTED) == NULL;
    }
    add_total(r, "wave_name", waves);
    report_add_note(
        r, "%s",
        SAY(r,
            "Dòng “Cả khóa học” đếm mỗi người một lần, không phải tổng các đợt. Kế "
            "hoạch, đăng ký, hoàn thành và chứng nhận là số hiện có khi lập báo cáo; "
            "số mới và lũy kế tính theo ngày học, ngày thi.",
            "“The training” counts each person once; it is not the sum of the waves. "
            "Planned, registered, completed and certified are as known when the report "
            "is made; new and cumulative figures go by the days of learning and exams."));
    add_without_list(r, without_list);
    note_plan_gaps(r, waves, 0);
    figure_notes_add(r);
}

static bool add_units(struct pg *pg, const struct report_request *request, const struct month *month,
                      const struct pg_rows *waves, struct report *r, struct error *err)
{
    const char *parameters[] = {month->scope.training, month->scope.unit, month->scope.month};
    struct pg_rows *rows = report_ask(pg, request, sql_report_month_units, 3, parameters, err);
    if (rows == NULL)
        return false;
    int64_t without_list = 0;
    r->title = SAY(r, "KẾT QUẢ THEO ĐƠN VỊ", "RESULTS BY UNIT");
    r->sheet = SAY(r, "Đơn vị", "Units");
    report_add_scope_lines(r, &month->scope);
    add_columns(r, month, "unit", "unit_name",
                SAY(r, "Đơn vị (gồm trực thuộc)", "Unit (with those below)"));
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        size_t row = add_row(r, "unit_name", rows, i);
        report_put_number(r, row, "no", (int64_t)i + 1);
        report_put_text(r, row, "unit", pg_rows_value(rows, i, CODE));
        without_list += pg_rows_value(rows, i, FIRST_COUNT + LISTED) == NULL;
    }
    add_total(r, "unit_name", waves);
    add_without_list(r, without_list);
    note_plan_gaps(r, waves, pg_rows_count(waves) - 1);
    figure_notes_add(r);
    pg_rows_free(rows);
    return true;
}

static const struct column_spec class_columns[] = {
    NUMBER_COLUMN,
    PROGRAM_COLUMN(CELL_TEXT, "wave", 0),
    COLUMN(CELL_TEXT, "wave_name", 1, WORDS("Đợt", "Wave")),
    COLUMN(CELL_TEXT, "class", 2, WORDS("Lớp", "Class")),
    COLUMN(CELL_COUNT, "registered", 3, WORDS("Danh sách", "Listed")),
    COLUMN(CELL_COUNT, "participated", 4, WORDS("Có dự học", "Attended")),
    COLUMN(CELL_COUNT, "completed", 5, WORDS("Hoàn thành", "Completed")),
};

static bool add_classes(struct pg *pg, const struct report_request *request,
                        const struct report_scope *scope, struct report *r, struct error *err)
{
    const char *parameters[] = {scope->training, scope->units};
    struct pg_rows *rows = report_ask(pg, request, sql_report_month_classes, 2, parameters, err);
    if (rows == NULL)
        return false;
    r->title = SAY(r, "CÁC LỚP TRỰC TIẾP", "CLASSES IN PERSON");
    r->sheet = SAY(r, "Lớp trực tiếp", "Classes");
    report_add_scope_lines(r, scope);
    columns_add(r, COLUMNS(class_columns));
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        columns_add_row(r, COLUMNS(class_columns), rows, i);
    if (pg_rows_count(rows) == 0)
        report_add_note(r, "%s",
                        SAY(r, "Chưa có số liệu lớp trực tiếp (không có dữ liệu, không phải 0).",
                            "Nothing is known of classes in person (no data, not zero)."));
    r->says_nothing = pg_rows_count(rows) == 0;
    pg_rows_free(rows);
    return true;
}

/* What a part would be about that has nothing to tell: a page with a heading alone is nobody's report. */
static void note_left_out(struct report *r, const char *name)
{
    static const struct {
        const char *name, *vi, *en;
    } words[] = {
        {"targets", "Không có chỉ tiêu kế hoạch nào.", "Nothing is planned."},
        {"deadlines", "Khóa học không quy định thời hạn hoàn thành.", "The training has no deadline."},
        {"classes", "Không có số liệu lớp trực tiếp.", "Nothing is known of classes in person."},
        {"headcounts", "Không có biểu lượt người nào trong tháng.",
         "There is no form of head counts in the month."}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(words[i].name, name) == 0)
            report_add_note(r, "%s", SAY(r, words[i].vi, words[i].en));
}

/* A report of its own, as part of this one. Head counts are those of the month, plan and deadlines as they stand. */
static bool append(struct pg *pg, const struct report_request *request,
                   const struct report_scope *scope, const char *name, report_maker *make,
                   struct report *r, struct error *err)
{
    struct report *part = report_new(name, r->language);
    if (!make(pg, request, scope, part, err)) {
        report_free(part);
        return false;
    }
    part->signature.wanted = false; /* the report is signed once, at its end */
    if (part->says_nothing) {
        note_left_out(r, name);
        report_free(part);
    } else {
        report_append(r, part);
    }
    return true;
}

static bool append_units(struct pg *pg, const struct report_request *request,
                         const struct month *month, const struct pg_rows *waves, struct report *r,
                         struct error *err)
{
    struct report *part = report_new("units", r->language);
    if (!add_units(pg, request, month, waves, part, err)) {
        report_free(part);
        return false;
    }
    report_append(r, part);
    return true;
}

bool report_monthly(struct pg *pg, const struct report_request *request,
                    const struct report_scope *scope, struct report *r, struct error *err)
{
    struct month month;
    char title[96];
    if (!find_month(pg, request, scope, r, &month, err))
        return false;
    const char *parameters[] = {scope->training, scope->unit, scope->units, month.scope.month};
    struct pg_rows *waves = report_ask(pg, request, sql_report_month_waves, 4, parameters, err);
    if (waves == NULL)
        return false;
    snprintf(title, sizeof(title), SAY(r, "BÁO CÁO KẾT QUẢ THÁNG %s/%s", "MONTHLY REPORT, %s/%s"),
             month.number, month.year);
    r->title = report_copy(r, title);
    report_add_scope_lines(r, scope);
    if (month.latest)
        report_add_line(r,
                        SAY(r, "Tháng %s/%s là tháng gần nhất có số liệu",
                            "%s/%s is the latest month of which there is anything"),
                        month.number, month.year);
    snprintf(title, sizeof(title), SAY(r, "Tháng %s-%s", "Month %s-%s"), month.number, month.year);
    r->sheet = report_copy(r, title);
    write_waves(r, &month, waves);
    bool ok = append_units(pg, request, &month, waves, r, err) &&
              append(pg, request, &month.scope, "targets", report_targets, r, err) &&
              append(pg, request, &month.scope, "deadlines", report_deadlines_of_waves, r, err) &&
              append(pg, request, &month.scope, "classes", add_classes, r, err) &&
              append(pg, request, &month.scope, "headcounts", report_headcounts, r, err);
    if (ok)
        report_sign(r->parts[r->part_count - 1], NULL, NULL);
    pg_rows_free(waves);
    return ok;
}
