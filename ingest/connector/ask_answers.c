/* What the answers about single learners mean. */
#include <string.h>

#include "../../common/clock.h"
#include "asks.h"
#include "records.h"

#define ALIVE_MS 600000 /* "nothing" counts as evidence only if a list was answered lately */
#define MOST_REFUSED                                                                               \
    200 /* in a row, unless more were told of before: whole groups may have been deleted */

/* Records of an answer name the learner they are about; where one was asked about, all are about that one. */
static void mark_answered(struct slot *slot, const char *account, const char *email)
{
    bool single = slot->asked.count == 1;
    for (struct ask *ask = slot->asked.first; ask; ask = ask->next) {
        if (!single && (!account || strcmp(ask->name, account) != 0))
            continue;
        ask->answered = true;
        if (email && !ask->by_email)
            emails_found(slot->owner->p->emails, email);
    }
}

/* Whoever was found by an address is asked about like every other learner. */
static void found_by_email(struct slot *slot)
{
    struct platform *p = slot->owner->p;
    for (size_t i = 0; i < p->connector->stream_count; i++) {
        struct stream *child = &p->streams[i];
        if (child->asks && stream_hears_of(child->rules, slot->owner->stream))
            asks_offer(child->asks, &(struct offer){.course = NO_COURSE,
                                                    .account = p->mapped.account,
                                                    .wanted = true,
                                                    .by_email = true});
    }
}

struct answer {
    struct slot *slot;
    const struct apply *apply;
};

static void take_answer(void *context, const struct json *record, const struct json *enclosing)
{
    const struct answer *answer = context;
    const struct map_output *out = &answer->apply->p->mapped;
    bool changed, mapped = platform_apply(answer->apply, record, enclosing, &changed);
    answer->slot->unreadable |= !mapped && !out->account;
    if (answer->slot->owner->rules->numbered)
        asks_tell_numbered(answer->slot, mapped);
    if (!out->account || (mapped && out->skipped))
        return;
    if (answer->slot->owner->rules->for_each == FOR_LISTED_EMAIL)
        found_by_email(answer->slot);
    else if (!mapped || out->count > 0)
        mark_answered(answer->slot, out->account, out->email);
}

bool asks_take(void *context, const struct walk_page *page, struct error *err)
{
    struct slot *slot = context;
    struct asks *a = slot->owner;
    struct platform *p = a->p;
    struct place *place = platform_place(p, a->stream, slot->asked.first->course);
    const struct apply apply = {.p = p,
                                .stream = a->stream,
                                .course = slot->asked.first->course,
                                .spec = &p->settings.streams[a->stream].spec,
                                .texts = &slot->texts,
                                .rejected = &place->rejected,
                                .withdrawals = slot->withdrawals};
    struct answer answer = {slot, &apply};
    if (page->list)
        a->alive_ms = clock_monotonic_ms();
    else
        slot->nothing = true;
    slot->read_us = page->server_time_us;
    shard_seen_at(p->shard, page->server_time_us);
    bool fine = records_of_page(page->list, a->rules->each, take_answer, &answer, err);
    shard_seen_at(p->shard, 0);
    return fine;
}

static bool is_evidence(const struct slot *slot)
{
    const struct asks *a = slot->owner;
    if (slot->unreadable) /* one of those records may be the one that seems to be missing */
        return false;
    if (!slot->nothing)
        return true;
    return a->rules->empty_is_evidence && clock_monotonic_ms() - a->alive_ms <= ALIVE_MS;
}

static void settle_absent(struct slot *slot, struct learner_note *note, const struct ask *ask)
{
    struct asks *a = slot->owner;
    char entity[EVENT_MAX_KEY + 1];
    asks_postpone(a, note);
    if (a->p->settings.streams[a->stream].spec.on_vanish != VANISH_LOOKUP || !is_evidence(slot))
        return;
    if (note->absences < UINT8_MAX)
        note->absences++;
    if (note->absences < ABSENCES_TO_REMOVE || !asks_entity(a, ask->course, ask->name, entity))
        return;
    shard_absent(a->p->shard, entity);
    asks_cycle(a, ask->course)->absent = true;
}

