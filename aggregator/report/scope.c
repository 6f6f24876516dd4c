#include "scope.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sql.h"

enum wave_column {
    WAVE,
    WAVE_NAME,
    BEGINS,
    ENDS,
    PROVINCE,
    PROVINCE_NAME,
    FIGURES,
    TRAINING,
    TRAINING_NAME,
    TRAINING_NAME_EN
};

void scope_refuse_wave(struct pg *pg, const char *wave, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_report_waves, 0, NULL, err);
    if (rows == NULL)
        return;
    const char *counted = pg_rows_value(rows, 0, 0), *published = pg_rows_value(rows, 0, 1);
    if (counted[0] == '\0' && published[0] == '\0')
        error_set(err, ERROR_USAGE, false,
                  "no wave is configured yet; run mooc-aggregator config load DIR");
    else if (wave == NULL)
        error_set(err, ERROR_USAGE, false, "which wave? --wave takes one of: %.800s", counted);
    else
        error_set(
            err, ERROR_USAGE, false,
            "there is no wave \"%.64s\"; waves whose learners are counted: %.400s; with published "
            "totals only: %.400s",
            wave, counted[0] != '\0' ? counted : "none", published[0] != '\0' ? published : "none");
    pg_rows_free(rows);
}

static bool refuse_training(struct pg *pg, const char *training, struct error *err)
{
    const char *parameters[] = {NULL};
    struct pg_rows *rows = pg_query(pg, sql_report_trainings, 1, parameters, err);
    if (rows == NULL)
        return false;
    struct text_buffer list = {0};
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        text_buffer_add_format(&list, "%s%s", i > 0 ? ", " : "", pg_rows_value(rows, i, 0));
    if (list.length == 0)
        error_set(err, ERROR_USAGE, false,
                  "no training is configured yet; run mooc-aggregator config load DIR");
    else if (training == NULL)
        error_set(err, ERROR_USAGE, false, "which training? --training takes one of: %.800s",
                  list.data);
    else
        error_set(err, ERROR_USAGE, false, "there is no training \"%.64s\"; there are: %.800s",
                  training, list.data);
    text_buffer_free(&list);
    pg_rows_free(rows);
    return false;
}

static void take_wave(struct report *report, const struct pg_rows *rows, struct report_scope *scope)
{
    const char **fields[] = {
        [WAVE] = &scope->wave,         [WAVE_NAME] = &scope->wave_name,
        [BEGINS] = &scope->begins,     [ENDS] = &scope->ends,
        [PROVINCE] = &scope->province, [PROVINCE_NAME] = &scope->province_name,
        [FIGURES] = &scope->figures,   [TRAINING] = &scope->training,
    };
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        *fields[i] = report_copy(report, pg_rows_value(rows, 0, i));
    scope->training_name = report_copy(
        report, pg_rows_value(rows, 0, (size_t)SAY(report, TRAINING_NAME, TRAINING_NAME_EN)));
}

static bool refuse_published(const struct report_request *request, struct error *err)
{
    return error_set(err, ERROR_USAGE, false,
                     "of wave %s only totals are published, it has no units to report: "
                     "`mooc-aggregator report appendix2` shows it",
                     request->wave);
}

/* The training that was named, or the only one. */
static bool find_training(struct pg *pg, const struct report_request *request,
                          struct report *report, struct report_scope *scope, struct error *err)
{
    const char *parameters[] = {request->training};
    struct pg_rows *rows = pg_query(pg, sql_report_trainings, 1, parameters, err);
    if (rows == NULL)
        return false;
    bool found = pg_rows_count(rows) == 1;
    if (found) {
        scope->training = report_copy(report, pg_rows_value(rows, 0, 0));
        scope->training_name = report_copy(report, pg_rows_value(rows, 0, SAY(report, 1, 2)));
    } else {
        refuse_training(pg, request->training, err);
    }
    pg_rows_free(rows);
    return found;
}

