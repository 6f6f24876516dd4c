#include <string.h>

#include "reports.h"
#include "sql.h"

typedef bool (*report_maker)(struct pg *pg, const struct report_request *request,
                             const struct report_wave *wave, struct report *report,
                             struct error *err);

const char *const report_names[] = {"appendix1", "appendix2", "groups", "participation", NULL};
static const struct {
    report_maker make;
    bool of_learners; /* a wave of which only totals are known has none */
} makers[] = {{report_appendix1, true},
              {report_appendix2, false},
              {report_groups, true},
              {report_participation, true}};

static report_maker maker_of(const char *name, bool *of_learners, struct error *err)
{
    for (size_t i = 0; report_names[i] != NULL; i++) {
        if (strcmp(report_names[i], name) == 0) {
            *of_learners = makers[i].of_learners;
            return makers[i].make;
        }
    }
    error_set(err, ERROR_USAGE, false,
              "there is no report \"%s\"; there are: appendix1, appendix2, groups, participation",
              name);
    return NULL;
}

bool reports_closable(const char *name UNUSED)
{
    return true;
}

void reports_refuse_wave(struct pg *pg, const char *wave, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_report_waves, 0, NULL, err);
    if (rows == NULL)
        return;
    const char *counted = pg_rows_value(rows, 0, 0), *published = pg_rows_value(rows, 0, 1);
    if (counted[0] == '\0' && published[0] == '\0')
        error_set(err, ERROR_USAGE, false,
                  "no wave is configured yet; run mooc-aggregator config load DIR");
    else if (wave == NULL)
        error_set(err, ERROR_USAGE, false, "which wave? --wave takes one of: %s", counted);
    else
        error_set(
            err, ERROR_USAGE, false,
            "there is no wave \"%.64s\"; waves whose learners are counted: %s; with published "
            "totals only: %.500s",
            wave, counted[0] != '\0' ? counted : "none", published[0] != '\0' ? published : "none");
    pg_rows_free(rows);
}

static bool refuse_published(const struct report_request *request, struct error *err)
{
    return error_set(err, ERROR_USAGE, false,
                     "of wave %s only totals are published, it has no units to report: "
                     "`mooc-aggregator report appendix2` shows it",
                     request->wave);
}

bool reports_find_wave(struct pg *pg, const struct report_request *request, struct report *report,
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
                                 &wave->ends,          &wave->figures};
        for (size_t i = 0; i < ARRAY_LEN(fields); i++)
            *fields[i] = report_copy(report, pg_rows_value(rows, 0, i));
    } else {
        reports_refuse_wave(pg, request->wave, err);
    }
    pg_rows_free(rows);
    return found;
}

/* What is closed at an instant is as of that instant, however far the platforms have been read since. */
static void add_instant(struct report *report, const char *at)
{
    int64_t us;
    int year, month, day;
    if (!clock_parse(at, &us))
        return;
    clock_civil_from_day(clock_day(us), &year, &month, &day);
    int64_t minute = (us / 60000000 + 7 * 60) % (24 * 60);
    report->as_of = report_copy(report, at);
    report_add_line(report,
                    SAY(report, "Số liệu tính đến %02d:%02d %02d/%02d/%04d",
                        "Figures as of %02d:%02d %02d/%02d/%04d (UTC+7)"),
                    (int)(minute / 60), (int)(minute % 60), day, month, year);
}

static bool add_as_of(struct pg *pg, const struct report_request *request, struct report *report,
                      struct error *err)
{
    if (request->at[0] != '\0') {
        add_instant(report, request->at);
        return true;
    }
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
    bool of_learners = false;
    report_maker make = maker_of(request->name, &of_learners, err);
    if (make == NULL)
        return NULL;
    struct report *report = report_new(request->name, request->language);
    struct report_wave wave = {0};
    if (reports_find_wave(pg, request, report, &wave, err)) {
        report->wave = wave.wave;
        bool fits =
            !of_learners || strcmp(wave.figures, "counted") == 0 || refuse_published(request, err);
        if (fits && make(pg, request, &wave, report, err) && add_as_of(pg, request, report, err))
            return report;
    }
    report_free(report);
    return NULL;
}
