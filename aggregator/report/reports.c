#include "reports.h"

#include <stdio.h>
#include <string.h>

#include "scope.h"
#include "sql.h"

enum {
    OF_WAVE = 1,     /* it can be of one: such a report is closed for a document */
    OF_ALL = 2,      /* it is never of a unit */
    SIDE_BY_SIDE = 4 /* for a document of a wave, it has the training's other waves beside it */
};

static const struct maker {
    const char *name;
    report_maker *make;
    enum scope_need need;
    int is;
} makers[] = {
    {"appendix1", report_appendix1, SCOPE_NEEDS_WAVE, OF_WAVE},
    {"appendix2", report_appendix2, SCOPE_NEEDS_TRAINING, OF_WAVE | OF_ALL},
    {"groups", report_groups, SCOPE_NEEDS_WAVE, OF_WAVE},
    {"participation", report_participation, SCOPE_NEEDS_WAVE, OF_WAVE},
    {"waves", report_waves, SCOPE_NEEDS_TRAINING, OF_WAVE | SIDE_BY_SIDE},
    {"monthly", report_monthly, SCOPE_NEEDS_TRAINING, 0},
    {"deadlines", report_deadlines, SCOPE_NEEDS_TRAINING, OF_WAVE},
    {"issues", report_issues, SCOPE_NEEDS_NOTHING, OF_WAVE},
    {"headcounts", report_headcounts, SCOPE_NEEDS_NOTHING, OF_WAVE},
    {"targets", report_targets, SCOPE_NEEDS_NOTHING, OF_WAVE},
    {"summary", report_summary, SCOPE_NEEDS_EITHER, OF_WAVE},
};

static const struct maker *maker_of(const char *name, struct error *err)
{
    struct text_buffer names = {0};
    for (size_t i = 0; i < ARRAY_LEN(makers); i++) {
        if (strcmp(makers[i].name, name) == 0) {
            text_buffer_free(&names);
            return &makers[i];
        }
        text_buffer_add_format(&names, "%s%s", i > 0 ? ", " : "", makers[i].name);
    }
    error_tell(err, ERROR_USAGE, false,
               "không có báo cáo \"%.64s\"; có: %s, follow-up, pack, closed, changes",
               "there is no report \"%.64s\"; there are: %s, follow-up, pack, closed, changes",
               name, names.data);
    text_buffer_free(&names);
    return NULL;
}

const char *reports_of_wave(size_t number)
{
    for (size_t i = 0; i < ARRAY_LEN(makers); i++)
        if ((makers[i].is & OF_WAVE) != 0 && number-- == 0)
            return makers[i].name;
    return NULL;
}

void reports_ask_of_wave(struct report_request *request, const char *name, const char *wave,
                         const char *training)
{
    bool all = false;
    for (size_t i = 0; i < ARRAY_LEN(makers); i++)
        all = all || ((makers[i].is & SIDE_BY_SIDE) != 0 && strcmp(makers[i].name, name) == 0);
    request->name = name;
    request->wave = all ? NULL : wave;
    request->training = training;
}

struct pg_rows *report_ask(struct pg *pg, const struct report_request *request, const char *sql,
                           size_t count, const char *const *parameters, struct error *err)
{
    if (request->trace != NULL)
        report_trace_add(request->trace, sql, count, parameters);
    return pg_query(pg, sql, count, parameters, err);
}

void report_add_scope_lines(struct report *report, const struct report_scope *scope)
{
    if (scope->training_name != NULL)
        report_add_line(report, SAY(report, "Khóa học: %s", "Training: %s"), scope->training_name);
    if (scope->wave_name != NULL && scope->begins != NULL && scope->ends != NULL)
        report_add_line(report, SAY(report, "%s, từ %s đến %s", "%s, %s to %s"), scope->wave_name,
                        scope->begins, scope->ends);
    else if (scope->wave_name != NULL)
        report_add_line(report, "%s", scope->wave_name);
    if (scope->unit_name != NULL && strchr(scope->units, ',') != NULL)
        report_add_line(
            report,
            SAY(report, "Đơn vị: %s và các đơn vị trực thuộc", "Unit: %s and the units below it"),
            scope->unit_name);
    else if (scope->unit_name != NULL)
        report_add_line(report, SAY(report, "Đơn vị: %s", "Unit: %s"), scope->unit_name);
}

void report_put_known(struct report *report, size_t row, const char *column,
                      const struct pg_rows *rows, size_t from, size_t at)
{
    if (pg_rows_value(rows, from, at) != NULL)
        report_put_count(report, row, column, pg_rows_integer(rows, from, at, 0));
}

/* On every sheet: each may be printed by itself. */
static void add_as_of_line(struct report *report, const char *instant, const char *line)
{
    for (size_t i = 0; i <= report->part_count; i++) {
        struct report *part = i == 0 ? report : report->parts[i - 1];
        part->as_of = report_copy(part, instant);
        report_add_line(part, "%s", line);
    }
}

/* What is closed at an instant is as of that instant, however far the platforms have been read since. */
static bool add_instant(struct report *report, const char *at)
{
    int64_t us;
    int year, month, day;
    char line[96];
    if (!clock_parse(at, &us))
        return false;
    clock_civil_from_day(clock_day(us), &year, &month, &day);
    int minute = (int)((us / 60000000 + 7 * 60) % (24 * 60));
    snprintf(line, sizeof(line),
             SAY(report, "Số liệu tính đến %02d:%02d %02d/%02d/%04d",
                 "Figures as of %02d:%02d %02d/%02d/%04d (UTC+7)"),
             minute / 60, minute % 60, day, month, year);
    add_as_of_line(report, at, line);
    return true;
}

