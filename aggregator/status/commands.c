/* mooc-aggregator status */
#include <stdio.h>
#include <stdlib.h>

#include "../commands.h"
#include "../session.h"
#include "status.h"
#include "storage.h"

#define KAFKA_TIMEOUT_MS 5000
/* Who asks whether all is well wants an answer, also while somebody has locked a table. */
#define LOCK_TIMEOUT "SET LOCAL lock_timeout = '5s'"

/* checking: only a problem is looked for, and what things take is none. */
static bool gather(const struct options *options, bool checking, bool vietnamese,
                   struct status *status, struct storage *storage, struct error *err)
{
    struct pg *pg = session_open(options, "status", true, err);
    if (pg == NULL)
        return false;
    bool read = pg_run(pg, LOCK_TIMEOUT, err) &&
                status_read(pg, options_text(options, "status.by_hand"), status, err) &&
                (checking || storage_read(pg, options, storage, err));
    status->vietnamese = storage->vietnamese = vietnamese;
    pg_rollback(pg);
    pg_free(pg);
    if (!read)
        return false;
    /* The ends are asked for after the offsets: what came in between counts as behind, never as ahead. */
    struct partition_end *ends = NULL;
    size_t count = 0;
    bool told = partition_ends_fetch(options, KAFKA_TIMEOUT_MS, &ends, &count, &status->ends_failure);
    if (told)
        status_add_ends(status, ends, count);
    if (!checking) {
        if (told)
            storage_ask_kafka(options, KAFKA_TIMEOUT_MS, ends, count, storage);
        status->storage = storage;
    }
    free(ends);
    return true;
}

/* What was stopped was not asked. */
static int failed(const struct error *err)
{
    int code = error_exit_code(err);
    return code ? code : 1;
}

/* Nothing and 0 when all is well, one line and 1 when not; by what Kafka's answer is missing for, when that cannot be told
 * without it: which it can where nobody counts. */
static int check(const struct status *status, const struct status_limits *limits)
{
    char line[768];
    if (!status_problem(status, limits, line, sizeof(line)))
        return 0;
    printf("%s\n", line);
    bool told = status->ends_failure.kind == ERROR_NONE ||
                status_writer_problem(status, limits, line, sizeof(line));
    return told ? 1 : failed(&status->ends_failure);
}

/* "Is all well?" has an answer then, too, and it stands where the others do. */
static int fail(const struct options *options, const struct error *err, bool checking)
{
    if (!checking)
        return session_fail(options, err);
    printf("%s\n", error_words(err, tell_in_vietnamese(options)));
    return failed(err);
}

static int print(const struct status *status, const struct status_limits *limits, bool json)
{
    struct text_buffer text = {0};
    if (json)
        status_write_json(status, limits, &text);
    else
        status_write_text(status, limits, &text);
    bool written = fwrite(text.data, 1, text.length, stdout) == text.length;
    text_buffer_free(&text);
    return written ? 0 : 1;
}

int command_status(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    const char *format = options_text(options, "format");
    bool json = format != NULL && strcmp(format, "json") == 0;
    if (format != NULL && !json && strcmp(format, "text") != 0) {
        error_tell(&err, ERROR_USAGE, false, "status in ra text hoặc json, không có %s",
                   "status is text or json, not %s", format);
        return session_fail(options, &err);
    }
    struct status_limits limits = {
        .max_lag = options_number(options, "status.max_lag"),
        .max_heartbeat_age_ms = options_number(options, "status.max_heartbeat_age"),
        .max_stream_age_ms = options_number(options, "status.max_stream_age"),
        .late_after_ms = options_number(options, "status.late_after")};
    struct status status = {0};
    struct storage storage = {0};
    bool checking = options_boolean(options, "check");
    static const char *const of_tables[] = {"format", NULL};
    if (checking && !options_leave_out(options, of_tables,
                                       "status --check, which prints a line or nothing", &err))
        return session_fail(options, &err);
    int exit_code;
    if (!gather(options, checking, !json && tell_in_vietnamese(options), &status, &storage, &err))
        exit_code = fail(options, &err, checking);
    else if (checking)
        exit_code = check(&status, &limits);
    else
        exit_code = print(&status, &limits, json);
    status_free(&status);
    storage_free(&storage);
    return exit_code;
}
