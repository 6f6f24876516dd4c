/* Appendix II of a commune's report: attendances of nameless people, by activity and audience. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "reports.h"
#include "sql.h"

#define NOT_TOLD "unknown" /* the column of forms that tell no audience */

enum column { ACTIVITY, AUDIENCE, AUDIENCE_NAME, AUDIENCE_NAME_EN, ATTENDANCES };

/* The audiences of the printed form, in its order and under its headings. */
static const struct {
    const char *code, *heading, *heading_en;
} printed[] = {{"cbccvc", "Số lượng CB, CC, NHDKCT được hướng dẫn, tập huấn",
                "Officials and part-time officials, guided or trained"},
               {"to-cong-nghe-so", "Số lượng thành viên Tổ CNSCĐ xã được hướng dẫn, tập huấn",
                "Members of community digital teams, guided or trained"},
               {"nguoi-dan", "Số lượng người dân hưởng ứng và được tập huấn, hướng dẫn",
                "Citizens who joined, trained or guided"}};

/* Audiences are anybody's words: those by which the form calls its own columns have another name. */
static const char *column_of(struct report *r, const struct pg_rows *rows, size_t row)
{
    static const char *const own[] = {"no", "activity", "remarks", NOT_TOLD};
    const char *code = pg_rows_value(rows, row, AUDIENCE);
    if (code == NULL)
        return NOT_TOLD;
    for (size_t i = 0; i < ARRAY_LEN(own); i++) {
        if (strcmp(own[i], code) != 0)
            continue;
        struct text_buffer name = {0};
        text_buffer_add_format(&name, HEADCOUNT_AUDIENCE "%s", code);
        const char *kept = report_copy(r, name.data);
        text_buffer_free(&name);
        return kept;
    }
    return code;
}

static bool is_printed(const char *code)
{
    for (size_t i = 0; i < ARRAY_LEN(printed); i++) {
        if (strcmp(printed[i].code, code) == 0)
            return true;
    }
    return false;
}

static bool has_column(const struct report *r, const char *name)
{
    for (size_t i = 0; i < r->column_count; i++) {
        if (strcmp(r->columns[i].name, name) == 0)
            return true;
    }
    return false;
}

static void add_columns(struct report *r, const struct pg_rows *rows)
{
    const char *attendances = SAY(r, "Lượt người", "Attendances");
    report_add_column(r, CELL_NUMBER, "no", NULL, SAY(r, "Stt", "No."));
    report_add_column(r, CELL_TEXT, "activity", NULL, SAY(r, "Tên hoạt động", "Activity"));
    for (size_t i = 0; i < ARRAY_LEN(printed); i++)
        report_add_column(r, CELL_COUNT, printed[i].code, attendances,
                          SAY(r, printed[i].heading, printed[i].heading_en));
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        const char *code = column_of(r, rows, i);
        const char *name = pg_rows_value(rows, i, (size_t)SAY(r, AUDIENCE_NAME, AUDIENCE_NAME_EN));
        if (is_printed(code) || has_column(r, code))
            continue;
        report_add_column(r, CELL_COUNT, report_copy(r, code), attendances,
                          name != NULL ? report_copy(r, name)
                                       : SAY(r, "Không rõ đối tượng", "Audience not told"));
    }
    report_add_column(r, CELL_TEXT, "remarks", NULL, SAY(r, "Ghi chú", "Remarks"));
}

/* The query's rows come activity by activity. What no form has stays empty. */
static void add_rows(struct report *r, const struct pg_rows *rows)
{
    const char *activity = NULL;
    size_t row = 0;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        const char *next = pg_rows_value(rows, i, ACTIVITY);
        if (activity == NULL || strcmp(activity, next) != 0) {
            row = report_add_row(r);
            report_put_number(r, row, "no", (int64_t)row + 1);
            report_put_text(r, row, "activity", next);
            activity = next;
        }
        report_put_known(r, row, column_of(r, rows, i), rows, i, ATTENDANCES);
    }
}

