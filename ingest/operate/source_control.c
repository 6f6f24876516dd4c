#include "source_control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/log.h"
#include "../../common/spool.h"
#include "../answer.h"

#define QUEUE "+control" /* no source can have this name */
#define PAUSED "paused"
#define CONNECTOR "connector"
#define LOOK_MS 250

struct source_control {
    const char *data_dir;
    int64_t look_at_ms;
    /* the one under way: carried out, and finished when it is committed */
    char id[SPOOL_ID_SIZE];
    struct shard *shard; /* NULL = none */
    uint64_t incarnation;
};

bool source_is_paused(const struct shard *shard, const char *source)
{
    const char *held = shard_cursor_get(shard, source, PAUSED);
    return held && strcmp(held, "yes") == 0;
}

/* "kind=version", with ":fingerprint" behind it for a file of the operator's own. */
static void connector_of(const struct source *source, char *out, size_t size)
{
    const char *content = source->kind->mapping_fingerprint;
    snprintf(out, size, "%s=%u%s%s", source->kind->name, source->kind->mapping_version,
             content ? ":" : "", content ? content : "");
}

enum connector_fit source_connector_compare(const char *stored, const char *ours)
{
    if (!stored)
        return CONNECTOR_UNNAMED;
    if (strcmp(stored, ours) == 0)
        return CONNECTOR_SAME;
    size_t version = strcspn(stored, ":");
    if (strcspn(ours, ":") != version || strncmp(stored, ours, version) != 0)
        return CONNECTOR_OTHER;
    return stored[version] ? CONNECTOR_OTHER_CONTENT : CONNECTOR_UNNAMED;
}

bool source_connector_fits(struct shard *shard, const struct source *source, struct error *why)
{
    char ours[200];
    connector_of(source, ours, sizeof(ours));
    const char *stored = shard_cursor_get(shard, source->name, CONNECTOR);
    enum connector_fit fit = source_connector_compare(stored, ours);
    if (fit == CONNECTOR_UNNAMED)
        shard_cursor_set(shard, source->name, CONNECTOR, ours);
    if (fit == CONNECTOR_SAME || fit == CONNECTOR_UNNAMED)
        return true;
    bool content = fit == CONNECTOR_OTHER_CONTENT;
    (void)error_set(why, ERROR_STATE, false,
                    "the state of source %s was made by connector %s, this instance has %s%s: "
                    "put the same file on every instance, then say that it is meant with "
                    "`mooc-ingest state accept %s` (what it maps otherwise is published as "
                    "changes), or give the old file back",
                    source->name, stored, ours,
                    content ? ", the same version with another content" : "", source->name);
    snprintf(
        why->vi, sizeof(why->vi),
        "những gì đã biết của nguồn %s được đọc bằng tệp kết nối %.80s, máy này có %.80s%s: "
        "đặt cùng một tệp trên mọi máy rồi xác nhận bằng `mooc-ingest state accept %s` (chỗ nào "
        "đọc khác đi sẽ được chuyển đi như thay đổi), hoặc đưa lại tệp cũ",
        source->name, stored, ours, content ? ", cùng phiên bản nhưng nội dung khác" : "",
        source->name);
    return false;
}

struct source_control *source_control_new(const char *data_dir)
{
    struct source_control *c = must_have(calloc(1, sizeof(*c)));
    c->data_dir = data_dir;
    return c;
}

void source_control_free(struct source_control *control)
{
    free(control);
}

/* The result's first character is the exit code, the rest what is said: in English, on a second line in Vietnamese. */
static void finish(struct source_control *c, const char *result)
{
    struct error err = {0};
    if (!spool_finish(c->data_dir, QUEUE, c->id, result, &err))
        log_error("a result cannot be written", &err);
    c->shard = NULL;
}

/* Job: "pause SOURCE", "resume SOURCE" or "accept SOURCE". */
static void decide(struct shard *shard, const struct source *source, const char *job)
{
    char ours[200];
    connector_of(source, ours, sizeof(ours));
    if (strncmp(job, "accept ", 7) == 0)
        shard_cursor_set(shard, source->name, CONNECTOR, ours);
    else
        shard_cursor_set(shard, source->name, PAUSED, strncmp(job, "pause ", 6) == 0 ? "yes" : "no");
    shard_flush(shard);
    LOG_INFO_EVENT("source decided upon", LOG_TEXT("command", job), LOG_TEXT("connector", ours));
}

