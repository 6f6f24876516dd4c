/* What can only be asked learner by learner: who is asked about, and when. New learners soon, every one once in a slow cycle that
 * counts as a sweep (ask_cycles.c). */
#include "asks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/text_buffer.h"

#define MAX_QUEUED 1000000
#define MAX_SLOTS 16

struct asks *asks_new(struct platform *p, size_t stream)
{
    struct asks *a = must_have(calloc(1, sizeof *a));
    a->p = p;
    a->stream = stream;
    a->rules = p->streams[stream].rules;
    a->notes = learner_table_new();
    ask_queue_init(&a->waiting);
    a->slot_count = (size_t)p->settings.max_concurrent;
    if (a->slot_count > MAX_SLOTS)
        a->slot_count = MAX_SLOTS;
    a->slots = must_have(calloc(a->slot_count, sizeof *a->slots));
    for (size_t i = 0; i < a->slot_count; i++) {
        a->slots[i].owner = a;
        a->slots[i].withdrawals = withdrawals_new();
        ask_queue_init(&a->slots[i].asked);
    }
    a->cycle_count = platform_by_course(p, stream) ? p->course_count : 1;
    a->cycles = must_have(calloc(a->cycle_count + 1, sizeof *a->cycles));
    a->alive_ms = INT64_MIN / 2;
    return a;
}

void asks_free(struct asks *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->slot_count; i++) {
        walk_free(a->slots[i].walk);
        ask_queue_free(&a->slots[i].asked);
        text_buffer_free(&a->slots[i].names);
        text_buffer_free(&a->slots[i].plain_names);
        text_buffer_free(&a->slots[i].told);
        withdrawals_free(a->slots[i].withdrawals);
        free(a->slots[i].each);
    }
    for (size_t i = 0; i < a->cycle_count; i++) {
        if (a->cycles[i].sweep)
            shard_sweep_abandon(a->cycles[i].sweep);
        free(a->cycles[i].listed);
    }
    ask_queue_free(&a->waiting);
    learner_table_free(a->notes);
    free(a->cycles);
    free(a->slots);
    free(a);
}

/* ---- who is asked about ---- */

struct learner_note *asks_note(struct asks *a, const struct ask *ask)
{
    struct text_buffer key = {.data = NULL};
    text_buffer_add_format(&key, "%zu\n%s", ask->course, ask->name);
    for (size_t i = 0; i < ask->taken_length; i++) /* its NULs would end the key */
        text_buffer_add(&key, ask->taken[i] ? &ask->taken[i] : "\n", 1);
    struct learner_note *note = learner_table_put(a->notes, key.data);
    text_buffer_free(&key);
    return note;
}

bool asks_entity(struct asks *a, size_t course, const char *account, char *entity)
{
    struct platform *p = a->p;
    const struct map_input in = {.source = p->base.name,
                                 .hmac = p->context->hmac,
                                 .course = course == NO_COURSE ? NULL : p->courses[course].id};
    return a->rules->mapping && mapping_lone_entity(a->rules->mapping, &in, account, entity);
}

static bool holds(struct asks *a, size_t course, const struct offer *offer)
{
    char entity[EVENT_MAX_KEY + 1];
    if (a->rules->numbered)
        return asks_hold_numbered(a, course, offer);
    return asks_entity(a, course, offer->account, entity) && shard_holds(a->p->shard, entity);
}

void asks_postpone(struct asks *a, struct learner_note *note)
{
    int64_t most = a->p->settings.streams[a->stream].every_ms;
    int64_t first = a->rules->parent >= 0 ? a->p->settings.streams[a->rules->parent].every_ms : most;
    int64_t wait = first << (note->tries < 12 ? note->tries : 12);
    note->next_ms = clock_monotonic_ms() + (wait < most ? wait : most);
    if (note->tries < UINT8_MAX)
        note->tries++;
}

/* Takes the ask. */
static void enqueue(struct asks *a, struct learner_note *note, struct ask_cycle *cycle,
                    struct ask *ask)
{
    if (a->waiting.count >= MAX_QUEUED) {
        cycle->failed |= ask->in_cycle;
        ask_free(ask);
        return;
    }
    ask_queue_push(&a->waiting, ask);
    note->flags = (uint8_t)((note->flags | ASK_QUEUED) & ~ASK_OWED);
    cycle->pending += ask->in_cycle;
}

/* Asked for by itself, not by the cycle: somebody new, or whose record has moved. */
static bool is_due(struct asks *a, const struct learner_note *note, size_t course,
                   const char *account, bool changed)
{
    if ((note->flags & ASK_QUEUED) || clock_monotonic_ms() < note->next_ms)
        return false;
    if (a->rules->ask_on_change)
        return note->flags & ASK_OWED;
    char entity[EVENT_MAX_KEY + 1];
    if (asks_entity(a, course, account, entity)) /* one that was missing once is looked up again soon */
        return !shard_holds(a->p->shard, entity) || note->absences > 0;
    return !(note->flags & ASK_ANSWERED) || changed;
}

static struct ask *ask_about(const struct asks *a, const struct offer *offer, size_t course)
{
    struct ask *ask = ask_new(offer->account, clock_monotonic_ms());
    struct text_buffer taken = {.data = NULL};
    for (size_t i = 0; i < a->rules->taken_count; i++) {
        const char *text = offer->taken[i] ? offer->taken[i] : "";
        text_buffer_add(&taken, text, strlen(text) + 1);
    }
    ask->course = course;
    ask->by_email = offer->by_email;
    ask->taken = taken.data;
    ask->taken_length = taken.length;
    return ask;
}

/* When an unchanged record is due that is not due now: with the times that are_due looks at. */
static int64_t due_again(const struct asks *a, const struct learner_note *note)
{
    if (note->flags & (ASK_QUEUED | ASK_OWED))
        return 0;
    if (a->rules->ask_on_change || clock_monotonic_ms() >= note->next_ms)
        return INT64_MAX;
    return note->next_ms;
}

int64_t asks_offer(struct asks *a, const struct offer *offer)
{
    size_t course = platform_by_course(a->p, a->stream) ? offer->course : NO_COURSE;
    if (!platform_wants(a->p, a->stream) ||
        (!offer->wanted && !(a->rules->ask_if_held && holds(a, course, offer))))
        return INT64_MAX;
    struct ask_cycle *cycle = asks_cycle(a, course);
    struct ask *ask = ask_about(a, offer, course);
    struct learner_note *note = asks_note(a, ask);
    if (offer->changed)
        note->flags |= ASK_OWED; /* stays while it cannot be asked now */
    ask->in_cycle = cycle->sweep && !cycle->all_listed && note->cycle != cycle->number;
    if (!ask->in_cycle && !is_due(a, note, course, offer->account, offer->changed)) {
        ask_free(ask);
        return due_again(a, note);
    }
    if (ask->in_cycle)
        note->cycle = cycle->number;
    enqueue(a, note, cycle, ask);
    return 0;
}

void asks_email(struct asks *a, const char *email)
{
    struct ask *ask = ask_new(email, clock_monotonic_ms());
    ask->course = NO_COURSE;
    struct learner_note *note = asks_note(a, ask);
    if (!platform_wants(a->p, a->stream) || (note->flags & ASK_QUEUED) ||
        clock_monotonic_ms() < note->next_ms)
        ask_free(ask);
    else
        enqueue(a, note, asks_cycle(a, NO_COURSE), ask);
}
