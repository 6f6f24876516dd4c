/* Section II of an office's report: asks for the figures that summary_text.c writes of. */
#include "summary.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "reports.h"
#include "sql.h"

enum unit_column {
    UNIT,
    UNIT_NAME,
    KIND,
    REGISTERED,
    ACCOUNTS,
    PARTICIPATED,
    SAT,
    PASSED,
    CERTIFIED
};
enum group_column { GROUP_UNIT, GROUP, GROUP_REGISTERED, GROUP_PARTICIPATED };
enum rank_column { PROVINCES, RANK, AHEAD, AHEAD_REGISTERED, IS_CITY };

/* What the figures point into, until they are written. */
struct gathered {
    struct summary_figures figures;
    struct summary_unit *units;
    struct summary_group *groups;
    struct summary_province *ahead;
    const char *province; /* code */
};

static void release(struct gathered *g)
{
    free(g->units);
    free(g->groups);
    free(g->ahead);
}

static bool gather_units(struct pg *pg, const struct report_request *request,
                         const struct report_scope *scope, struct report *r, struct gathered *g,
                         struct error *err)
{
    const char *parameters[] = {scope->wave, scope->training, scope->units};
    struct pg_rows *rows = report_ask(pg, request, sql_report_summary_units, 3, parameters, err);
    if (rows == NULL)
        return false;
    struct summary_figures *f = &g->figures;
    f->unit_count = pg_rows_count(rows);
    g->units = must_have(calloc(f->unit_count + 1, sizeof(*g->units)));
    f->units = g->units;
    for (size_t i = 0; i < f->unit_count; i++) {
        g->units[i] = (struct summary_unit){
            report_copy(r, pg_rows_value(rows, i, UNIT)),
            report_copy(r, pg_rows_value(rows, i, UNIT_NAME)),
            report_copy(r, pg_rows_value(rows, i, KIND)),
            pg_rows_integer(rows, i, REGISTERED, 0),
            pg_rows_integer(rows, i, PARTICIPATED, 0),
        };
        f->has_data = f->has_data || pg_rows_value(rows, i, PARTICIPATED) != NULL;
        f->registered += pg_rows_integer(rows, i, REGISTERED, 0);
        f->accounts += pg_rows_integer(rows, i, ACCOUNTS, 0);
        f->participated += pg_rows_integer(rows, i, PARTICIPATED, 0);
        f->sat += pg_rows_integer(rows, i, SAT, 0);
        f->passed += pg_rows_integer(rows, i, PASSED, 0);
        f->certified += pg_rows_integer(rows, i, CERTIFIED, 0);
    }
    pg_rows_free(rows);
    return true;
}

static size_t unit_index(const struct summary_figures *f, const char *code)
{
    size_t at = 0;
    while (at < f->unit_count && strcmp(f->units[at].code, code) != 0)
        at++;
    return at;
}

/* Groups of a unit come together, so that its place is looked up once. */
static bool gather_groups(struct pg *pg, const struct report_request *request,
                          const struct report_scope *scope, struct report *r, struct gathered *g,
                          struct error *err)
{
    const char *parameters[] = {scope->wave, scope->units};
    if (scope->wave == NULL) /* each wave has groups of its own */
        return true;
    struct pg_rows *rows = report_ask(pg, request, sql_report_summary_groups, 2, parameters, err);
    if (rows == NULL)
        return false;
    struct summary_figures *f = &g->figures;
    g->groups = must_have(calloc(pg_rows_count(rows) + 1, sizeof(*g->groups)));
    f->groups = g->groups;
    size_t unit = f->unit_count;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        const char *code = pg_rows_value(rows, i, GROUP_UNIT);
        if (unit == f->unit_count || strcmp(f->units[unit].code, code) != 0)
            unit = unit_index(f, code);
        if (unit == f->unit_count)
            continue;
        g->groups[f->group_count++] =
            (struct summary_group){unit, report_copy(r, pg_rows_value(rows, i, GROUP)),
                                   pg_rows_integer(rows, i, GROUP_REGISTERED, 0),
                                   pg_rows_integer(rows, i, GROUP_PARTICIPATED, 0)};
    }
    pg_rows_free(rows);
    return true;
}

