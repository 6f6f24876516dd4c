#include "backfill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/file.h"
#include "../../common/log.h"
#include "../../common/text_buffer.h"
#include "../numbers.h"

#define LOOK_MS 500
#define MOST_TRIES 3

struct part {
    size_t stream, course;
    uint32_t asked; /* streams (a bit each) that ask about the learners of this one, and are waited for */
    bool read, done, failed;
    unsigned tries;
};

struct backfill {
    struct platform *p;
    char id[SPOOL_ID_SIZE]; /* "" = none is under way */
    int64_t from_us, to_us;
    struct part *parts;
    size_t count, capacity;
    int64_t look_ms;
};

void backfill_queue(const char *source, char out[80])
{
    snprintf(out, 80, "%.64s.backfill", source);
}

void backfill_progress_path(const char *data_dir, const char *source, char *out, size_t size)
{
    char queue[80];
    backfill_queue(source, queue);
    snprintf(out, size, "%s/spool/%s/progress", data_dir, queue);
}

struct backfill *backfill_new(struct platform *platform)
{
    struct backfill *b = must_have(calloc(1, sizeof *b));
    b->p = platform;
    return b;
}

void backfill_free(struct backfill *b)
{
    if (!b)
        return;
    free(b->parts);
    free(b);
}

/* ---- what is done stands in the state: a digit for each part, in their order ---- */

static void cursor_name(const struct backfill *b, char out[80])
{
    snprintf(out, 80, "backfill:%s", b->id);
}

static void keep(struct backfill *b)
{
    struct text_buffer text = {.data = NULL};
    char name[80];
    cursor_name(b, name);
    for (size_t i = 0; i < b->count; i++)
        text_buffer_add_text(&text, b->parts[i].failed ? "x" : b->parts[i].done ? "1" : "0");
    shard_cursor_set(b->p->shard, b->p->base.name, name, text.data ? text.data : "");
    text_buffer_free(&text);
}

static void recall(struct backfill *b)
{
    char name[80];
    cursor_name(b, name);
    const char *kept = shard_cursor_get(b->p->shard, b->p->base.name, name);
    for (size_t i = 0; kept && i < b->count && kept[i]; i++) {
        b->parts[i].failed = kept[i] == 'x';
        b->parts[i].done = kept[i] != '0';
    }
}

/* ---- the job ---- */

static void finish(struct backfill *b, const char *result)
{
    struct error err = {.kind = ERROR_NONE};
    char queue[80], path[4096];
    backfill_queue(b->p->base.name, queue);
    backfill_progress_path(b->p->context->data_dir, b->p->base.name, path, sizeof path);
    (void)unlink(path);
    if (!spool_finish(b->p->context->data_dir, queue, b->id, result, &err))
        log_error("the outcome of a backfill cannot be written", &err);
    b->id[0] = '\0';
    b->count = 0;
}

static struct part *part_of(const struct backfill *b, size_t stream, size_t course)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->parts[i].stream == stream && b->parts[i].course == course)
            return &b->parts[i];
    return NULL;
}

static struct part *add_part(struct backfill *b, size_t stream, size_t course)
{
    struct part *part = part_of(b, stream, course);
    if (part)
        return part;
    b->parts = array_room(b->parts, b->count, &b->capacity, sizeof *b->parts);
    part = &b->parts[b->count++];
    *part = (struct part){.stream = stream, .course = course};
    return part;
}

static void add_parts(struct backfill *b, size_t course)
{
    for (size_t s = 0; s < b->p->connector->stream_count; s++) {
        if (!stream_has_jobs(b->p->streams[s].rules) || !platform_wants(b->p, s) ||
            platform_by_course(b->p, s) != (course != NO_COURSE))
            continue;
        add_part(b, s, course);
    }
}

