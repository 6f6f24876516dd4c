#include <string.h>

#include "reports.h"
#include "sql.h"

typedef bool (*report_maker)(struct pg *pg, const struct report_request *request,
                             const struct report_wave *wave, struct report *report,
                             struct error *err);

const char *const report_names[] = {"appendix1", "appendix2", "groups", "participation", NULL};
static const report_maker makers[] = {report_appendix1, report_appendix2, report_groups,
                                      report_participation};

static report_maker maker_of(const char *name, struct error *err)
{
    for (size_t i = 0; report_names[i] != NULL; i++) {
        if (strcmp(report_names[i], name) == 0)
            return makers[i];
    }
    error_set(err, ERROR_USAGE, false,
              "there is no report \"%s\"; there are: appendix1, appendix2, groups, participation",
              name);
    return NULL;
}

/* Says which waves could be meant. */
static void refuse_wave(struct pg *pg, const struct report_request *request, struct error *err)
{
    struct pg_rows *rows = pg_query(pg,
                                    "SELECT coalesce(string_agg(wave, ', ' ORDER BY wave), '') "
                                    "FROM bi.waves WHERE figures = 'counted'",
                                    0, NULL, err);
    if (rows == NULL)
        return;
    const char *waves = pg_rows_value(rows, 0, 0);
    if (waves[0] == '\0')
        error_set(err, ERROR_USAGE, false,
                  "no wave is configured yet; run mooc-aggregator config load DIR");
    else if (request->wave == NULL)
        error_set(err, ERROR_USAGE, false, "which wave? --wave takes one of: %s", waves);
    else
        error_set(err, ERROR_USAGE, false, "there is no wave \"%s\"; counted waves are: %s",
                  request->wave, waves);
    pg_rows_free(rows);
}

static bool find_wave(struct pg *pg, const struct report_request *request, struct report *report,
                      struct report_wave *wave, struct error *err)
{
    const char *parameters[] = {request->wave};
    struct pg_rows *rows = pg_query(pg, sql_report_wave, 1, parameters, err);
    if (rows == NULL)
        return false;
    bool found = pg_rows_count(rows) == 1;
    if (found) {
        const char **fields[] = {&wave->wave,          &wave->wave_name,     &wave->training,
                                 &wave->training_name, &wave->province_name, &wave->begins,
                                 &wave->ends};
        for (size_t i = 0; i < ARRAY_LEN(fields); i++)
            *fields[i] = report_copy(report, pg_rows_value(rows, 0, i));
    } else {
        refuse_wave(pg, request, err);
    }
    pg_rows_free(rows);
    return found;
}

static bool add_as_of(struct pg *pg, struct report *report, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_report_as_of, 0, NULL, err);
    if (rows == NULL)
        return false;
    const char *through = pg_rows_value(rows, 0, 1), *missing = pg_rows_value(rows, 0, 2);
    if (missing != NULL) {
        report_add_line(report,
                        SAY(report, "Số liệu chưa đầy đủ: chưa đọc hết %s",
                            "The figures are not complete: %s not read whole yet"),
                        missing);
    } else if (through != NULL) {
        report->as_of = report_copy(report, pg_rows_value(rows, 0, 0));
        report_add_line(report, SAY(report, "Số liệu tính đến %s", "Figures as of %s (UTC+7)"),
                        through);
    } else {
        report_add_line(report, "%s",
                        SAY(report, "Số liệu chưa đầy đủ: chưa đọc hết nguồn nào",
                            "The figures are not complete: no source read whole yet"));
    }
    pg_rows_free(rows);
    return true;
}

struct report *reports_make(struct pg *pg, const struct report_request *request, struct error *err)
{
    report_maker make = maker_of(request->name, err);
    if (make == NULL)
        return NULL;
    struct report *report = report_new(request->name, request->language);
    struct report_wave wave = {0};
    if (find_wave(pg, request, report, &wave, err)) {
        report->wave = wave.wave;
        if (make(pg, request, &wave, report, err) && add_as_of(pg, report, err))
            return report;
    }
    report_free(report);
    return NULL;
}
