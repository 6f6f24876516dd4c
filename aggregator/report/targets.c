/* What was planned and what was reached. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "reports.h"
#include "sql.h"

enum column {
    TARGET,
    UNIT,
    UNIT_NAME,
    PHASE,
    OF,
    MEASURE,
    KIND,
    APPROXIMATE,
    LOW,
    HIGH,
    SHARE,
    STAFF,
    PER_HELPER,
    HELPERS,
    ACTUAL,
    REMAINING,
    STATE,
    STATUS,
    STATUS_EN,
    BEGINS,
    ENDS,
    AUDIENCE,
    AUDIENCE_EN,
    OF_EN,
    WAVE
};

static void add_columns(struct report *r)
{
    report_add_column(r, CELL_NUMBER, "no", NULL, SAY(r, "TT.", "No."));
    report_add_program_column(r, CELL_TEXT, "target");
    report_add_program_column(r, CELL_TEXT, "unit");
    report_add_column(r, CELL_TEXT, "unit_name", NULL, SAY(r, "Đơn vị", "Unit"));
    report_add_column(r, CELL_TEXT, "phase", NULL, SAY(r, "Mục của kế hoạch", "Item of the plan"));
    report_add_column(r, CELL_TEXT, "of", NULL, SAY(r, "Đợt, khóa", "Wave, training"));
    report_add_column(r, CELL_TEXT, "measure", NULL, SAY(r, "Chỉ tiêu", "Measure"));
    report_add_column(r, CELL_TEXT, "planned", NULL, SAY(r, "Kế hoạch", "Planned"));
    report_add_program_column(r, CELL_COUNT, "planned_low");
    report_add_program_column(r, CELL_COUNT, "planned_high");
    report_add_column(r, CELL_COUNT, "actual", NULL, SAY(r, "Thực hiện", "Actual"));
    report_add_column(r, CELL_RATE, "target_rate", NULL, SAY(r, "Tỷ lệ (%)", "Rate (%)"));
    report_add_column(r, CELL_COUNT, "remaining", NULL, SAY(r, "Còn thiếu", "Remaining"));
    report_add_program_column(r, CELL_TEXT, "state");
    report_add_column(r, CELL_TEXT, "status", NULL, SAY(r, "Tình trạng", "Status"));
    report_add_column(r, CELL_TEXT, "until", NULL, SAY(r, "Đến hết ngày", "By the end of"));
}

/* "attendances:nguoi-dan" is attendances of one audience. */
static void put_measure(struct report *r, size_t row, const struct pg_rows *rows, size_t from)
{
    static const struct {
        const char *name, *vi, *en;
    } words[] = {{"registered", "Đăng ký", "Registered"},
                 {"accounts", "Đã lập tài khoản", "Accounts"},
                 {"activated", "Đã kích hoạt", "Activated"},
                 {"enrolled", "Đã vào khóa học", "Enrolled"},
                 {"participated", "Tham gia học", "Participated"},
                 {"completed", "Hoàn thành", "Completed"},
                 {"sat", "Dự thi", "Sat"},
                 {"passed", "Đạt", "Passed"},
                 {"certified", "Được cấp chứng nhận", "Certified"},
                 {"attendances", "Lượt người", "Attendances"}};
    const char *measure = pg_rows_value(rows, from, MEASURE), *word = measure;
    const char *audience = pg_rows_value(rows, from, (size_t)SAY(r, AUDIENCE, AUDIENCE_EN));
    size_t length = strcspn(measure, ":");
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strlen(words[i].name) == length && strncmp(words[i].name, measure, length) == 0)
            word = SAY(r, words[i].vi, words[i].en);
    }
    if (measure[length] == '\0') {
        report_put_text(r, row, "measure", word);
        return;
    }
    struct text_buffer text = {0};
    text_buffer_add_format(&text, "%s: %s", word, audience != NULL ? audience : measure + length + 1);
    report_put_text(r, row, "measure", text.data);
    text_buffer_free(&text);
}

/* "100% của 38.384": of what is not known that is said. */
static void add_basis(struct report *r, const struct pg_rows *rows, size_t from,
                      struct text_buffer *out)
{
    char number[NUMBER_SIZE];
    const char *share = pg_rows_value(rows, from, SHARE);
    const char *per_helper = pg_rows_value(rows, from, PER_HELPER);
    enum column of = share != NULL ? STAFF : HELPERS;
    bool known = pg_rows_value(rows, from, of) != NULL;
    format_count(pg_rows_integer(rows, from, of, 0), r->language, number);
    if (share != NULL)
        text_buffer_add_format(out, SAY(r, "%s%% của %s", "%s%% of %s"), share,
                               known ? number
                                     : SAY(r, "biên chế (chưa có số liệu)", "unknown staff"));
    else
        text_buffer_add_format(
            out,
            SAY_COUNT(r, pg_rows_integer(rows, from, PER_HELPER, 0), "%s người × %s",
                      "%s person × %s", "%s people × %s"),
            per_helper,
            known ? number : SAY(r, "số thành viên Tổ CNSCĐ (chưa có số liệu)", "unknown helpers"));
}

static void add_share(struct report *r, const struct pg_rows *rows, size_t from,
                      struct text_buffer *out)
{
    if (pg_rows_value(rows, from, SHARE) == NULL && pg_rows_value(rows, from, PER_HELPER) == NULL)
        return;
    bool behind = out->length > 0;
    text_buffer_add_text(out, behind ? " (" : "");
    add_basis(r, rows, from, out);
    text_buffer_add_text(out, behind ? ")" : "");
}