/* The stream of that course; asked learner by learner, it goes along with its parent, of all courses where it has none itself. */
static void add_stream(struct backfill *b, size_t stream, size_t course)
{
    struct platform *p = b->p;
    size_t read = stream;
    if (p->streams[stream].asks)
        platform_place(p, stream, course)->due_ms = 0;
    while (!stream_has_jobs(p->streams[read].rules) && p->streams[read].rules->parent >= 0)
        read = (size_t)p->streams[read].rules->parent;
    if (!platform_wants(p, stream) || !platform_wants(p, read) ||
        !stream_has_jobs(p->streams[read].rules))
        return;
    uint32_t asked = read == stream ? 0 : UINT32_C(1) << stream;
    bool all = platform_by_course(p, read) && course == NO_COURSE;
    for (size_t c = 0; all && c < p->course_count; c++)
        if (p->courses[c].active)
            add_part(b, read, c)->asked |= asked;
    if (!all)
        add_part(b, read, platform_by_course(p, read) ? course : NO_COURSE)->asked |= asked;
}

/* Lines "stream\tcourse"; what is not watched any more is left out. */
static bool read_retry(struct backfill *b, char *lines)
{
    struct platform *p = b->p;
    b->from_us = b->to_us = 0;
    for (char *line = lines, *next; *line; line = next) {
        char *end = line + strcspn(line, "\n"), *tab = memchr(line, '\t', (size_t)(end - line));
        next = *end ? end + 1 : end;
        *end = '\0';
        if (!tab)
            continue;
        *tab = '\0';
        size_t course = tab[1] ? platform_course(p, tab + 1) : NO_COURSE;
        bool watched = !tab[1] || (course != NO_COURSE && p->courses[course].active);
        for (size_t s = 0; watched && s < p->connector->stream_count; s++)
            if (strcmp(p->streams[s].rules->spec.name, line) == 0 &&
                platform_by_course(p, s) == (course != NO_COURSE))
                add_stream(b, s, course);
    }
    if (b->count == 0)
        finish(
            b,
            "1what they came from is not watched any more; `mooc-ingest dead drop` forgets them");
    return b->count > 0;
}

/* What is asked learner by learner goes along with its parent, all of it. */
static void wake_asks(struct platform *p)
{
    for (size_t s = 0; s < p->connector->stream_count; s++) {
        p->streams[s].whole.due_ms = p->streams[s].asks ? 0 : p->streams[s].whole.due_ms;
        for (size_t c = 0; p->streams[s].asks && p->streams[s].places && c < p->course_count; c++)
            p->streams[s].places[c].due_ms = 0;
    }
}

/* False with the result written when the job cannot be. */
static bool read_job(struct backfill *b, char *job)
{
    int64_t period[2];
    char *line = strchr(job, '\n');
    if (!numbers_read(job, period, 2)) {
        finish(b, "1the job is damaged");
        return false;
    }
    b->from_us = period[0];
    b->to_us = period[1];
    bool all = !line || !line[1];
    for (size_t c = 0; all && c < b->p->course_count; c++)
        if (b->p->courses[c].active)
            add_parts(b, c);
    if (all)
        add_parts(b, NO_COURSE);
    for (char *id = all ? NULL : line + 1; id && *id;) {
        char *end = id + strcspn(id, "\n"), *next = *end ? end + 1 : end;
        *end = '\0';
        size_t course = platform_course(b->p, id);
        if (course == NO_COURSE || !b->p->courses[course].active) {
            char result[300];
            snprintf(result, sizeof result, "2the source does not watch course %.200s", id);
            finish(b, result);
            return false;
        }
        add_parts(b, course);
        id = next;
    }
    wake_asks(b->p);
    return true;
}