static bool gather_rank(struct pg *pg, const struct report_request *request,
                        const struct report_scope *scope, struct report *r, struct gathered *g,
                        struct error *err)
{
    const char *parameters[] = {scope->training, g->province};
    if (scope->unit != NULL || g->province == NULL) /* a part of the province has no rank */
        return true;
    struct pg_rows *rows = report_ask(pg, request, sql_report_summary_ranking, 2, parameters, err);
    if (rows == NULL)
        return false;
    struct summary_figures *f = &g->figures;
    g->ahead = must_have(calloc(pg_rows_count(rows) + 1, sizeof(*g->ahead)));
    f->ahead = g->ahead;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        f->provinces = pg_rows_integer(rows, i, PROVINCES, 0);
        f->rank = pg_rows_integer(rows, i, RANK, 0);
        f->is_city =
            pg_rows_value(rows, i, IS_CITY) != NULL && pg_rows_value(rows, i, IS_CITY)[0] == 't';
        if (pg_rows_value(rows, i, AHEAD) != NULL)
            g->ahead[f->ahead_count++] =
                (struct summary_province){report_copy(r, pg_rows_value(rows, i, AHEAD)),
                                          pg_rows_integer(rows, i, AHEAD_REGISTERED, 0)};
    }
    pg_rows_free(rows);
    return true;
}

/* From when to when, and whose: of a wave, or of all of the training. */
static bool gather_waves(struct pg *pg, const struct report_request *request,
                         const struct report_scope *scope, struct report *r, struct gathered *g,
                         struct error *err)
{
    const char *parameters[] = {scope->training, scope->wave};
    struct pg_rows *rows = report_ask(pg, request, sql_report_summary_waves, 2, parameters, err);
    if (rows == NULL)
        return false;
    g->figures.waves = pg_rows_integer(rows, 0, 0, 0);
    g->figures.begins = report_copy(r, pg_rows_value(rows, 0, 1));
    g->figures.ends = report_copy(r, pg_rows_value(rows, 0, 2));
    g->province = report_copy(r, pg_rows_value(rows, 0, 3));
    g->figures.province = report_copy(r, pg_rows_value(rows, 0, 4));
    g->figures.pass_rules = report_copy(r, pg_rows_value(rows, 0, SAY(r, 5, 6)));
    pg_rows_free(rows);
    return true;
}

static bool gather_audience(struct pg *pg, const struct report_request *request,
                            const struct report_scope *scope, struct gathered *g, struct error *err)
{
    const char *parameters[] = {scope->training};
    struct pg_rows *rows = report_ask(pg, request, sql_report_summary_audience, 1, parameters, err);
    if (rows == NULL)
        return false;
    g->figures.officials = pg_rows_value(rows, 0, 0)[0] == 'f';
    pg_rows_free(rows);
    return true;
}

bool report_summary(struct pg *pg, const struct report_request *request,
                    const struct report_scope *scope, struct report *r, struct error *err)
{
    struct gathered gathered = {.figures = {.below = request->below}};
    r->title = SAY(r, "KẾT QUẢ ĐĂNG KÝ, HỌC TẬP", "REGISTRATION AND RESULTS");
    report_add_scope_lines(r, scope);
    r->sheet = SAY(r, "Kết quả", "Results");
    bool ok = gather_waves(pg, request, scope, r, &gathered, err) &&
              gather_units(pg, request, scope, r, &gathered, err) &&
              gather_groups(pg, request, scope, r, &gathered, err) &&
              gather_rank(pg, request, scope, r, &gathered, err) &&
              gather_audience(pg, request, scope, &gathered, err);
    report_sign(r, gathered.figures.province, NULL);
    if (ok)
        summary_write(&gathered.figures, r);
    release(&gathered);
    return ok;
}
