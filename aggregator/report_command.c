/* mooc-aggregator report NAME */
#include <stdio.h>
#include <string.h>

#include "../common/clock.h"
#include "../common/file.h"
#include "close/changes.h"
#include "close/closed_list.h"
#include "close/document.h"
#include "commands.h"
#include "pack/pack.h"
#include "session.h"
#include "report/explain.h"
#include "report/output.h"

static bool is_named(const char *name, const char *wanted)
{
    return name != NULL && strcmp(name, wanted) == 0;
}

/* With explain the report goes only where --out says; its origin goes to the terminal. */
static bool write_report(struct report *report, const struct options *options,
                         enum output_format format, const struct text_buffer *origin,
                         struct error *err)
{
    const char *path = options_text(options, "out");
    bool explained = origin->length > 0;
    report_dress(report, options_text(options, "attached_to"), options_text(options, "place"),
                 options_text(options, "signer"));
    if ((!explained || path != NULL) && !output_report(report, format, path, err))
        return false;
    if (path != NULL)
        printf("%s%s\n", explained ? "-- " : "", path);
    if (explained)
        fwrite(origin->data, 1, origin->length, stdout);
    return true;
}

/* A connection in a transaction whose views show the figures of now, or with option at those of then. */
static struct pg *open_figures(const struct options *options, struct report_request *request,
                               struct error *err)
{
    struct as_of as_of = {.config_version = -1};
    const char *at = options_text(options, "at");
    if (at == NULL) /* who stands behind a cell is no view's to tell */
        return options_text(options, "why") != NULL ? session_open(options, "report", true, err)
                                                    : session_open_views(options, "report", err);
    if (!as_of_read(options, at, &as_of.at_us, err))
        return NULL;
    struct pg *pg = session_open(options, "report", false, err);
    if (pg != NULL && as_of_show(pg, options, &as_of, NULL, err)) {
        clock_format(as_of.at_us, request->at);
        return pg;
    }
    pg_free(pg);
    return NULL;
}

/* The report, or who counts in a cell of it; and where it is from, if that is asked. */
static struct report *make(const struct options *options, struct report_request *request,
                           bool programs, struct text_buffer *origin, struct error *err)
{
    const char *why = options_text(options, "why");
    struct pg *pg = open_figures(options, request, err);
    if (pg == NULL)
        return NULL;
    struct report_trace trace = {0};
    const struct explain_listing listing = {(size_t)options_number(options, "limit"), !programs};
    if (options_boolean(options, "explain"))
        request->trace = &trace;
    struct report *report = why != NULL ? explain_cell(pg, request, why, &listing, err)
                                        : reports_make(pg, request, err);
    if (report != NULL && why == NULL && request->trace != NULL &&
        !explain_report(pg, request, report, origin, err)) {
        report_free(report);
        report = NULL;
    }
    request->trace = NULL;
    report_trace_free(&trace);
    pg_rollback(pg);
    pg_free(pg);
    return report;
}

static struct report *read_closed(const struct options *options, const struct report_request *request,
                                  const char *doc, bool one_table, struct error *err)
{
    struct pg *pg = session_open(options, "report", true, err);
    struct report *report = NULL;
    if (pg != NULL && request->name == NULL && one_table)
        document_refuse_all(pg, doc, err);
    else if (pg != NULL)
        report = request->name != NULL
                     ? document_report(pg, doc, request->name, request->language, err)
                     : document_all(pg, doc, request->language, err);
    pg_free(pg);
    return report;
}

static struct report *list_closed(const struct options *options, enum language language,
                                  bool programs, struct error *err)
{
    struct pg *pg = session_open(options, "report closed", true, err);
    struct report *report = pg == NULL ? NULL : closed_list_make(pg, language, programs, err);
    pg_free(pg);
    return report;
}

/* What closed figures are now: it counts several times, each in a transaction of its own. */
static struct report *make_changes(const struct options *options, enum language language,
                                   struct error *err)
{
    const char *since = options_text(options, "since");
    if (since == NULL) {
        error_tell(err, ERROR_USAGE, false,
                   "so với văn bản nào? --since 555/CAT, như khi chốt số liệu",
                   "since which document? --since 555/CAT, as its figures were closed");
        return NULL;
    }
    struct pg *pg = session_open(options, "report changes", false, err);
    struct report *report = pg == NULL ? NULL : changes_make(pg, options, since, language, err);
    pg_free(pg);
    return report;
}