static void carry_out(struct source_control *c, const struct sources *sources, const int32_t *home,
                      struct shard *const *shards, const char *job)
{
    const char *space = strchr(job, ' '), *name = space ? space + 1 : "";
    for (size_t i = 0; i < sources->count; i++) {
        struct shard *shard = shards[home[i]];
        if (strcmp(sources->items[i]->name, name) != 0)
            continue;
        if (!shard || shard_status(shard) == SHARD_PAUSED) {
            finish(c, "1another instance watches this source now: ask that one\n"
                      "hiện máy khác đồng bộ nguồn này: gọi lệnh ở máy đó");
        } else if (shard_status(shard) == SHARD_READY) { /* else it waits until it is */
            decide(shard, sources->items[i], job);
            c->shard = shard;
            c->incarnation = shard_incarnation(shard);
        }
        return;
    }
    finish(c,
           "2the running mooc-ingest has no such source\nmooc-ingest đang chạy không có nguồn này");
}

void source_control_tick(struct source_control *c, const struct sources *sources,
                         const int32_t *home, struct shard *const *shards)
{
    int64_t now = clock_monotonic_ms();
    if (c->shard && shard_incarnation(c->shard) != c->incarnation)
        c->shard = NULL; /* whether it was committed is not known: once more */
    if (c->shard && shard_is_flushed(c->shard))
        finish(c, "0");
    if (c->shard || now < c->look_at_ms)
        return;
    c->look_at_ms = now + LOOK_MS;
    size_t length;
    struct error err = {0};
    char after[SPOOL_ID_SIZE] = "", *job;
    /* A source whose shard cannot do it now keeps no other one waiting; those of one shard stay in their order. */
    while (!c->shard && (job = spool_next(c->data_dir, QUEUE, after, c->id, &length, &err))) {
        carry_out(c, sources, home, shards, job);
        memcpy(after, c->id, sizeof(after));
        free(job);
    }
    if (err.kind != ERROR_NONE)
        log_error("a command to pause or resume cannot be read", &err);
}

/* ---- the command's end ---- */

static bool refuse(const char *name, char *result, struct error *err)
{
    char *newline = strchr(result, '\n');
    const char *vi = newline ? newline + 1 : result + 1;
    if (newline)
        *newline = '\0';
    return error_tell(err, result[0] == '2' ? ERROR_USAGE : ERROR_STATE, false, "%s: %s%.0s",
                      "%s: %.0s%s", name, vi, result + 1);
}

static int ask(const struct options *options, const char *what, const char *done_vi, const char *done)
{
    struct error err = {0};
    const struct teller to = tell_of(options);
    char id[SPOOL_ID_SIZE], job[128];
    const char *data_dir = options_text(options, "data_dir"), *name = options_argument(options, 0);
    struct sources *sources = sources_open(options, name, &err); /* is there such a source? */
    snprintf(job, sizeof(job), "%s %.64s", what, name);
    char *result = NULL;
    if (sources && spool_submit(data_dir, QUEUE, job, strlen(job), id, &err))
        result = answer_wait(options, QUEUE, id, &err);
    sources_close(sources);
    if (result && result[0] != '0')
        (void)refuse(name, result, &err);
    free(result);
    if (err.kind != ERROR_NONE)
        return answer_fail(options, &err);
    printf("%s: %s\n", name, TELL(&to, done_vi, done));
    return 0;
}

int command_pause(const struct program *program, const struct options *options)
{
    (void)program;
    return ask(options, "pause", "đã tạm dừng; không hỏi gì nữa cho đến khi `mooc-ingest resume`",
               "paused; nothing is asked of it until `mooc-ingest resume`");
}

int command_resume(const struct program *program, const struct options *options)
{
    (void)program;
    return ask(options, "resume", "đồng bộ lại", "watched again");
}

int command_accept(const struct program *program, const struct options *options)
{
    (void)program;
    return ask(options, "accept", "từ nay những gì đã biết tính theo tệp kết nối đang dùng",
               "its state is from now on that of the connector in use");
}
