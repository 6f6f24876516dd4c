/* mooc-aggregator report NAME */
#include <stdio.h>

#include "../commands.h"
#include "../session.h"
#include "output.h"
#include "reports.h"

static bool print_report(const struct options *options, struct error *err)
{
    enum output_format format;
    const char *path = options_text(options, "out");
    struct report_request request = {.name = options_argument(options, 0),
                                     .wave = options_text(options, "wave"),
                                     .below = options_number(options, "below")};
    if (!output_format_parse(options_text(options, "format"), path, &format, err) ||
        !output_language_parse(options_text(options, "lang"), &request.language, err))
        return false;
    struct pg *pg = session_open(options, "report", true, err);
    if (pg == NULL)
        return false;
    struct report *report = reports_make(pg, &request, err);
    pg_rollback(pg);
    pg_free(pg);
    if (report == NULL)
        return false;
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