/* The wave that was named, or the only one; or_training: where a training has several, the training itself. */
static bool find_wave(struct pg *pg, const struct report_request *request, bool or_training,
                      struct report *report, struct report_scope *scope, struct error *err)
{
    const char *parameters[] = {request->wave, request->training};
    struct pg_rows *rows = pg_query(pg, sql_report_scope, 2, parameters, err);
    if (rows == NULL)
        return false;
    bool found = pg_rows_count(rows) == 1;
    if (found)
        take_wave(report, rows, scope);
    else if (pg_rows_count(rows) > 1 && request->training != NULL && or_training)
        found = find_training(pg, request, report, scope, err);
    else if (request->wave == NULL || request->training == NULL)
        scope_refuse_wave(pg, request->wave, err);
    else
        error_set(err, ERROR_USAGE, false, "training %.64s has no wave \"%.64s\"",
                  request->training, request->wave);
    pg_rows_free(rows);
    return found;
}

static bool refuse_unit(struct pg *pg, const char *unit, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_report_unit_codes, 0, NULL, err);
    if (rows == NULL)
        return false;
    const char *codes = pg_rows_value(rows, 0, 0);
    error_set(err, ERROR_USAGE, false, "there is no unit \"%.64s\"; %s%.800s%s", unit,
              codes != NULL ? "there are: " : "run mooc-aggregator config load DIR",
              codes != NULL ? codes : "",
              pg_rows_integer(rows, 0, 1, 0) > 40 ? ", …; units.csv has all" : "");
    pg_rows_free(rows);
    return false;
}

static bool find_unit(struct pg *pg, const struct report_request *request, struct report *report,
                      struct report_scope *scope, struct error *err)
{
    if (request->unit == NULL)
        return true;
    const char *parameters[] = {request->unit};
    struct pg_rows *rows = pg_query(pg, sql_report_units, 1, parameters, err);
    if (rows == NULL)
        return false;
    bool found = pg_rows_value(rows, 0, 0) != NULL;
    if (found) {
        scope->unit = report_copy(report, request->unit);
        scope->unit_name = report_copy(report, pg_rows_value(rows, 0, 0));
        scope->units = report_copy(report, pg_rows_value(rows, 0, 1));
    } else {
        refuse_unit(pg, request->unit, err);
    }
    pg_rows_free(rows);
    return found;
}

static bool is_month(const char *text)
{
    for (size_t i = 0; i < 7; i++) {
        if (i == 4 ? text[i] != '-' : !isdigit((unsigned char)text[i]))
            return false;
    }
    int number = (text[5] - '0') * 10 + text[6] - '0';
    return text[7] == '\0' && number >= 1 && number <= 12;
}

static bool find_month(struct pg *pg, const struct report_request *request, struct report *report,
                       struct report_scope *scope, struct error *err)
{
    if (request->month == NULL)
        return true;
    const char *parameters[] = {scope->training};
    struct pg_rows *rows = pg_query(pg, sql_report_months, 1, parameters, err);
    if (rows == NULL)
        return false;
    const char *first = pg_rows_value(rows, 0, 0), *last = pg_rows_value(rows, 0, 1);
    bool found = is_month(request->month) && strcmp(request->month, first) >= 0 &&
                 strcmp(request->month, last) <= 0;
    if (found) {
        char day[16];
        snprintf(day, sizeof(day), "%.7s-01", request->month);
        scope->month = report_copy(report, day);
    } else {
        error_set(err, ERROR_USAGE, false,
                  "there is no month \"%.32s\" to report; --month takes %s to %s", request->month,
                  first, last);
    }
    pg_rows_free(rows);
    return found;
}

bool scope_find(struct pg *pg, const struct report_request *request, enum scope_need need,
                struct report *report, struct report_scope *scope, struct error *err)
{
    *scope = (struct report_scope){0};
    bool either = need == SCOPE_NEEDS_EITHER;
    if (need == SCOPE_NEEDS_WAVE || either || request->wave != NULL) {
        if (!find_wave(pg, request, either, report, scope, err))
            return false;
    } else if (need == SCOPE_NEEDS_TRAINING || request->training != NULL) {
        if (!find_training(pg, request, report, scope, err))
            return false;
    }
    if ((need == SCOPE_NEEDS_WAVE || either) && scope->wave != NULL &&
        strcmp(scope->figures, "counted") != 0)
        return refuse_published(request, err);
    return find_unit(pg, request, report, scope, err) && find_month(pg, request, report, scope, err);
}
