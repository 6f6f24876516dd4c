/* Study groups whose participation is below a threshold. */
#include <inttypes.h>

#include "reports.h"
#include "sql.h"

enum column { UNIT, PRINTED_NAME, STUDY_GROUP, REGISTERED, PARTICIPATED };

static void add_columns(struct report *r)
{
    report_add_column(r, CELL_NUMBER, "no", NULL, SAY(r, "TT.", "No."));
    report_add_program_column(r, CELL_TEXT, "unit");
    report_add_column(r, CELL_TEXT, "unit_name", NULL, SAY(r, "Đơn vị", "Unit"));
    report_add_column(r, CELL_TEXT, "study_group", NULL, SAY(r, "Tổ", "Group"));
    report_add_column(r, CELL_COUNT, "registered", NULL, SAY(r, "Đăng ký", "Registered"));
    report_add_column(r, CELL_COUNT, "participated", NULL, SAY(r, "Tham gia học", "Participated"));
    report_add_column(r, CELL_RATE, "participation_rate", NULL,
                      SAY(r, "Tỷ lệ tham gia học (%)", "Participation (%)"));
}

static void add_row(struct report *r, const struct pg_rows *rows, size_t from)
{
    int64_t registered = pg_rows_integer(rows, from, REGISTERED, 0);
    int64_t participated = pg_rows_integer(rows, from, PARTICIPATED, 0);
    size_t row = report_add_row(r);
    report_put_number(r, row, "no", (int64_t)row + 1);
    report_put_text(r, row, "unit", pg_rows_value(rows, from, UNIT));
    report_put_text(r, row, "unit_name", pg_rows_value(rows, from, PRINTED_NAME));
    report_put_text(r, row, "study_group", pg_rows_value(rows, from, STUDY_GROUP));
    report_put_count(r, row, "registered", registered);
    report_put_count(r, row, "participated", participated);
    report_put_rate(r, row, "participation_rate", participated, registered);
}

bool report_groups(struct pg *pg, const struct report_request *request,
                   const struct report_scope *scope, struct report *r, struct error *err)
{
    const char *parameters[] = {scope->wave, scope->units};
    struct pg_rows *rows = report_ask(pg, request, sql_report_groups, 2, parameters, err);
    if (rows == NULL)
        return false;
    r->title =
        SAY(r, "CÁC TỔ HỌC TẬP CÓ TỶ LỆ THAM GIA HỌC THẤP", "STUDY GROUPS WITH LOW PARTICIPATION");
    report_add_scope_lines(r, scope);
    report_add_line(
        r, SAY(r, "Tỷ lệ tham gia học dưới %" PRId64 "%%", "Participation below %" PRId64 " %%"),
        request->below);
    add_columns(r);
    r->sheet = SAY(r, "Tổ học tập", "Study groups");
    report_sign(r, scope->province_name, NULL);
    int64_t all = 0, below_whole = 0, none = 0;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        int64_t registered = pg_rows_integer(rows, i, REGISTERED, 0);
        int64_t participated = pg_rows_integer(rows, i, PARTICIPATED, 0);
        if (registered <= 0)
            continue;
        all++;
        below_whole += participated < registered;
        none += participated == 0;
        if (participated * 100 < registered * request->below)
            add_row(r, rows, i);
    }
    r->says_nothing = all == 0;
    report_add_note(r,
                    SAY_COUNT(r, all,
                              "%" PRId64 "/%" PRId64 " Tổ chưa đạt 100%%; %zu Tổ dưới %" PRId64
                              "%%; %" PRId64 " Tổ không có ai tham gia học.",
                              "%" PRId64 " of %" PRId64 " group below 100 %%; %zu below %" PRId64
                              " %%; %" PRId64 " without any participant.",
                              "%" PRId64 " of %" PRId64 " groups below 100 %%; %zu below %" PRId64
                              " %%; %" PRId64 " without any participant."),
                    below_whole, all, r->row_count, request->below, none);
    pg_rows_free(rows);
    return true;
}
