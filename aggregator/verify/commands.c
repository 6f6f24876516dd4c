/* mooc-aggregator verify */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../common/stop.h"
#include "../../common/tell.h"
#include "../../common/clock.h"
#include "../../common/file.h"
#include "../commands.h"
#include "../session.h"
#include "print.h"
#include "verify.h"

#define STOP_S 2

#define MANY 10000 /* differences of a check in JSON */

static bool take_options(const struct options *options, struct verify_request *request, bool *json,
                         struct error *err)
{
    const char *format = options_text(options, "format");
    *json = format && strcmp(format, "json") == 0;
    if (format && !*json && strcmp(format, "table") != 0)
        return error_set(err, ERROR_USAGE, false,
                         TELL(request, "verify in ra table hoặc json, không có %s",
                              "verify prints a table or json, not %s"),
                         format);
    if (!file_check_out(options_text(options, "out"), err) ||
        !file_check_out(options_text(options, "metrics_file"), err))
        return false;
    const char *training = options_text(options, "training"), *unit = options_text(options, "unit");
    request->training = training ? training : "";
    request->unit = unit ? unit : "";
    bool many = *json && !options_given(options, "limit");
    request->shown = many ? MANY : options_number(options, "limit");
    return true;
}

/* Whole or not at all: who collects the file must not read half of it. Whom the umask lets read it can: others than the writer collect. */
static bool write_file(const char *path, const struct text_buffer *text, struct error *err)
{
    struct text_buffer beside = {0};
    text_buffer_add_format(&beside, "%s.%ld.part", path, (long)getpid());
    (void)unlink(beside.data); /* of a process of the same number that was killed */
    FILE *file = fopen(beside.data, "wxe");
    bool ok = file && fwrite(text->data, 1, text->length, file) == text->length;
    if (file && fclose(file) != 0)
        ok = false;
    ok = ok && rename(beside.data, path) == 0;
    if (!ok) {
        error_tell(err, ERROR_INTERNAL, false, "không ghi được %s: " REASON_VI,
                   "%s cannot be written: " REASON_EN, path, ERROR_REASON(errno));
        unlink(beside.data);
    }
    text_buffer_free(&beside);
    return ok;
}

static bool tell(const struct options *options, const struct verify_request *request,
                 const struct verify_result *result, bool json, struct error *err)
{
    struct text_buffer text = {0};
    const char *metrics = options_text(options, "metrics_file");
    const char *path = options_text(options, "out");
    bool ok = true;
    if (metrics) {
        verify_write_metrics(result, clock_now_us(), &text);
        ok = write_file(metrics, &text, err);
        text_buffer_clear(&text);
    }
    if (json)
        verify_write_json(result, &text);
    else
        verify_write_table(request, result, &text);
    if (ok && path)
        ok = write_file(path, &text, err);
    else if (ok && fwrite(text.data, 1, text.length, stdout) != text.length)
        ok = error_tell(err, ERROR_INTERNAL, false, "không in ra được: " REASON_VI,
                        "standard output: " REASON_EN, ERROR_REASON(errno));
    text_buffer_free(&text);
    return ok;
}

static bool verify(const struct options *options, struct verify_result *result, struct error *err)
{
    struct verify_request request = {.vietnamese = tell_in_vietnamese(options)};
    char generation[24];
    bool json;
    if (!take_options(options, &request, &json, err))
        return false;
    if (options_given(options, "generation")) {
        snprintf(generation, sizeof(generation), "%" PRId64, options_number(options, "generation"));
        request.generation = generation;
    }
    struct pg *pg = session_open(options, "verify", false, err);
    if (!pg)
        return false;
    pg_end_on_stop(pg); /* a statement may take minutes, and the outcome alone is kept */
    bool ok = verify_run(pg, &request, result, err) && verify_note(pg, &request, result, err);
    pg_free(pg);
    return ok && tell(options, &request, result, json, err);
}

int command_verify(const struct program *program UNUSED, const struct options *options)
{
    struct error err = {0};
    struct verify_result result = {0};
    stop_ends_within(STOP_S);
    int exit_code = verify(options, &result, &err) ? (result.differences == 0 ? 0 : 1)
                                                   : session_fail(options, &err);
    verify_result_release(&result);
    return exit_code;
}
