#include "unit_figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../common/allocate.h"
#include "../report/figure_notes.h"
#include "sql.h"

enum { UNIT, NAME, LEVEL, FIRST_COUNT, KNOWN = FIRST_COUNT + PACK_MEASURES };

bool units_figures_read(struct pg *pg, const char *wave, const char *unit,
                        struct units_figures *out, struct error *err)
{
    *out = (struct units_figures){.count = 0};
    out->rows = pg_query(pg, sql_pack_units, 2, (const char *const[]){wave, unit}, err);
    if (!out->rows)
        return false;
    out->items = must_have(calloc(pg_rows_count(out->rows) + 1, sizeof(*out->items)));
    for (; out->count < pg_rows_count(out->rows); out->count++) {
        struct unit_figures *figures = &out->items[out->count];
        figures->unit = pg_rows_value(out->rows, out->count, UNIT);
        figures->name = pg_rows_value(out->rows, out->count, NAME);
        figures->known = pg_rows_value(out->rows, out->count, KNOWN)[0] == 't';
        for (size_t m = 0; m < PACK_MEASURES; m++)
            figures->counts[m] = pg_rows_integer(out->rows, out->count, FIRST_COUNT + m, -1);
    }
    return true;
}

void units_figures_release(struct units_figures *figures)
{
    pg_rows_free(figures->rows);
    free(figures->items);
    *figures = (struct units_figures){.count = 0};
}

static int by_unit(const void *a, const void *b)
{
    return strcmp(((const struct unit_figures *)a)->unit, ((const struct unit_figures *)b)->unit);
}

const struct unit_figures *units_figures_find(const struct units_figures *figures, const char *unit)
{
    const struct unit_figures wanted = {.unit = unit};
    return figures->count ? bsearch(&wanted, figures->items, figures->count, sizeof(wanted), by_unit)
                          : NULL;
}

static void put_count(struct report *r, size_t row, const char *column,
                      const struct unit_figures *figures, int measure)
{
    if (figures && figures->counts[measure] >= 0)
        report_put_count(r, row, column, figures->counts[measure]);
}

static void add_measure(struct report *r, const char *label, int measure,
                        const struct unit_figures *before, const struct unit_figures *now)
{
    size_t row = report_add_row(r);
    char change[NUMBER_SIZE];
    report_put_text(r, row, "measure", label);
    put_count(r, row, "before", before, measure);
    put_count(r, row, "now", now, measure);
    if (!before || before->counts[measure] < 0 || now->counts[measure] < 0)
        return;
    format_change(now->counts[measure] - before->counts[measure], r->language, change);
    report_put_text(r, row, "change", change);
}

/* A change in points: "+2,5". */
static void put_points(struct report *r, size_t row, int64_t change)
{
    char text[NUMBER_SIZE];
    int64_t size = change < 0 ? -change : change;
    snprintf(text, sizeof(text), "%s%" PRId64 "%s%" PRId64,
             change > 0   ? "+"
             : change < 0 ? "-"
                          : "",
             size / 10, SAY(r, ",", "."), size % 10);
    report_put_text(r, row, "change", text);
}

static void add_rate(struct report *r, const char *label, int part, int whole,
                     const struct unit_figures *before, const struct unit_figures *now)
{
    int64_t tenths_before = 0, tenths_now = 0;
    bool had = before && rate_tenths(before->counts[part], before->counts[whole], &tenths_before);
    bool has = rate_tenths(now->counts[part], now->counts[whole], &tenths_now);
    size_t row = report_add_row(r);
    report_put_text(r, row, "measure", label);
    if (had)
        report_put_rate(r, row, "rate_before", before->counts[part], before->counts[whole]);
    if (has)
        report_put_rate(r, row, "rate_now", now->counts[part], now->counts[whole]);
    if (had && has)
        put_points(r, row, tenths_now - tenths_before);
}

const char *unit_measure_name(const struct report *r, int measure)
{
    static const char *const vi[PACK_MEASURES] = {[PACK_REGISTERED] = "Đăng ký",
                                                  [PACK_ACCOUNTS] = "Đã lập tài khoản",
                                                  [PACK_PARTICIPATED] = "Tham gia học",
                                                  [PACK_COMPLETED] = "Hoàn thành",
                                                  [PACK_SAT] = "Dự thi",
                                                  [PACK_PASSED] = "Đạt",
                                                  [PACK_CERTIFIED] = "Được cấp chứng nhận"};
    static const char *const en[PACK_MEASURES] = {[PACK_REGISTERED] = "Registered",
                                                  [PACK_ACCOUNTS] = "Accounts",
                                                  [PACK_PARTICIPATED] = "Participated",
                                                  [PACK_COMPLETED] = "Completed",
                                                  [PACK_SAT] = "Sat",
                                                  [PACK_PASSED] = "Passed",
                                                  [PACK_CERTIFIED] = "Certified"};
    return SAY(r, vi, en)[measure];
}

/* A line of nothing where no platform says who completed. */
bool unit_has_line(const struct unit_figures *now, int measure)
{
    return measure != PACK_COMPLETED || now->counts[PACK_COMPLETED] >= 0;
}

void unit_add_notes(const struct unit_figures *now, struct report *r)
{
    if (now->counts[PACK_COMPLETED] < 0 && now->counts[PACK_CERTIFIED] >= 0)
        figure_note_completion(r);
    if (now->counts[PACK_PASSED] >= 0)
        figure_note_certificates(r, now->counts[PACK_PASSED], now->counts[PACK_CERTIFIED]);
}

struct report *unit_changes(const struct unit_figures *before, const struct unit_figures *now,
                            enum language language)
{
    struct report *r = report_new("pack", language);
    const char *old = SAY(r, "Kỳ trước", "Period before"), *new = SAY(r, "Kỳ này", "This period");
    report_add_column(r, CELL_TEXT, "measure", NULL, SAY(r, "Chỉ tiêu", "Measure"));
    report_add_column(r, CELL_COUNT, "before", old, SAY(r, "Người", "People"));
    report_add_column(r, CELL_RATE, "rate_before", old, SAY(r, "Tỷ lệ", "Rate"));
    report_add_column(r, CELL_COUNT, "now", new, SAY(r, "Người", "People"));
    report_add_column(r, CELL_RATE, "rate_now", new, SAY(r, "Tỷ lệ", "Rate"));
    report_add_column(r, CELL_TEXT, "change", NULL, SAY(r, "Tăng, giảm", "Change"));
    for (int measure = 0; measure < PACK_MEASURES; measure++)
        if (unit_has_line(now, measure))
            add_measure(r, unit_measure_name(r, measure), measure, before, now);
    add_rate(r, SAY(r, "Tỷ lệ lập tài khoản", "Account rate"), PACK_ACCOUNTS, PACK_REGISTERED,
             before, now);
    add_rate(r, SAY(r, "Tỷ lệ tham gia học", "Participation rate"), PACK_PARTICIPATED,
             PACK_REGISTERED, before, now);
    add_rate(r, SAY(r, "Tỷ lệ đạt theo đăng ký", "Pass rate of registered"), PACK_PASSED,
             PACK_REGISTERED, before, now);
    report_add_note(r, "%s",
                    SAY(r, "Tăng, giảm của tỷ lệ tính bằng điểm phần trăm.",
                        "A rate's change is in percentage points."));
    unit_add_notes(now, r);
    return r;
}
