/* mooc-aggregator report NAME */
#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../close/changes.h"
#include "../close/document.h"
#include "../../common/file.h"
#include "../commands.h"
#include "../session.h"
#include "output.h"
#include "reports.h"

/* A connection in a transaction whose views show the figures of now, or with option at those of then. */
static struct pg *open_figures(const struct options *options, struct report_request *request,
                               struct error *err)
{
    struct as_of as_of = {.config_version = -1};
    const char *at = options_text(options, "at");
    if (at == NULL)
        return session_open(options, "report", true, err);
    if (!as_of_parse(at, clock_now_us(), &as_of.at_us, err))
        return NULL;
    struct pg *pg = session_open(options, "report", false, err);
    if (pg != NULL && as_of_show(pg, options, &as_of, NULL, err)) {
        clock_format(as_of.at_us, request->at);
        return pg;
    }
    pg_free(pg);
    return NULL;
}

static struct report *make(const struct options *options, struct report_request *request,
                           struct error *err)
{
    const char *closed = options_text(options, "closed");
    if (closed != NULL && options_text(options, "at") != NULL) {
        error_set(err, ERROR_USAGE, false,
                  "--closed prints what was closed, --at counts anew: one of them");
        return NULL;
    }
    struct pg *pg = closed != NULL ? session_open(options, "report", true, err)
                                   : open_figures(options, request, err);
    struct report *report = pg == NULL ? NULL
                            : closed != NULL
                                ? document_report(pg, closed, request->name, request->language, err)
                                : reports_make(pg, request, err);
    if (pg != NULL)
        pg_rollback(pg);
    pg_free(pg);
    return report;
}

/* What closed figures are now: it counts several times, each in a transaction of its own. */
static struct report *make_changes(const struct options *options, enum language language,
                                   struct error *err)
{
    const char *since = options_text(options, "since");
    if (since == NULL) {
        error_set(err, ERROR_USAGE, false,
                  "since which document? --since 555/CAT, as its figures were closed");
        return NULL;
    }
    struct pg *pg = session_open(options, "report changes", false, err);
    struct report *report = pg == NULL ? NULL : changes_make(pg, options, since, language, err);
    pg_free(pg);
    return report;
}

static bool print_report(const struct options *options, struct error *err)
{
    enum output_format format;
    const char *path = options_text(options, "out");
    struct report_request request = {.name = options_argument(options, 0),
                                     .wave = options_text(options, "wave"),
                                     .training = options_text(options, "training"),
                                     .unit = options_text(options, "unit"),
                                     .month = options_text(options, "month"),
                                     .below = options_number(options, "below")};
    if (!file_check_out(path, err) ||
        !output_format_parse(options_text(options, "format"), path, &format, err) ||
        !output_language_parse(options_text(options, "lang"), &request.language, err))
        return false;
    struct report *report = strcmp(request.name, "changes") == 0
                                ? make_changes(options, request.language, err)
                                : make(options, &request, err);
    if (report == NULL)
        return false;
    report_dress(report, options_text(options, "attached_to"), options_text(options, "place"),
                 options_text(options, "signer"));
    bool printed = output_report(report, format, path, err);
    report_free(report);
    if (printed && path != NULL)
        printf("%s\n", path);
    return printed;
}

int command_report(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    return print_report(options, &err) ? 0 : session_fail(&err);
}
