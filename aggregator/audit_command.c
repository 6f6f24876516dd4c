/* mooc-aggregator audit: what was done to the figures, in words. */
#include <stdio.h>
#include <string.h>

#include "../common/clock.h"
#include "commands.h"
#include "report/output.h"
#include "session.h"
#include "sql.h"

/* In the order of sql/audit_list.sql. */
enum column { AT, OPERATOR, LOGIN, ACTION, REASON, GENERATION, CONFIG_VERSION, DETAIL, AS_JSON };

/* What an action is called; one that is not here is called by its command. */
static const struct {
    const char *action, *words;
} actions[] = {
    {"config load", "loaded reference data"},
    {"replay start", "counted anew beside the figures shown"},
    {"replay compare", "compared the newly counted figures with those shown"},
    {"replay promote", "showed the newly counted figures"},
    {"replay rollback", "went back to the figures before"},
    {"replay drop", "removed a set of figures"},
    {"dead drop", "set rejected records aside"},
    {"erase", "handed over the erasure of a person"},
    {"erase: archive", "erased from figures and archive who was handed over"},
    {"archive export", "exported the archive"},
    {"archive detach", "took a month out of the archive"},
    {"archive attach", "took a month back into the archive"},
    {"archive import", "loaded an export into the archive"},
    {"archive refill", "wrote the archive back into the log"},
    {"restore", "restored a backup"},
    {"bi-user add", "made a login for BI tools"},
    {"bi-user drop", "removed a login of BI tools"},
    {"close", "closed figures for a document"},
    {"report follow-up", "gave a unit its list back, person by person"},
};

static const char *words_of(const char *action)
{
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        if (strcmp(action, actions[i].action) == 0)
            return actions[i].words;
    }
    return action;
}

static struct report *report_of(const struct pg_rows *rows)
{
    struct report *r = report_new("audit", LANGUAGE_EN);
    r->title = "WHAT WAS DONE TO THE FIGURES";
    report_add_column(r, CELL_TEXT, "at", NULL, "When");
    report_add_column(r, CELL_TEXT, "who", NULL, "Who");
    report_add_column(r, CELL_TEXT, "what", NULL, "What");
    report_add_column(r, CELL_TEXT, "why", NULL, "Why");
    report_add_column(r, CELL_NUMBER, "generation", NULL, "Generation");
    report_add_column(r, CELL_NUMBER, "config_version", NULL, "Config version");
    report_add_column(r, CELL_TEXT, "result", NULL, "Result");
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        size_t row = report_add_row(r);
        char who[256], at[CLOCK_LOCAL_SIZE];
        clock_localise(pg_rows_value(rows, i, AT), at);
        snprintf(who, sizeof(who), "%s (%s)", pg_rows_value(rows, i, OPERATOR),
                 pg_rows_value(rows, i, LOGIN));
        report_put_text(r, row, "at", at);
        report_put_text(r, row, "who", who);
        report_put_text(r, row, "what", words_of(pg_rows_value(rows, i, ACTION)));
        report_put_text(r, row, "why", pg_rows_value(rows, i, REASON));
        if (pg_rows_value(rows, i, GENERATION) != NULL)
            report_put_number(r, row, "generation", pg_rows_integer(rows, i, GENERATION, 0));
        if (pg_rows_value(rows, i, CONFIG_VERSION) != NULL)
            report_put_number(r, row, "config_version", pg_rows_integer(rows, i, CONFIG_VERSION, 0));
        report_put_text(r, row, "result", pg_rows_value(rows, i, DETAIL));
    }
    if (pg_rows_count(rows) == 0)
        report_add_note(r, "Nothing.");
    return r;
}

static void print_json(const struct pg_rows *rows)
{
    printf("{\"entries\":[");
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        printf("%s\n%s", i > 0 ? "," : "", pg_rows_value(rows, i, AS_JSON));
    printf("]}\n");
}

static bool check_options(const char *since, const char *format, struct error *err)
{
    int32_t day;
    if (since != NULL && !clock_parse_date(since, &day))
        return error_set(err, ERROR_USAGE, false, "--since takes a day such as 2026-09-01, not %s",
                         since);
    return format == NULL || strcmp(format, "table") == 0 || strcmp(format, "json") == 0 ||
           error_set(err, ERROR_USAGE, false, "audit is table or json, not %s", format);
}

int command_audit(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    const char *since = options_text(options, "since"), *format = options_text(options, "format");
    struct pg *pg =
        check_options(since, format, &err) ? session_open(options, "audit", true, &err) : NULL;
    struct pg_rows *rows = pg != NULL ? pg_query(pg, sql_audit_list, 1, &since, &err) : NULL;
    bool done = rows != NULL;
    if (rows != NULL && format != NULL && strcmp(format, "json") == 0) {
        print_json(rows);
    } else if (rows != NULL) {
        struct report *report = report_of(rows);
        done = output_report(report, OUTPUT_TABLE, NULL, &err);
        report_free(report);
    }
    pg_rows_free(rows);
    pg_free(pg);
    return done ? 0 : session_fail(&err);
}
