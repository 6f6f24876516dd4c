/* What was planned and what was reached. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../cells/words.h"
#include "columns.h"
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

static const struct column_spec columns[] = {
    NUMBER_COLUMN,
    PROGRAM_COLUMN(CELL_TEXT, "target", TARGET),
    PROGRAM_COLUMN(CELL_TEXT, "unit", UNIT),
    COLUMN(CELL_TEXT, "unit_name", UNIT_NAME, WORDS("Đơn vị", "Unit")),
    COLUMN(CELL_TEXT, "phase", PHASE, WORDS("Mục của kế hoạch", "Item of the plan")),
    COLUMN(CELL_TEXT, "of", AT_NOWHERE, WORDS("Đợt, khóa", "Wave, training")),
    COLUMN(CELL_TEXT, "measure", AT_NOWHERE, WORDS("Chỉ tiêu", "Measure")),
    COLUMN(CELL_TEXT, "planned", AT_NOWHERE, WORDS("Kế hoạch", "Planned")),
    PROGRAM_COLUMN(CELL_COUNT, "planned_low", LOW),
    PROGRAM_COLUMN(CELL_COUNT, "planned_high", HIGH),
    COLUMN(CELL_COUNT, "actual", ACTUAL, WORDS("Thực hiện", "Actual")),
    COLUMN(CELL_RATE, "target_rate", AT_RATE, WORDS("Tỷ lệ (%)", "Rate (%)")),
    COLUMN(CELL_COUNT, "remaining", AT_NOWHERE, WORDS("Còn thiếu", "Remaining")),
    PROGRAM_COLUMN(CELL_TEXT, "state", STATE),
    COLUMN(CELL_TEXT, "status", AT_NOWHERE, WORDS("Tình trạng", "Status")),
    COLUMN(CELL_DATE, "until", ENDS, WORDS("Đến hết ngày", "By the end of")),
    PROGRAM_COLUMN(CELL_TEXT, "measure_code", MEASURE),
};

/* "attendances:nguoi-dan" is attendances of one audience. */
static void put_measure(struct report *r, size_t row, const struct pg_rows *rows, size_t from)
{
    char code[64];
    const char *measure = pg_rows_value(rows, from, MEASURE);
    const char *audience = pg_rows_value(rows, from, (size_t)SAY(r, AUDIENCE, AUDIENCE_EN));
    size_t length = strcspn(measure, ":");
    snprintf(code, sizeof(code), "%.*s", (int)length, measure);
    const char *word = words_of_measure(code, r->language);
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
    }
    if (high > low && low >= 0) {
        format_count(high, r->language, number);
        text_buffer_add_format(&text, "–%s", number);
    }
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
    size_t row = columns_add_row(r, COLUMNS(columns), rows, from);
    report_put_text(r, row, "of", of(r, scope, rows, from));
    put_measure(r, row, rows, from);
    put_planned(r, row, rows, from);
    report_put_known(r, row, "remaining", rows, from, REMAINING);
    report_put_text(r, row, "status", pg_rows_value(rows, from, (size_t)SAY(r, STATUS, STATUS_EN)));
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
        text_buffer_add_format(&text, "%s%s: %s", kinds > 1 ? "; " : "",
                               pg_rows_value(rows, i, (size_t)SAY(r, STATUS, STATUS_EN)),
                               report_number(r, (int64_t)count));
    }
    if (kinds > 0)
        report_add_note(r,
                        SAY_COUNT(r, pg_rows_count(rows), "%s chỉ tiêu. %s.", "%s target. %s.",
                                  "%s targets. %s."),
                        report_number(r, (int64_t)pg_rows_count(rows)), text.data);
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
    columns_add(r, COLUMNS(columns));
    report_sign(r, scope->province_name, NULL);
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        add_row(r, scope, rows, i);
    add_statuses(r, rows);
    pg_rows_free(rows);
    return true;
}
