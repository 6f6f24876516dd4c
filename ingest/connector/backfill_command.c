/* `mooc-ingest backfill SOURCE`: hands the job to the running instance and tells how far it is. */
#include "backfill_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/file.h"
#include "../../common/json.h"
#include "../../common/progress.h"
#include "../../common/stop.h"
#include "../answer.h"
#include "../sources.h"
#include "backfill.h"
#include "waiting.h"

#define LOOK_MS 1000
#define MAX_PROGRESS 8192

/* An instant, or a date: its midnight in Asia/Ho_Chi_Minh. */
static bool instant_of(const struct options *options, const char *name, int64_t *us, struct error *err)
{
    const char *text = options_text(options, name);
    int32_t day;
    *us = 0;
    if (!text || clock_parse(text, us))
        return true;
    if (clock_parse_date(text, &day)) {
        *us = ((int64_t)day * 24 - 7) * INT64_C(3600000000);
        return true;
    }
    return error_set(err, ERROR_USAGE, false,
                     "--%s: expected a date (2026-09-20) or an instant with zone "
                     "(2026-09-20T08:00:00+07:00)",
                     name);
}

/* "from to", then the courses, one a line. */
static bool write_job(const struct options *options, struct text_buffer *job, struct error *err)
{
    int64_t from, to;
    const char *courses = options_text(options, "course");
    if (!instant_of(options, "from", &from, err) || !instant_of(options, "to", &to, err))
        return false;
    if (from && to && from >= to)
        return error_set(err, ERROR_USAGE, false, "--from must be before --to");
    text_buffer_add_format(job, "%lld %lld\n", (long long)from, (long long)to);
    for (const char *c = courses; c && *c;) {
        size_t length = strcspn(c, ",");
        text_buffer_add(job, c, length);
        text_buffer_add_text(job, "\n");
        c += length + (c[length] == ',');
    }
    return true;
}

struct watch {
    char path[4096];
    int64_t begun_ms;
    struct progress *progress; /* NULL: nothing was told yet */
    struct waiting *waiting;
};

static void look(struct watch *w)
{
    size_t length;
    int64_t done = 0, of = 0;
    char *text = file_read_whole(w->path, MAX_PROGRESS, &length, NULL);
    struct json *root = text ? json_parse(text, length, NULL) : NULL;
    waiting_look(w->waiting, root);
    if (root && json_integer(json_get(root, "done"), &done) &&
        json_integer(json_get(root, "of"), &of)) {
        if (!w->progress)
            w->progress = progress_new("parts", of);
        progress_at(w->progress, done, of);
    }
    json_free(root);
    free(text);
}

/* Until the result is there, or somebody has had enough of looking: the work goes on without us. */
char *backfill_follow(const struct options *options, const char *source,
                      const struct text_buffer *job, int64_t timeout_ms, struct error *err)
{
    struct watch w = {.begun_ms = clock_monotonic_ms()};
    char id[SPOOL_ID_SIZE], queue[80];
    const char *data_dir = options_text(options, "data_dir");
    backfill_queue(source, queue);
    backfill_progress_path(data_dir, source, w.path, sizeof w.path);
    if (!spool_submit(data_dir, queue, job->data, job->length, id, err))
        return NULL;
    if (!answer_expected(data_dir)) {
        (void)answer_nobody(id, err);
        return NULL;
    }
    w.waiting = waiting_new(options, source);
    char *result;
    while (true) {
        *err = (struct error){.kind = ERROR_NONE};
        result = spool_wait(data_dir, queue, id, LOOK_MS, err);
        if (result || err->kind != ERROR_UNREACHABLE)
            break;
        look(&w);
        if (!w.progress && timeout_ms > 0 && clock_monotonic_ms() - w.begun_ms > timeout_ms)
            break;
    }
    waiting_free(w.waiting);
    progress_end(w.progress);
    if (err->kind == ERROR_STOPPED) /* what was asked for is not done */
        (void)error_tell(
            err, ERROR_STATE, false,
            "không theo dõi nữa; việc được giữ lại, và mooc-ingest đang chạy vẫn làm tiếp",
            "no longer looking; the job is kept, and the running mooc-ingest goes on with it");
    return result;
}

int backfill_command(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {.kind = ERROR_NONE};
    struct text_buffer job = {.data = NULL};
    const char *name = options_argument(options, 0);
    struct sources *sources = sources_open(options, name, &err);
    bool fine = sources != NULL;
    if (fine && !sources->items[0]->kind->connector)
        fine = error_set(&err, ERROR_USAGE, false,
                         "%s is a source of files: put the files into its inbox again", name);
    fine = fine && write_job(options, &job, &err);
    sources_close(sources);
    char *result = fine ? backfill_follow(options, name, &job, 0, &err) : NULL;
    if (result && result[0] != '0')
        error_set(&err, result[0] == '2' ? ERROR_USAGE : ERROR_STATE, false, "%s: %s", name,
                  result + 1);
    if (err.kind == ERROR_NONE)
        printf("%s: %s\n", name, result + 1);
    free(result);
    text_buffer_free(&job);
    return err.kind == ERROR_NONE ? 0 : answer_fail(options, &err);
}
