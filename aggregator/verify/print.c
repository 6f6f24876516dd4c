#include "print.h"

#include <string.h>

#define NOT_CHECKED                                                                                \
    "the dead letters of ingest's own topic (it is not archived), and why a record of the "        \
    "archive "                                                                                     \
    "could not be read"
#define STATES_NOT_READ                                                                            \
    "; of the states only that each is there (another version of the program wrote them)"

static void add_heading(const struct verify_request *request, const struct verify_result *result,
                        struct text_buffer *out)
{
    text_buffer_add_format(out, "Generation %d, configuration %d", result->generation,
                           result->config_version);
    if (*request->training)
        text_buffer_add_format(out, ", training %s", request->training);
    if (*request->unit)
        text_buffer_add_format(out, ", unit %s", request->unit);
    text_buffer_add_format(out, ", as of %s, recomputed from the archive in %.1f s\n\n",
                           pg_rows_value(result->outcome, 0, 5), result->seconds);
}

static void add_checks(const struct pg_rows *checks, struct text_buffer *out)
{
    text_buffer_add_format(out, "%-26s %12s %12s\n", "CHECK", "COMPARED", "DIFFERENCES");
    for (size_t i = 0; i < pg_rows_count(checks); i++)
        text_buffer_add_format(out, "%-26s %12s %12s\n", pg_rows_value(checks, i, 0),
                               pg_rows_value(checks, i, 1), pg_rows_value(checks, i, 2));
}

static const char *or_nothing(const char *text)
{
    return text ? text : "nothing";
}

static void add_differences(const struct pg_rows *rows, struct text_buffer *out)
{
    const char *check = "";
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        if (strcmp(check, pg_rows_value(rows, i, 0)) != 0) {
            check = pg_rows_value(rows, i, 0);
            text_buffer_add_format(out, "\n%s, the largest differences first:\n", check);
        }
        const char *column = pg_rows_value(rows, i, 2), *key = pg_rows_value(rows, i, 1);
        text_buffer_add_format(out, "  %s: %s%sstored %s, recomputed %s\n", key ? key : "",
                               column ? column : "", column ? " " : "",
                               or_nothing(pg_rows_value(rows, i, 3)),
                               or_nothing(pg_rows_value(rows, i, 4)));
    }
}

void verify_write_table(const struct verify_request *request, const struct verify_result *result,
                        struct text_buffer *out)
{
    add_heading(request, result, out);
    add_checks(result->checks, out);
    add_differences(result->largest, out);
    text_buffer_add_text(out, "\nNot checked: " NOT_CHECKED);
    if (!result->states_read)
        text_buffer_add_text(out, STATES_NOT_READ);
    text_buffer_add_text(out, ".\n");
    if (result->differences == 0)
        text_buffer_add_text(out, "Everything is equal.\n");
    else
        text_buffer_add_format(
            out,
            "%lld differences. Nothing was changed; a replay makes the tables anew from the log.\n",
            (long long)result->differences);
}

void verify_write_json(const struct verify_result *result, struct text_buffer *out)
{
    const char *json = pg_rows_value(result->outcome, 0, 4);
    text_buffer_add(out, json, strlen(json) - 1); /* its last brace comes behind what follows */
    text_buffer_add_format(out, ", \"states_read\": %s, \"seconds\": %.3f, \"not_checked\": ",
                           result->states_read ? "true" : "false", result->seconds);
    text_buffer_add_json_string(out, NOT_CHECKED);
    text_buffer_add_text(out, "}\n");
}

void verify_write_metrics(const struct verify_result *result, int64_t now_us, struct text_buffer *out)
{
    text_buffer_add_text(
        out,
        "# HELP mooc_aggregator_verify_differences Differences that the last verification found.\n"
        "# TYPE mooc_aggregator_verify_differences gauge\n");
    for (size_t i = 0; i < pg_rows_count(result->checks); i++)
        text_buffer_add_format(out, "mooc_aggregator_verify_differences{check=\"%s\"} %s\n",
                               pg_rows_value(result->checks, i, 0),
                               pg_rows_value(result->checks, i, 2));
    text_buffer_add_text(out,
                         "# HELP mooc_aggregator_verify_compared Rows and facts that it compared.\n"
                         "# TYPE mooc_aggregator_verify_compared gauge\n");
    text_buffer_add_format(out, "mooc_aggregator_verify_compared %lld\n",
                           (long long)result->compared);
    text_buffer_add_text(out, "# HELP mooc_aggregator_verify_seconds How long it took.\n"
                              "# TYPE mooc_aggregator_verify_seconds gauge\n");
    text_buffer_add_format(out, "mooc_aggregator_verify_seconds %.3f\n", result->seconds);
    text_buffer_add_text(out, "# HELP mooc_aggregator_verify_timestamp_seconds When it ended; its "
                              "age is time() less this.\n"
                              "# TYPE mooc_aggregator_verify_timestamp_seconds gauge\n");
    text_buffer_add_format(out, "mooc_aggregator_verify_timestamp_seconds %lld.%03d\n",
                           (long long)(now_us / 1000000), (int)(now_us / 1000 % 1000));
}
