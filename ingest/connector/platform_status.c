/* What `status` says of a platform's streams. */
#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "platform.h"

struct sum {
    int64_t entities, through_us, swept_us, rejected, contradicted, nameless, next_ms;
    size_t active, hidden;
    bool held, running;
    const struct error *problem;
};

static void add(struct sum *sum, const struct place *place)
{
    sum->active++;
    sum->entities += place->entities;
    sum->rejected += place->rejected;
    sum->contradicted += place->tally.contradicted;
    sum->nameless += place->tally.nameless;
    sum->hidden += place->not_visible;
    sum->held |= place->held;
    sum->running |= place->running;
    if (place->through_us < sum->through_us)
        sum->through_us = place->through_us;
    if (place->swept_us < sum->swept_us)
        sum->swept_us = place->swept_us;
    if (place->due_ms < sum->next_ms)
        sum->next_ms = place->due_ms;
    if (place->problem.kind != ERROR_NONE && !sum->problem)
        sum->problem = &place->problem;
}

static struct sum add_up(const struct platform *p, size_t stream)
{
    const struct stream *s = &p->streams[stream];
    struct sum sum = {.through_us = INT64_MAX, .swept_us = INT64_MAX, .next_ms = INT64_MAX};
    if (!platform_by_course(p, stream))
        add(&sum, &s->whole);
    for (size_t i = 0; platform_by_course(p, stream) && i < p->course_count; i++)
        if (p->courses[i].active)
            add(&sum, &s->places[i]);
    if (sum.active == 0)
        sum.through_us = sum.swept_us = 0;
    return sum;
}

static void describe(struct platform *p, size_t stream, const struct sum *sum, char *out, size_t size)
{
    const struct stream *s = &p->streams[stream];
    static const char *const why[] = {[HTTP_FREE] = "rate limit",
                                      [HTTP_BUDGET] = "rate limit",
                                      [HTTP_RETRY_AFTER] = "the platform asked for it",
                                      [HTTP_DAY_SPENT] = "today's requests are spent",
                                      [HTTP_QUIET] = "quiet hours"};
    struct http_usage usage;
    http_origin_usage(p->origin, &usage);
    int64_t wait = usage.hold_ms;
    size_t asks = s->asks ? asks_pending(s->asks) : 0;
    if (p->settings.paused)
        snprintf(out, size, "paused by the configuration");
    else if (s->off)
        snprintf(out, size, "off");
    else if (sum->held)
        snprintf(out, size, "held: see `mooc-ingest hold list`");
    else if (wait > 2000 && p->started)
        snprintf(out, size, "waiting %lld s (%s)", (long long)(wait + 999) / 1000, why[usage.hold]);
    else if (asks > 0)
        snprintf(out, size, "asking for %zu learners", asks);
    else
        snprintf(out, size, "idle");
    for (size_t i = 0; sum->running && wait <= 2000 && i < MAX_JOBS; i++)
        if (p->jobs[i] && job_stream(p->jobs[i]) == stream)
            job_describe(p->jobs[i], out, size);
}

static void note(const struct platform *p, size_t stream, const struct sum *sum, char *out,
                 size_t size)
{
    const struct stream_rules *rules = p->streams[stream].rules;
    const char *text = rules->invisible_note;
    *out = '\0';
    for (size_t i = 0; sum->hidden == 0 && i < ARRAY_LEN(rules->other_parents); i++) {
        int parent = rules->other_parents[i]; /* learners that nobody looks for */
        if (parent >= 0 && p->streams[parent].off && p->streams[parent].rules->invisible_note)
            snprintf(out, size, "%s", p->streams[parent].rules->invisible_note);
    }
    if (sum->hidden == 0)
        return;
    if (sum->active > 1)
        snprintf(out, size, "%s (%zu of %zu courses)", text ? text : "not visible here",
                 sum->hidden, sum->active);
    else
        snprintf(out, size, "%s", text ? text : "not visible here");
}

/* What is being asked for again just now; NULL = nothing. */
static const struct error *trouble_of(const struct platform *p, size_t stream)
{
    for (size_t i = 0; i < MAX_JOBS; i++)
        if (p->jobs[i] && job_reading(p->jobs[i]) == stream &&
            job_trouble(p->jobs[i])->kind != ERROR_NONE)
            return job_trouble(p->jobs[i]);
    const struct asks *asks = p->streams[stream].asks;
    return asks && asks_trouble(asks)->kind != ERROR_NONE ? asks_trouble(asks) : NULL;
}

void platform_stream_status(struct platform *p, size_t stream, struct source_stream_status *out)
{
    struct sum sum = add_up(p, stream);
    *out = (struct source_stream_status){.stream = p->connector->streams[stream].spec.name,
                                         .entities = sum.entities,
                                         .through_us = sum.through_us,
                                         .swept_us = sum.swept_us};
    int64_t next_ms = sum.next_ms - clock_monotonic_ms();
    if (!sum.running && sum.active > 0 && next_ms > 0 && !p->streams[stream].off)
        out->next_ms = next_ms;
    describe(p, stream, &sum, out->state, sizeof out->state);
    note(p, stream, &sum, out->note, sizeof out->note);
    if (auth_error(p->auth)->kind != ERROR_NONE)
        out->problem = *auth_error(p->auth);
    else if (p->courses_problem.kind != ERROR_NONE)
        out->problem = p->courses_problem;
    else if (sum.problem)
        out->problem = *sum.problem;
    else if (trouble_of(p, stream))
        out->problem = *trouble_of(p, stream);
    else
        out->problem = p->streams[stream].problem;
    if (out->problem.kind != ERROR_NONE)
        return;
    if (sum.nameless > 0)
        error_set(
            &out->problem, ERROR_DATA, false,
            "%lld records do not say whom they are about: nobody is taken for gone until they "
            "do; see the data issues",
            (long long)sum.nameless);
    else if (sum.rejected > 0)
        error_set(&out->problem, ERROR_DATA, false,
                  "%lld records could not be mapped: `mooc-ingest dead list` tells why",
                  (long long)sum.rejected);
    else if (sum.contradicted > 0)
        error_set(
            &out->problem, ERROR_DATA, false,
            "%lld times a record says something else than one before it in the same list; the "
            "first one counts (does the event need a `key`?)",
            (long long)sum.contradicted);
}