/* Options that contradict each other are refused rather than one of them passed over. */
static bool agree(const struct options *options, struct error *err)
{
    bool at = options_text(options, "at") != NULL, closed = options_text(options, "closed") != NULL;
    bool why = options_text(options, "why") != NULL;
    if (!closed && options_argument(options, 0) == NULL)
        return error_tell(err, ERROR_USAGE, false,
                          "báo cáo nào? `mooc-aggregator report --help` nêu tên các báo cáo; chỉ "
                          "--closed in tất cả",
                          "which report? `mooc-aggregator report --help` names them; only --closed "
                          "prints all");
    if (closed && (at || why || options_boolean(options, "explain")))
        return error_tell(
            err, ERROR_USAGE, false,
            "--closed in số liệu đã chốt: --at, --why và --explain chỉ dùng cho số "
            "liệu đang tính",
            "--closed prints what was closed: --at, --why and --explain are of figures "
            "that are counted");
    if (at && why)
        return error_tell(err, ERROR_USAGE, false,
                          "--why cho biết ai được tính lúc này, không phải lúc đó: hãy bỏ --at",
                          "--why tells who counts now, not who counted then: leave --at out");
    if (options_flag_given(options, "limit") && !why)
        return error_tell(err, ERROR_USAGE, false,
                          "--limit là số người mà --why liệt kê: báo cáo thì luôn đầy đủ",
                          "--limit is how many people --why lists: a report is always whole");
    return closed && options_given(options, "below")
               ? error_tell(err, ERROR_USAGE, false,
                            "số liệu của văn bản đã chốt như vậy: hãy bỏ --below",
                            "a document's figures are closed as they are: leave --below out")
               : true;
}

/* What narrows figures may not be passed over, wherever it was set: the reader would take them for narrowed. (Flags are refused before.) */
static bool narrows(const struct options *options, struct error *err)
{
    static const char *const narrowing[] = {"wave", "training", "unit", "month"};
    char origin[OPTIONS_ORIGIN_SIZE];
    const char *name = options_argument(options, 0);
    bool closed = options_text(options, "closed") != NULL;
    for (size_t i = 0; i < ARRAY_LEN(narrowing); i++) {
        if (!options_given(options, narrowing[i]))
            continue;
        options_origin(options, narrowing[i], origin);
        if (closed)
            return error_tell(err, ERROR_USAGE, false,
                              "số liệu của văn bản đã chốt như vậy: hãy bỏ %s",
                              "a document's figures are closed as they are: leave %s out", origin);
        if (!options_apply(options, narrowing[i]))
            return error_tell(err, ERROR_USAGE, false, "báo cáo %s không có tùy chọn --%s: hãy bỏ %s",
                              "report %s takes no --%s: leave %s out", name, narrowing[i], origin);
    }
    return true;
}

/* What paper needs around a report has no place in a file for programs, or on a terminal. */
static bool fits(const struct options *options, enum output_format format, struct error *err)
{
    static const char *const signature[] = {"place", "signer"};
    bool paper = format == OUTPUT_XLSX || format == OUTPUT_HTML;
    bool csv = format == OUTPUT_CSV || format == OUTPUT_CSV_EXCEL;
    for (size_t i = 0; i < ARRAY_LEN(signature) && !paper; i++)
        if (options_flag_given(options, signature[i]))
            return error_tell(
                err, ERROR_USAGE, false,
                "--%s chỉ được in trong xlsx và html: hãy thêm --out TỆP.xlsx, hoặc bỏ "
                "nó",
                "--%s is printed in xlsx and html only: say --out FILE.xlsx, or leave "
                "it out",
                signature[i]);
    if (csv && options_flag_given(options, "attached_to"))
        return error_tell(
            err, ERROR_USAGE, false,
            "--attached-to không có chỗ trong csv, vốn chỉ chứa biểu: hãy bỏ nó",
            "--attached-to has no place in csv, which holds the table alone: leave it "
            "out");
    return true;
}

static struct report *obtain(const struct options *options, struct report_request *request,
                             enum output_format format, struct text_buffer *origin, struct error *err)
{
    const char *closed = options_text(options, "closed");
    bool programs = format == OUTPUT_CSV || format == OUTPUT_JSON;
    if (is_named(request->name, "changes"))
        return make_changes(options, request->language, err);
    if (is_named(request->name, "closed"))
        return list_closed(options, request->language, programs, err);
    bool one_table = format == OUTPUT_CSV || format == OUTPUT_CSV_EXCEL;
    return closed != NULL ? read_closed(options, request, closed, one_table, err)
                          : make(options, request, programs, origin, err);
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
    if (!agree(options, err) || !file_check_out(path, err) ||
        !output_format_parse(options_text(options, "format"), path, &format, err) ||
        !fits(options, format, err) ||
        !output_language_parse(options_text(options, "lang"), &request.language, err))
        return false;
    struct text_buffer origin = {0};
    struct report *report = obtain(options, &request, format, &origin, err);
    bool printed = report != NULL && write_report(report, options, format, &origin, err);
    text_buffer_free(&origin);
    report_free(report);
    return printed;
}

int command_report(const struct program *program, const struct options *options)
{
    struct error err = {0};
    const char *name = options_argument(options, 0);
    if (!narrows(options, &err))
        return session_fail(options, &err);
    if (is_named(name, "follow-up"))
        return command_follow_up(options);
    bool done =
        is_named(name, "pack") ? pack_write(program, options, &err) : print_report(options, &err);
    return done ? 0 : session_fail(options, &err);
}