static void add_totals(struct report *r)
{
    int64_t *sums = must_have(calloc(r->column_count, sizeof(*sums)));
    bool *known = must_have(calloc(r->column_count, sizeof(*known)));
    for (size_t c = 0; c < r->column_count; c++)
        known[c] = r->columns[c].kind == CELL_COUNT && report_sum(r, r->columns[c].name, &sums[c]);
    size_t row = report_add_row(r);
    report_put_text(r, row, "activity", SAY(r, "Tổng Cộng", "Total"));
    for (size_t c = 0; c < r->column_count; c++) {
        if (known[c])
            report_put_count(r, row, r->columns[c].name, sums[c]);
    }
    r->has_totals = true;
    free(sums);
    free(known);
    report_add_note(
        r, "%s",
        SAY(r,
            "Dòng Tổng Cộng cộng cả số người và lượt người như bản in: một người tham gia "
            "nhiều hoạt động được tính ở từng hoạt động. Đây là lượt người, không phải "
            "số người.",
            "The total adds people and attendances, as printed: who joins several "
            "activities counts in each. These are attendances, not people."));
}

static bool add_senders(struct pg *pg, const struct report_request *request,
                        const char *const *parameters, struct report *r, struct error *err)
{
    struct pg_rows *rows = report_ask(pg, request, sql_report_headcount_units, 3, parameters, err);
    if (rows == NULL)
        return false;
    int64_t units = pg_rows_integer(rows, 0, 0, 0);
    if (r->row_count == 0)
        report_add_note(r, "%s",
                        SAY(r, "Chưa nộp biểu: không có dữ liệu, không phải 0.",
                            "No form received: there is no data, and that is not zero."));
    else if (units > 1)
        report_add_note(r, SAY(r, "Cộng biểu của %s đơn vị.", "Forms of %s units."),
                        report_number(r, units));
    r->says_nothing = r->row_count == 0 && pg_rows_value(rows, 0, 1) == NULL;
    if (pg_rows_value(rows, 0, 1) != NULL)
        report_add_note(r, SAY(r, "Chưa nộp biểu: %s.", "No form received from: %s."),
                        pg_rows_value(rows, 0, 1));
    if (pg_rows_value(rows, 0, 2) != NULL)
        report_add_line(r, SAY(r, "Hoạt động gần nhất: ngày %s", "Latest activity: %s"),
                        pg_rows_value(rows, 0, 2));
    pg_rows_free(rows);
    return true;
}

bool report_headcounts(struct pg *pg, const struct report_request *request,
                       const struct report_scope *scope, struct report *r, struct error *err)
{
    const char *parameters[] = {scope->training, scope->wave, scope->units, scope->month};
    struct pg_rows *rows = report_ask(pg, request, sql_report_headcounts, 4, parameters, err);
    if (rows == NULL)
        return false;
    r->title = SAY(r, "SỐ LƯỢNG NGƯỜI THAM GIA CÁC HOẠT ĐỘNG TẬP HUẤN, HƯỚNG DẪN VỀ CHUYỂN ĐỔI SỐ",
                   "PEOPLE AT ACTIVITIES OF TRAINING AND GUIDANCE ON DIGITAL TRANSFORMATION");
    report_add_scope_lines(r, scope);
    if (scope->month != NULL)
        report_add_line(r, SAY(r, "Tháng %.2s/%.4s", "Month %.2s/%.4s"), scope->month + 5,
                        scope->month);
    report_add_line(r, "%s", SAY(r, "Đơn vị tính: lượt người", "Unit: attendances"));
    r->caption = SAY(r, "PHỤ LỤC II", "APPENDIX II");
    r->sheet = SAY(r, "Phụ lục II", "Appendix II");
    add_columns(r, rows);
    report_sign(r, scope->province_name, NULL);
    add_rows(r, rows);
    if (r->row_count > 0)
        add_totals(r);
    bool ok = add_senders(pg, request, parameters, r, err);
    pg_rows_free(rows);
    return ok;
}