static void settle(struct slot *slot, const struct ask *ask, bool ok)
{
    struct asks *a = slot->owner;
    struct ask_cycle *cycle = asks_cycle(a, ask->course);
    struct learner_note *note = asks_note(a, ask);
    note->flags &= (uint8_t)~ASK_QUEUED;
    if (!ok)
        note->flags |= ASK_OWED;
    if (!ok || a->rules->for_each == FOR_LISTED_EMAIL) {
        asks_postpone(a, note);
    } else if (a->rules->numbered) {
        asks_settle_numbered(slot, note, ask, is_evidence(slot));
    } else if (ask->answered) {
        note->absences = note->tries = 0;
        note->next_ms = 0;
        note->flags |= ASK_ANSWERED;
    } else {
        settle_absent(slot, note, ask);
    }
    cycle->pending -= ask->in_cycle && cycle->pending > 0;
    cycle->failed |= ask->in_cycle && !ok;
}

/* Some learners are not shown to us: they were deleted, or left the course. Is it all of them? */
static bool hides_all(const struct slot *slot, const struct ask_cycle *cycle)
{
    const struct asks *a = slot->owner;
    size_t answers = cycle->answers > cycle->answers_before ? cycle->answers : cycle->answers_before;
    if (a->rules->for_each == FOR_LISTED_EMAIL ||
        (cycle->refusals >= MOST_REFUSED && cycle->refusals >= answers))
        return true;
    bool others = a->waiting.count > 0;
    for (size_t i = 0; i < a->slot_count; i++)
        others |= a->slots[i].walk && &a->slots[i] != slot;
    return answers == 0 && !others;
}

/* Nothing more is asked for now; the others would be told the same. */
static void hide(struct slot *slot, struct place *place)
{
    struct asks *a = slot->owner;
    struct ask *ask;
    place->not_visible = true;
    a->again_ms = clock_monotonic_ms() + a->p->settings.streams[a->stream].every_ms;
    while (a->rules->for_each == FOR_LEARNER && !platform_by_course(a->p, a->stream) &&
           (ask = ask_queue_pop(&a->waiting))) {
        settle(slot, ask, false);
        ask_free(ask);
    }
}

void asks_begin_round(struct ask_cycle *cycle)
{
    cycle->round = (uint8_t)((cycle->round + 1) % 31);
    cycle->answers_before = cycle->answers;
    cycle->answers = cycle->refusals = 0;
}

/* Whoever is refused again in the same round says nothing new of the others. */
static bool is_refused_first(const struct slot *slot, const struct ask_cycle *cycle)
{
    uint8_t mark = (uint8_t)((cycle->round + 1) << 3);
    bool first = false;
    for (const struct ask *ask = slot->asked.first; ask; ask = ask->next) {
        struct learner_note *note = asks_note(slot->owner, ask);
        first |= (note->flags & ASK_REFUSED) != mark;
        note->flags = (uint8_t)((note->flags & ~ASK_REFUSED) | mark);
    }
    return first;
}

/* False: whom it asked about stays to be asked about. */
static bool judge_end(struct slot *slot)
{
    struct asks *a = slot->owner;
    struct stream *stream = &a->p->streams[a->stream];
    size_t course = slot->asked.first->course;
    struct ask_cycle *cycle = asks_cycle(a, course);
    if (walk_state(slot->walk) == WALK_DONE) {
        stream->problem.kind = ERROR_NONE;
        platform_place(a->p, a->stream, course)->not_visible = false;
        platform_take_back(a->p, a->stream, course, slot->withdrawals, slot->read_us);
        cycle->answers++;
        cycle->refusals = 0;
        return true;
    }
    if (!stream_is_hidden(a->rules, walk_status(slot->walk))) {
        if (stream->problem.kind == ERROR_NONE)
            platform_problem(a->p, a->stream, &stream->problem, walk_error(slot->walk));
        return false;
    }
    cycle->refusals += is_refused_first(slot, cycle);
    if (hides_all(slot, cycle)) {
        hide(slot, platform_place(a->p, a->stream, course));
        return false;
    }
    slot->unreadable = true; /* no evidence of anything */
    return true;
}

void asks_finish(struct slot *slot)
{
    bool ok = judge_end(slot);
    withdrawals_clear(slot->withdrawals);
    struct ask *ask;
    while ((ask = ask_queue_pop(&slot->asked))) {
        settle(slot, ask, ok);
        ask_free(ask);
    }
    walk_free(slot->walk);
    slot->walk = NULL;
    slot->nothing = slot->unreadable = false;
    text_buffer_clear(&slot->told);
}
