#include "waiting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/json.h"
#include "../../common/tell.h"
#include "../../common/text_buffer.h"
#include "../answer.h"

#define AGAIN_MS 15000
#define BEGIN_MS 3000 /* within which work that can go on has begun to */

struct waiting {
    const char *data_dir, *source;
    bool vietnamese, terminal;
    int64_t begun_ms, told_ms, done, moves_until_ms;
    struct text_buffer told; /* empty: it waits for nothing */
};

struct waiting *waiting_new(const struct options *options, const char *source)
{
    struct waiting *w = must_have(calloc(1, sizeof(*w)));
    w->data_dir = options_text(options, "data_dir");
    w->source = source;
    w->vietnamese = tell_in_vietnamese(options);
    w->terminal = isatty(STDERR_FILENO);
    w->begun_ms = clock_monotonic_ms();
    w->moves_until_ms = w->begun_ms + BEGIN_MS;
    return w;
}

void waiting_free(struct waiting *w)
{
    if (!w)
        return;
    text_buffer_free(&w->told);
    free(w);
}

/* "name", or "name_vi" for who reads that; NULL: there is none, or nothing in it. */
static const char *words_of(const struct waiting *w, const struct json *object, const char *name)
{
    char name_vi[40];
    snprintf(name_vi, sizeof(name_vi), "%s_vi", name);
    const char *vi = w->vietnamese ? json_get_string(object, name_vi) : NULL;
    const char *text = vi ? vi : json_get_string(object, name);
    return text && text[0] ? text : NULL;
}

static bool is(const struct json *object, const char *name, const char *value)
{
    const char *text = json_get_string(object, name);
    return text && strcmp(text, value) == 0;
}

static const struct json *source_of(const struct json *report, const char *name)
{
    for (const struct json *s = json_first(json_get(report, "sources")); s; s = json_next(s))
        if (is(s, "source", name))
            return s;
    return NULL;
}

/* Some part of it was done a short while ago. */
static bool moves(struct waiting *w, const struct json *progress)
{
    int64_t done = 0, now_ms = clock_monotonic_ms();
    if (json_integer(json_get(progress, "done"), &done) && done > w->done)
        w->moves_until_ms = now_ms + AGAIN_MS;
    w->done = done;
    return now_ms < w->moves_until_ms;
}

/* Does the work still read it? Any, as long as its owner has not said which. */
static bool is_read(const struct json *progress, const char *stream)
{
    const struct json *streams = json_get(progress, "streams");
    for (const struct json *s = json_first(streams); s; s = json_next(s))
        if (json_string(s) && stream && strcmp(json_string(s), stream) == 0)
            return true;
    return !streams;
}

/* Records of which nothing could be made keep nobody waiting. */
static void add_problems(const struct waiting *w, const struct json *source,
                         const struct json *progress, struct text_buffer *out)
{
    for (const struct json *s = json_first(json_get(source, "streams")); s; s = json_next(s)) {
        const char *problem = words_of(w, s, "problem");
        if (!problem || is(s, "problem_kind", "data") ||
            !is_read(progress, json_get_string(s, "stream")) ||
            (out->length > 0 && strstr(out->data, problem)))
            continue;
        text_buffer_add_format(out, "%s%s", out->length > 0 ? "; " : "", problem);
    }
}

/* Empty: nothing is in the way. */
static void find_why(struct waiting *w, const struct json *report, const struct json *progress,
                     struct text_buffer *out)
{
    bool still = !moves(w, progress);
    const struct json *source = source_of(report, w->source);
    const char *why = words_of(w, report, "kafka_away");
    if (!why)
        why = words_of(w, source, "refused");
    if (!report)
        why = TELL(w,
                   "ở đây không có `mooc-ingest run` nào chạy: chạy lại thì việc này được làm tiếp",
                   "no `mooc-ingest run` is at work here: it goes on as soon as one is started");
    else if (!why && is(source, "paused", "yes"))
        why = TELL(w, "nguồn đang tạm dừng: `mooc-ingest resume` để đồng bộ tiếp",
                   "the source is paused: `mooc-ingest resume` watches it again");
    else if (!why && !is(source, "runs_here", "yes"))
        why = words_of(w, report, "reasons")
                  ? words_of(w, report, "reasons")
                  : TELL(w, "máy này hiện không đồng bộ nguồn đó",
                         "the source is not watched by this instance now");
    if (why)
        text_buffer_add_text(out, why);
    else if (still)
        add_problems(w, source, progress, out);
    if (out->length == 0 && json_get(source, "hold_s"))
        text_buffer_add_text(
            out, TELL(w,
                      "lúc này không được hỏi nền tảng (`mooc-ingest status` cho biết vì sao, "
                      "đến bao giờ)",
                      "the platform may not be asked just now (`mooc-ingest status` tells why, "
                      "and how long)"));
}

static void tell(const struct waiting *w)
{
    long long waited_s = (long long)(w->told_ms - w->begun_ms) / 1000;
    struct text_buffer line = {0};
    if (w->terminal) {
        text_buffer_add_format(
            &line, TELL(w, "\r\033[K%s chờ (%lld giây rồi): ", "\r\033[K%s waits (%lld s so far): "),
            w->source, waited_s);
        text_buffer_add_text(&line, w->told.data);
    } else {
        text_buffer_add_text(&line, "{\"what\":\"waiting\",\"source\":");
        text_buffer_add_json_string(&line, w->source);
        text_buffer_add_format(&line, ",\"waited_s\":%lld,\"why\":", waited_s);
        text_buffer_add_json_string(&line, w->told.data);
        text_buffer_add_text(&line, "}");
    }
    fprintf(stderr, "%s\n", line.data);
    text_buffer_free(&line);
}

void waiting_look(struct waiting *w, const struct json *progress)
{
    struct text_buffer why = {0};
    struct json *report = answer_report(w->data_dir);
    find_why(w, report, progress, &why);
    json_free(report);
    int64_t now_ms = clock_monotonic_ms();
    bool news = why.length > 0 && (w->told.length == 0 || strcmp(why.data, w->told.data) != 0);
    bool again = why.length > 0 && now_ms - w->told_ms >= AGAIN_MS;
    text_buffer_free(&w->told);
    w->told = why;
    if (!news && !again)
        return;
    w->told_ms = now_ms;
    tell(w);
}