static void take_up(struct backfill *b)
{
    char queue[80];
    size_t length;
    struct error err = {.kind = ERROR_NONE};
    backfill_queue(b->p->base.name, queue);
    char *job = spool_next(b->p->context->data_dir, queue, "", b->id, &length, &err);
    if (!job)
        b->id[0] = '\0';
    else if (strncmp(job, BACKFILL_RETRY, strlen(BACKFILL_RETRY)) == 0
                 ? read_retry(b, job + strlen(BACKFILL_RETRY))
                 : read_job(b, job)) {
        recall(b);
        LOG_INFO_EVENT("backfill taken up", LOG_TEXT("source", b->p->base.name),
                       LOG_NUMBER("parts", b->count));
    }
    if (err.kind != ERROR_NONE)
        log_error("a backfill cannot be read", &err);
    free(job);
}

/* Of the parts that are not done yet. */
static void add_streams(const struct backfill *b, struct text_buffer *out)
{
    const struct connector *connector = b->p->connector;
    const char *between = "";
    for (size_t s = 0; s < connector->stream_count; s++) {
        bool read = false;
        for (size_t i = 0; !read && i < b->count; i++)
            read = !b->parts[i].done && (b->parts[i].stream == s || (b->parts[i].asked >> s & 1U));
        if (!read)
            continue;
        text_buffer_add_text(out, between);
        text_buffer_add_json_string(out, connector->streams[s].spec.name);
        between = ",";
    }
}

static void tell(struct backfill *b, size_t done)
{
    char path[4096];
    struct text_buffer text = {.data = NULL};
    struct error err = {.kind = ERROR_NONE};
    backfill_progress_path(b->p->context->data_dir, b->p->base.name, path, sizeof path);
    text_buffer_add_format(&text, "{\"done\":%zu,\"of\":%zu,\"streams\":[", done, b->count);
    add_streams(b, &text);
    text_buffer_add_text(&text, "]}\n");
    if (!file_write_whole(path, text.data, text.length, &err))
        log_error("how far a backfill is cannot be written", &err);
    text_buffer_free(&text);
}

/* Parts whose learners were all asked about are done. */
static void end_asked(struct backfill *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct part *part = &b->parts[i];
        bool idle = part->read && !part->done;
        for (size_t s = 0; idle && s < b->p->connector->stream_count; s++)
            if (part->asked >> s & 1U)
                idle = !b->p->streams[s].asks || asks_idle(b->p->streams[s].asks);
        if (!idle)
            continue;
        part->done = true;
        keep(b);
    }
}

void backfill_step(struct backfill *b)
{
    int64_t now = clock_monotonic_ms();
    if (now < b->look_ms || !b->p->context->data_dir)
        return;
    b->look_ms = now + LOOK_MS;
    if (!b->id[0])
        take_up(b);
    if (!b->id[0])
        return;
    end_asked(b);
    size_t done = 0, failed = 0;
    for (size_t i = 0; i < b->count; i++) {
        done += b->parts[i].done;
        failed += b->parts[i].failed;
    }
    if (done < b->count) {
        tell(b, done);
        return;
    }
    shard_flush(b->p->shard);
    if (!shard_is_flushed(b->p->shard))
        return;
    char name[80], result[160];
    cursor_name(b, name);
    shard_cursor_set(b->p->shard, b->p->base.name, name, "");
    snprintf(result, sizeof result, "%c%zu of %zu parts were read%s", failed ? '1' : '0',
             b->count - failed, b->count, failed ? "; `mooc-ingest status` says what is wrong" : "");
    finish(b, result);
}

bool backfill_wants(const struct backfill *b, size_t stream, size_t course)
{
    const struct part *part = b && b->id[0] ? part_of(b, stream, course) : NULL;
    return part && !part->done && !part->read;
}

void backfill_range(const struct backfill *b, int64_t *from_us, int64_t *to_us)
{
    *from_us = b->from_us;
    *to_us = b->to_us;
}

void backfill_read(struct backfill *b, size_t stream, size_t course, bool whole)
{
    struct part *part = b && b->id[0] ? part_of(b, stream, course) : NULL;
    if (!part || part->done)
        return;
    part->failed = !whole && ++part->tries >= MOST_TRIES;
    part->read = whole;
    part->done = (whole && !part->asked) || part->failed;
    if (part->done)
        keep(b);
}