struct pg_rows *report_unread_streams(struct pg *pg, const struct report_request *request,
                                      const char *training, const char *without, struct error *err)
{
    const char *never = request->language == LANGUAGE_VI ? "chưa đọc lần nào" : "never read";
    const char *parameters[] = {training, request->at, without, never};
    return report_ask(pg, request, sql_report_unread_streams, 4, parameters, err);
}

void report_add_unread_line(struct report *report, const char *unread)
{
    report_add_line(report,
                    SAY(report, "Số liệu chưa đầy đủ đến thời điểm đó, mới đọc đến: %s",
                        "The figures are not complete through that instant, but read only "
                        "through: %s"),
                    unread);
}

/* A sheet says of figures as of an instant which platforms were not read so far. */
static bool add_unread(struct pg *pg, const struct report_request *request,
                       const struct report_scope *scope, struct report *report, struct error *err)
{
    struct pg_rows *rows = report_unread_streams(pg, request, scope->training, NULL, err);
    if (rows == NULL)
        return false;
    const char *unread = pg_rows_value(rows, 0, 0);
    for (size_t i = 0; unread != NULL && i <= report->part_count; i++)
        report_add_unread_line(i == 0 ? report : report->parts[i - 1], unread);
    pg_rows_free(rows);
    return true;
}

static bool add_as_of(struct pg *pg, const struct report_request *request,
                      const struct report_scope *scope, struct report *report, struct error *err)
{
    if (add_instant(report, request->at))
        return add_unread(pg, request, scope, report, err);
    const char *parameters[] = {scope->training};
    struct pg_rows *rows = report_ask(pg, request, sql_report_as_of, 1, parameters, err);
    if (rows == NULL)
        return false;
    const char *through = pg_rows_value(rows, 0, 1), *missing = pg_rows_value(rows, 0, 2);
    struct text_buffer line = {0};
    if (missing != NULL)
        text_buffer_add_format(&line,
                               SAY(report, "Số liệu chưa đầy đủ: chưa đọc hết %s",
                                   "The figures are not complete: %s not read whole yet"),
                               missing);
    else if (through != NULL)
        text_buffer_add_format(&line, SAY(report, "Số liệu tính đến %s", "Figures as of %s (UTC+7)"),
                               through);
    if (line.length > 0)
        add_as_of_line(report, missing == NULL ? pg_rows_value(rows, 0, 0) : NULL, line.data);
    text_buffer_free(&line);
    pg_rows_free(rows);
    return true;
}

bool reports_scope(struct pg *pg, const struct report_request *request, struct report *report,
                   struct report_scope *scope, struct error *err)
{
    const struct maker *maker = maker_of(request->name, err);
    return maker != NULL && scope_find(pg, request, maker->need, report, scope, err);
}

/* Row security leaves rows out, and a total over the rest would pass for the whole: who is limited to units gets reports of a unit. */
static bool narrow_to_reader(struct pg *pg, const struct maker *maker, struct report *report,
                             struct report_request *request, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_report_reader, 1, &request->unit, err);
    if (rows == NULL)
        return false;
    const char *units = report_copy(report, pg_rows_value(rows, 0, 0));
    bool seen = pg_rows_value(rows, 0, 1)[0] == 't';
    request->reads_only = pg_rows_value(rows, 0, 2)[0] == 't';
    pg_rows_free(rows);
    if (units == NULL)
        return true;
    if ((maker->is & OF_ALL) != 0)
        report_add_line(
            report,
            SAY(report, "Chỉ gồm số liệu được xem của: %s", "Only what this login may see, of: %s"),
            units);
    else if (!seen)
        return error_tell(err, ERROR_USAGE, false,
                          "tài khoản này xem được số liệu của %.600s và các đơn vị trực thuộc; "
                          "trong đó không có \"%.64s\"",
                          "this login sees the figures of %.600s and below; \"%.64s\" is not there",
                          units, request->unit);
    else if (request->unit == NULL && strchr(units, ',') != NULL)
        return error_tell(err, ERROR_USAGE, false,
                          "của đơn vị nào? tài khoản này xem được, cùng các đơn vị trực thuộc: "
                          "%.600s",
                          "which unit? this login sees, with those below: %.600s", units);
    else if (request->unit == NULL)
        request->unit = units;
    return true;
}

struct report *reports_make(struct pg *pg, const struct report_request *asked, struct error *err)
{
    const struct maker *maker = maker_of(asked->name, err);
    if (maker == NULL)
        return NULL;
    struct report *report = report_new(maker->name, asked->language);
    struct report_request own = *asked;
    const struct report_request *request = &own;
    struct report_scope scope;
    if (narrow_to_reader(pg, maker, report, &own, err) &&
        scope_find(pg, request, maker->need, report, &scope, err)) {
        report->wave = scope.wave;
        if (request->trace != NULL && scope.training != NULL)
            snprintf(request->trace->training, sizeof(request->trace->training), "%s",
                     scope.training);
        if (maker->make(pg, request, &scope, report, err) &&
            add_as_of(pg, request, &scope, report, err))
            return report;
    }
    report_free(report);
    return NULL;
}
