/* The slow cycle over the learners of a course, or of all courses: it goes along with the sweeps that tell who they are, and counts as
 * a sweep of its own when everybody was asked about. */
#include "asks.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"

struct ask_cycle *asks_cycle(struct asks *a, size_t course)
{
    if (!platform_by_course(a->p, a->stream))
        return &a->cycles[0];
    if (course >= a->cycle_count) { /* a course was added to the configuration */
        a->cycles = must_have(reallocarray(a->cycles, a->p->course_count + 1, sizeof *a->cycles));
        memset(a->cycles + a->cycle_count, 0,
               (a->p->course_count + 1 - a->cycle_count) * sizeof *a->cycles);
        a->cycle_count = a->p->course_count;
    }
    return &a->cycles[course];
}

/* A course counts only if its reading began within the cycle: who was read before was not offered to it. */
static void note_begun(struct ask_cycle *cycle, size_t course)
{
    if (course < cycle->listed_count && cycle->listed[course] == LISTED_NOT)
        cycle->listed[course] = LISTED_BEGUN;
}

void asks_parent_begins(struct asks *a, size_t course, int64_t started_us)
{
    struct ask_cycle *cycle = asks_cycle(a, course);
    struct place *place = platform_place(a->p, a->stream, course);
    if (cycle->sweep)
        note_begun(cycle, course);
    if (cycle->sweep || !platform_wants(a->p, a->stream) || clock_monotonic_ms() < place->due_ms)
        return;
    cycle->number++;
    asks_begin_round(cycle);
    cycle->all_listed = cycle->courses_listed = cycle->emails_asked = cycle->failed = false;
    cycle->pending = 0;
    cycle->started_us = started_us;
    place->rejected = 0;
    free(cycle->listed);
    cycle->listed_count = a->p->course_count;
    cycle->listed = must_have(calloc(cycle->listed_count + 1, sizeof *cycle->listed));
    cycle->sweep =
        shard_sweep_begin(a->p->shard, &a->p->settings.streams[a->stream].spec, a->p->base.name,
                          platform_substream(a->p, a->stream, course), started_us);
    note_begun(cycle, course);
}

/* A cycle over all courses is listed when each of them was read whole since it began. */
static bool is_listed(const struct asks *a, const struct ask_cycle *cycle)
{
    if (platform_by_course(a->p, a->stream))
        return true;
    for (size_t i = 0; i < a->p->course_count; i++)
        if (a->p->courses[i].active && !(i < cycle->listed_count && cycle->listed[i] == LISTED_WHOLE))
            return false;
    return true;
}

void asks_parent_ends(struct asks *a, size_t course, bool complete)
{
    struct ask_cycle *cycle = asks_cycle(a, course);
    if (!cycle->sweep || cycle->courses_listed)
        return;
    if (course < cycle->listed_count && cycle->listed[course] == LISTED_BEGUN)
        cycle->listed[course] = complete ? LISTED_WHOLE : LISTED_NOT;
    if (!complete && platform_by_course(a->p, a->stream))
        cycle->failed = true;
    cycle->courses_listed = is_listed(a, cycle);
}

/* The stream that finds learners by listed e-mail addresses, if this one hears of learners from such. */
static struct asks *email_parent(const struct asks *a)
{
    for (size_t i = 0; i < ARRAY_LEN(a->rules->other_parents); i++) {
        int parent = a->rules->other_parents[i];
        if (parent >= 0 && a->rules->for_each == FOR_LEARNER &&
            a->p->streams[parent].rules->for_each == FOR_LISTED_EMAIL &&
            platform_wants(a->p, (size_t)parent))
            return a->p->streams[parent].asks;
    }
    return NULL;
}

/* After the enrolled, so that only those who are not among them are asked for by e-mail; in the cycle, and now and then between. */
static void ask_emails(struct asks *a, struct ask_cycle *cycle)
{
    struct asks *emails = email_parent(a);
    int64_t now = clock_monotonic_ms();
    bool in_cycle = cycle->sweep && cycle->courses_listed && !cycle->all_listed;
    if (in_cycle && (!emails || (cycle->emails_asked && asks_pending(emails) == 0))) {
        cycle->all_listed = true;
        return;
    }
    if (!emails || asks_pending(a) > 0 || cycle->number == 0 ||
        (in_cycle ? cycle->emails_asked : cycle->sweep || now < a->emails_due_ms))
        return;
    emails_ask(a->p->emails, a->p, emails);
    cycle->emails_asked = true;
    a->emails_due_ms = now + a->p->settings.streams[a->rules->parent].every_ms;
}

static void end_cycle(struct asks *a, struct ask_cycle *cycle, size_t course)
{
    struct place *place = platform_place(a->p, a->stream, course);
    bool ok = !cycle->failed;
    int64_t every = a->p->settings.streams[a->stream].every_ms;
    int64_t soon = a->rules->parent >= 0 ? a->p->settings.streams[a->rules->parent].every_ms : every;
    place->due_ms = clock_monotonic_ms() + (ok || soon > every ? every : soon);
    if (platform_end_sweep(a->p, a->stream, course, &cycle->sweep, ok, cycle->started_us))
        place->problem.kind = ERROR_NONE;
}

/* Who was found gone is removed or held when nobody is left to ask about: so a platform that says it of everybody is noticed before
 * anything is taken back. */
static void settle_absent(struct asks *a, struct ask_cycle *cycle, size_t course)
{
    struct place *place = platform_place(a->p, a->stream, course);
    const struct stream_spec *spec = &a->p->settings.streams[a->stream].spec;
    const char *substream = platform_substream(a->p, a->stream, course);
    if (cycle->absent && asks_pending(a) == 0) {
        cycle->absent = false;
        place->held = shard_settle_absent(a->p->shard, spec, a->p->base.name, substream);
    } else if (place->held) {
        place->held = shard_is_held(a->p->shard, spec, a->p->base.name, substream);
    }
}

void asks_step_cycles(struct asks *a)
{
    for (size_t i = 0; a->rules->for_each == FOR_LEARNER && i < a->cycle_count; i++)
        ask_emails(a, &a->cycles[i]);
    for (size_t i = 0; i < a->cycle_count; i++) {
        struct ask_cycle *cycle = &a->cycles[i];
        size_t course = platform_by_course(a->p, a->stream) ? i : NO_COURSE;
        settle_absent(a, cycle, course);
        if (cycle->sweep && cycle->all_listed && cycle->pending == 0)
            end_cycle(a, cycle, course);
    }
}

bool asks_gather(struct asks *a, size_t course)
{
    const struct ask_cycle *cycle = asks_cycle(a, course);
    return cycle->sweep && !cycle->all_listed;
}