/* "khoảng 4.500", "3–5", "29 (100% của 29)", "196 (7 người × 28)". */
static void put_planned(struct report *r, size_t row, const struct pg_rows *rows, size_t from)
{
    struct text_buffer text = {0};
    char number[NUMBER_SIZE];
    int64_t low = pg_rows_integer(rows, from, LOW, -1), high = pg_rows_integer(rows, from, HIGH, -1);
    if (low >= 0) {
        if (strcmp(pg_rows_value(rows, from, APPROXIMATE), "t") == 0)
            text_buffer_add_text(&text, SAY(r, "khoảng ", "about "));
        format_count(low, r->language, number);
        text_buffer_add_text(&text, number);
        report_put_count(r, row, "planned_low", low);
    }
    if (high > low && low >= 0) {
        format_count(high, r->language, number);
        text_buffer_add_format(&text, "–%s", number);
    }
    if (high >= 0)
        report_put_count(r, row, "planned_high", high);
    add_share(r, rows, from, &text);
    report_put_text(r, row, "planned", text.length > 0 ? text.data : NULL);
    text_buffer_free(&text);
}

/* Of one training its name need not be said again. */
static const char *of(const struct report *r, const struct report_scope *scope,
                      const struct pg_rows *rows, size_t from)
{
    if (scope->training != NULL && pg_rows_value(rows, from, WAVE) == NULL)
        return SAY(r, "Cả khóa học", "The training");
    return pg_rows_value(rows, from, (size_t)SAY(r, OF, OF_EN));
}

static void add_row(struct report *r, const struct report_scope *scope, const struct pg_rows *rows,
                    size_t from)
{
    size_t row = report_add_row(r);
    report_put_number(r, row, "no", (int64_t)row + 1);
    report_put_text(r, row, "target", pg_rows_value(rows, from, TARGET));
    report_put_text(r, row, "unit", pg_rows_value(rows, from, UNIT));
    report_put_text(r, row, "unit_name", pg_rows_value(rows, from, UNIT_NAME));
    report_put_text(r, row, "phase", pg_rows_value(rows, from, PHASE));
    report_put_text(r, row, "of", of(r, scope, rows, from));
    put_measure(r, row, rows, from);
    put_planned(r, row, rows, from);
    report_put_known(r, row, "actual", rows, from, ACTUAL);
    if (pg_rows_value(rows, from, ACTUAL) != NULL) {
        report_put_rate(r, row, "target_rate", pg_rows_integer(rows, from, ACTUAL, 0),
                        pg_rows_integer(rows, from, LOW, 0));
        report_put_known(r, row, "remaining", rows, from, REMAINING);
    }
    report_put_text(r, row, "state", pg_rows_value(rows, from, STATE));
    report_put_text(r, row, "status", pg_rows_value(rows, from, (size_t)SAY(r, STATUS, STATUS_EN)));
    report_put_text(r, row, "until", pg_rows_value(rows, from, ENDS));
}

/* "Chưa gửi danh sách: 3." for each status, in the order in which they appear. */
static void add_statuses(struct report *r, const struct pg_rows *rows)
{
    size_t *first = must_have(calloc(pg_rows_count(rows) + 1, sizeof(*first)));
    size_t kinds = 0;
    struct text_buffer text = {0};
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        const char *state = pg_rows_value(rows, i, STATE);
        size_t at = 0, count = 0;
        while (at < kinds && strcmp(pg_rows_value(rows, first[at], STATE), state) != 0)
            at++;
        if (at < kinds)
            continue;
        first[kinds++] = i;
        for (size_t k = i; k < pg_rows_count(rows); k++)
            count += strcmp(pg_rows_value(rows, k, STATE), state) == 0;
        text_buffer_add_format(&text, "%s%s: %zu", kinds > 1 ? "; " : "",
                               pg_rows_value(rows, i, (size_t)SAY(r, STATUS, STATUS_EN)), count);
    }
    if (kinds > 0)
        report_add_note(r,
                        SAY_COUNT(r, pg_rows_count(rows), "%zu chỉ tiêu. %s.", "%zu target. %s.",
                                  "%zu targets. %s."),
                        pg_rows_count(rows), text.data);
    else
        report_add_note(r, "%s", SAY(r, "Chưa có chỉ tiêu nào.", "Nothing is planned."));
    r->says_nothing = kinds == 0;
    text_buffer_free(&text);
    free(first);
}

bool report_targets(struct pg *pg, const struct report_request *request,
                    const struct report_scope *scope, struct report *r, struct error *err)
{
    const char *parameters[] = {scope->training, scope->wave, scope->units};
    struct pg_rows *rows = report_ask(pg, request, sql_report_targets, 3, parameters, err);
    if (rows == NULL)
        return false;
    r->title = SAY(r, "KẾT QUẢ THỰC HIỆN SO VỚI KẾ HOẠCH", "PROGRESS AGAINST THE PLAN");
    report_add_scope_lines(r, scope);
    r->sheet = SAY(r, "Chỉ tiêu", "Targets");
    add_columns(r);
    report_sign(r, scope->province_name, NULL);
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        add_row(r, scope, rows, i);
    add_statuses(r, rows);
    pg_rows_free(rows);
    return true;
}
