/* Study groups whose participation is below a threshold. */
#include <inttypes.h>
#include <stdio.h>

#include "columns.h"
#include "reports.h"
#include "sql.h"

enum column { UNIT, PRINTED_NAME, STUDY_GROUP, REGISTERED, PARTICIPATED };

static const struct column_spec columns[] = {
    NUMBER_COLUMN,
    PROGRAM_COLUMN(CELL_TEXT, "unit", UNIT),
    COLUMN(CELL_TEXT, "unit_name", PRINTED_NAME, WORDS("Đơn vị", "Unit")),
    COLUMN(CELL_TEXT, "study_group", STUDY_GROUP, WORDS("Tổ", "Group")),
    MEASURE_COLUMN("registered", REGISTERED),
    COLUMN(CELL_COUNT, "participated", PARTICIPATED, WORDS("Tham gia học", "Participated")),
    COLUMN(CELL_RATE, "participation_rate", AT_RATE,
           WORDS("Tỷ lệ tham gia học (%)", "Participation (%)")),
};

static void add_counts(struct report *r, int64_t below, int64_t below_whole, int64_t all, int64_t none)
{
    char low[96] = "";
    if (below < 100) /* else it is said already */
        snprintf(low, sizeof(low), SAY(r, " %s Tổ dưới %" PRId64 "%%;", " %s below %" PRId64 "%%;"),
                 report_number(r, (int64_t)r->row_count), below);
    report_add_note(r,
                    SAY_COUNT(r, all, "%s/%s Tổ chưa đạt 100%%;%s %s Tổ không có ai tham gia học.",
                              "%s of %s group below 100%%;%s %s without any participant.",
                              "%s of %s groups below 100%%;%s %s without any participant."),
                    report_number(r, below_whole), report_number(r, all), low,
                    report_number(r, none));
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
        r, SAY(r, "Tỷ lệ tham gia học dưới %" PRId64 "%%", "Participation below %" PRId64 "%%"),
        request->below);
    columns_add(r, COLUMNS(columns));
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
            columns_add_row(r, COLUMNS(columns), rows, i);
    }
    r->says_nothing = all == 0;
    add_counts(r, request->below, below_whole, all, none);
    pg_rows_free(rows);
    return true;
}
