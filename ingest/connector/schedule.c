/* Which stream of which course is due. Each place has a time of its own; what is due longest goes first, a few at once; head scans
 * and asks go on beside. */
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "backfill.h"
#include "day_count.h"
#include "platform.h"

#define COURSES_MS 5000

void schedule_start(struct platform *p)
{
    day_count_recall(p);
    p->emails = emails_new();
    p->backfill = backfill_new(p);
    for (size_t i = 0; i < p->connector->stream_count; i++) {
        enum stream_for each = p->streams[i].rules->for_each;
        if (each == FOR_LEARNER || each == FOR_LISTED_EMAIL)
            p->streams[i].asks = asks_new(p, i);
    }
    p->started = true;
}

static void forget_times(struct place *place)
{
    place->due_ms = place->head_due_ms = place->full_due_ms = 0;
    place->running = place->head_running = false;
    place->sweep.known = place->head.known = false;
}

void schedule_stop(struct platform *p)
{
    for (size_t i = 0; i < MAX_JOBS; i++) {
        job_free(p->jobs[i]);
        p->jobs[i] = NULL;
    }
    head_scan_free(p->head);
    p->head = NULL;
    for (size_t i = 0; p->connector && i < p->connector->stream_count; i++) {
        struct stream *s = &p->streams[i];
        asks_free(s->asks);
        s->asks = NULL;
        forget_times(&s->whole);
        for (size_t k = 0; s->places && k < p->course_count; k++)
            forget_times(&s->places[k]);
    }
    emails_free(p->emails);
    p->emails = NULL;
    backfill_free(p->backfill);
    p->backfill = NULL;
    if (p->origin)
        http_forget(p->origin);
    p->started = false;
}

bool schedule_asks_full(const struct platform *p)
{
    for (size_t i = 0; i < p->connector->stream_count; i++)
        if (p->streams[i].asks && asks_full(p->streams[i].asks))
            return true;
    return false;
}

/* ---- what is due ---- */

struct choice {
    bool found;
    size_t stream, course;
    int64_t due_ms;
};

typedef int64_t (*due_of)(const struct platform *p, size_t stream, size_t course,
                          const struct place *place);

static int64_t job_due(const struct platform *p, size_t stream, size_t course,
                       const struct place *place)
{
    if (!stream_has_jobs(p->streams[stream].rules) || place->running)
        return INT64_MAX;
    return backfill_wants(p->backfill, stream, course) ? INT64_MIN : place->due_ms;
}

static int64_t head_due(const struct platform *p, size_t stream, size_t course,
                        const struct place *place)
{
    (void)course;
    return p->settings.streams[stream].head_ms > 0 ? place->head_due_ms : INT64_MAX;
}

static void consider(struct platform *p, size_t stream, size_t course, due_of due, struct choice *best)
{
    const struct place *place = platform_place(p, stream, course);
    int64_t at = due(p, stream, course, place);
    if (at <= clock_monotonic_ms() && (!best->found || at < best->due_ms))
        *best = (struct choice){true, stream, course, at};
}

/* Of those due at the same time, one course after the other. */
static struct choice choose(struct platform *p, due_of due)
{
    struct choice best = {.found = false};
    for (size_t s = 0; s < p->connector->stream_count; s++)
        if (!platform_by_course(p, s) && platform_wants(p, s))
            consider(p, s, NO_COURSE, due, &best);
    for (size_t c = 0; c < p->course_count; c++)
        for (size_t s = 0; p->courses[c].active && s < p->connector->stream_count; s++)
            if (platform_by_course(p, s) && platform_wants(p, s))
                consider(p, s, c, due, &best);
    return best;
}

/* ---- jobs ---- */

/* A windowed stream is read whole the first time, and again every sweep_ms; in between only what is new. */
static enum job_kind kind_of(const struct platform *p, size_t stream, size_t course,
                             struct place *place)
{
    const struct stream_rules *rules = p->streams[stream].rules;
    int64_t whole_ms = p->settings.streams[stream].sweep_ms, now = clock_monotonic_ms();
    if (!rules->windowed)
        return JOB_SWEEP_ALL;
    if (backfill_wants(p->backfill, stream, course))
        return JOB_RANGE;
    if (whole_ms == 0 || now < place->full_due_ms)
        return JOB_WINDOW;
    place->full_due_ms = now + whole_ms;
    return JOB_SWEEP_ALL;
}

/* A list that has to be asked for again and again keeps no other from being read. */
static size_t going_on(const struct platform *p)
{
    size_t count = 0;
    for (size_t i = 0; i < MAX_JOBS; i++)
        count += p->jobs[i] && job_trouble(p->jobs[i])->kind == ERROR_NONE;
    return count;
}

static void start_jobs(struct platform *p)
{
    size_t most = (size_t)p->settings.max_concurrent, usual = MAX_JOBS / 2;
    if (most > usual)
        most = usual;
    for (size_t i = 0; i < MAX_JOBS; i++) {
        if (p->jobs[i] || going_on(p) >= most)
            continue;
        struct choice next = choose(p, job_due);
        if (!next.found)
            return;
        struct place *place = platform_place(p, next.stream, next.course);
        place->due_ms = clock_monotonic_ms() + p->settings.streams[next.stream].every_ms;
        p->jobs[i] =
            job_new(p, next.stream, next.course, kind_of(p, next.stream, next.course, place));
    }
}

static void step_jobs(struct platform *p)
{
    for (size_t i = 0; i < MAX_JOBS; i++) {
        while (p->jobs[i] && job_step(p->jobs[i])) {
            if (job_is_asked_for(p->jobs[i]))
                backfill_read(p->backfill, job_stream(p->jobs[i]), job_course(p->jobs[i]),
                              job_succeeded(p->jobs[i]));
            job_free(p->jobs[i]);
            p->jobs[i] = NULL;
            start_jobs(p);
        }
    }
    start_jobs(p);
}

static void step_heads(struct platform *p)
{
    for (size_t tries = 0; tries < p->course_count + 1; tries++) {
        if (p->head && !head_scan_step(p->head))
            return;
        head_scan_free(p->head);
        p->head = NULL;
        struct choice next = choose(p, head_due);
        if (!next.found)
            return;
        struct place *place = platform_place(p, next.stream, next.course);
        place->head_due_ms = clock_monotonic_ms() + p->settings.streams[next.stream].head_ms;
        p->head = head_scan_new(p, next.stream, next.course);
    }
}

static void look_for_courses(struct platform *p)
{
    int64_t now = clock_monotonic_ms();
    struct error err = {.kind = ERROR_NONE};
    if (now < p->reload_ms)
        return;
    p->reload_ms = now + COURSES_MS;
    if (!platform_load_courses(p, &err) && strcmp(err.message, p->courses_problem.message) != 0)
        platform_problem(p, 0, &p->courses_problem, &err);
    p->courses_problem = err;
}

void schedule_step(struct platform *p)
{
    day_count_keep(p);
    look_for_courses(p);
    backfill_step(p->backfill);
    step_jobs(p);
    step_heads(p);
    for (size_t i = 0; i < p->connector->stream_count; i++)
        if (p->streams[i].asks)
            asks_step(p->streams[i].asks);
}
