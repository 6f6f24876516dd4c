/* What can only be asked learner by learner: who is asked about, and when. New learners soon, every one once in a slow cycle that
 * counts as a sweep; answers are in ask_answers.c. */
#include "asks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/text_buffer.h"

#define MAX_NAME_BYTES 3000 /* of the names in one URL: servers refuse lines of 4 KiB and more */
#define GATHER_MS 1000      /* a batch that is not full leaves after this */
#define MAX_QUEUED 1000000
#define FULL 10000
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

/* ---- the slow cycle ---- */

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

void asks_parent_begins(struct asks *a, size_t course, int64_t started_us)
{
    struct ask_cycle *cycle = asks_cycle(a, course);
    struct place *place = platform_place(a->p, a->stream, course);
    if (cycle->sweep || !platform_wants(a->p, a->stream) || clock_monotonic_ms() < place->due_ms)
        return;
    cycle->number++;
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
}

/* A cycle over all courses is listed when each of them was read whole since it began. */
static bool is_listed(const struct asks *a, const struct ask_cycle *cycle)
{
    if (platform_by_course(a->p, a->stream))
        return true;
    for (size_t i = 0; i < a->p->course_count; i++)
        if (a->p->courses[i].active && !(i < cycle->listed_count && cycle->listed[i]))
            return false;
    return true;
}

void asks_parent_ends(struct asks *a, size_t course, bool complete)
{
    struct ask_cycle *cycle = asks_cycle(a, course);
    if (!cycle->sweep || cycle->courses_listed)
        return;
    if (complete && course != NO_COURSE && course < cycle->listed_count)
        cycle->listed[course] = true;
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

static void end_cycles(struct asks *a)
{
    for (size_t i = 0; i < a->cycle_count; i++) {
        struct ask_cycle *cycle = &a->cycles[i];
        size_t course = platform_by_course(a->p, a->stream) ? i : NO_COURSE;
        settle_absent(a, cycle, course);
        if (cycle->sweep && cycle->all_listed && cycle->pending == 0)
            end_cycle(a, cycle, course);
    }
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

bool asks_hold(struct asks *a, size_t course, const char *account)
{
    char entity[EVENT_MAX_KEY + 1];
    return asks_entity(a, course, account, entity) && shard_holds(a->p->shard, entity);
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

bool asks_gather(struct asks *a, size_t course)
{
    const struct ask_cycle *cycle = asks_cycle(a, course);
    return cycle->sweep && !cycle->all_listed;
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
        (!offer->wanted && !(a->rules->ask_if_held && asks_hold(a, course, offer->account))))
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

/* ---- requests ---- */

size_t asks_pending(const struct asks *a)
{
    size_t count = a->waiting.count;
    for (size_t i = 0; i < a->slot_count; i++)
        count += a->slots[i].walk ? a->slots[i].asked.count : 0;
    return count;
}

bool asks_idle(const struct asks *a)
{
    for (size_t i = 0; i < a->cycle_count; i++)
        if (a->cycles[i].sweep)
            return false;
    return asks_pending(a) == 0;
}

const struct error *asks_trouble(const struct asks *a)
{
    static const struct error none = {.kind = ERROR_NONE};
    for (size_t i = 0; i < a->slot_count; i++)
        if (a->slots[i].walk && walk_trouble(a->slots[i].walk)->kind != ERROR_NONE)
            return walk_trouble(a->slots[i].walk);
    return &none;
}

bool asks_full(const struct asks *a)
{
    return a->waiting.count >= FULL;
}

/* A list of names in a request: joined by commas in a URL, the inside of an array in JSON; each escaped by itself. */
static void join_names(struct slot *slot)
{
    bool json = slot->owner->rules->request.json != NULL;
    text_buffer_clear(&slot->names);
    text_buffer_clear(&slot->plain_names);
    for (const struct ask *ask = slot->asked.first; ask; ask = ask->next) {
        text_buffer_add_text(&slot->plain_names, ask->name);
        text_buffer_add_text(&slot->plain_names, ask->next ? "," : "");
        char *escaped = json ? NULL : http_escape(ask->name);
        if (json)
            text_buffer_add_json_string(&slot->names, ask->name);
        else
            text_buffer_add_text(&slot->names, escaped);
        text_buffer_add_text(&slot->names, ask->next ? "," : "");
        free(escaped);
    }
}

/* Whom one request asks about, as the request needs them. */
static void name_learners(struct slot *slot)
{
    struct texts *texts = &slot->texts;
    const struct stream_rules *rules = slot->owner->rules;
    const struct ask *first = slot->asked.first;
    bool emails = rules->for_each == FOR_LISTED_EMAIL;
    const char *taken = first->taken;
    size_t count = 0;
    join_names(slot);
    slot->each = must_have(reallocarray(slot->each, slot->asked.count, sizeof *slot->each));
    for (const struct ask *ask = first; ask; ask = ask->next)
        slot->each[count++] = ask->name;
    texts->at[emails ? NAME_EMAIL : NAME_LEARNER] = first->name;
    texts->at[emails ? NAME_EMAILS : NAME_LEARNERS] = slot->names.data;
    texts->list = slot->plain_names.data;
    texts->list_name = emails ? NAME_EMAILS : NAME_LEARNERS;
    texts->each = slot->each;
    texts->each_count = count;
    texts->each_name = emails ? NAME_EMAIL : NAME_LEARNER;
    for (size_t i = 0; i < rules->taken_count; i++, taken += strlen(taken) + 1)
        texts->at[rules->taken[i].name] = *taken ? taken : NULL;
}

static bool ask(void *context, const struct page_position *position, struct walk_request *request,
                struct error *err)
{
    struct slot *slot = context;
    struct asks *a = slot->owner;
    struct place *place = platform_place(a->p, a->stream, slot->asked.first->course);
    texts_position(&slot->texts, position, platform_page_size(a->p, a->stream, place));
    return platform_request(a->p, &a->rules->request, &slot->texts, position, request, err);
}

static enum walk_verdict judge(void *context, const struct walk_answer *answer, struct error *err)
{
    struct slot *slot = context;
    return platform_judge(slot->owner->p, slot->owner->rules, &slot->texts, answer, err);
}

static void start(struct slot *slot)
{
    struct asks *a = slot->owner;
    (void)ask_queue_move(&a->waiting, &slot->asked,
                         a->rules->batch > 1 ? (size_t)a->rules->batch : 1, MAX_NAME_BYTES);
    texts_begin(&slot->texts, a->p, slot->asked.first->course);
    name_learners(slot);
    slot->walk = walk_new(&(struct walk_spec){.origin = a->p->origin,
                                              .auth = &a->p->walk_auth,
                                              .what = a->rules->spec.name,
                                              .pages = &a->rules->pages,
                                              .records = a->rules->records,
                                              .record = a->rules->record,
                                              .ask = ask,
                                              .judge = judge,
                                              .take = asks_take,
                                              .context = slot});
}

static bool may_start(const struct asks *a)
{
    if (a->waiting.count == 0)
        return false;
    return a->rules->batch <= 1 || a->waiting.count >= (size_t)a->rules->batch ||
           clock_monotonic_ms() - a->waiting.first->since_ms >= GATHER_MS;
}

void asks_step(struct asks *a)
{
    for (size_t i = 0; i < a->slot_count; i++) {
        struct slot *slot = &a->slots[i];
        if (slot->walk && walk_step(slot->walk, shard_can_accept(a->p->shard)) != WALK_RUNNING)
            asks_finish(slot);
        if (slot->walk || !may_start(a))
            continue;
        start(slot);
        walk_step(slot->walk, false);
    }
    for (size_t i = 0; a->rules->for_each == FOR_LEARNER && i < a->cycle_count; i++)
        ask_emails(a, &a->cycles[i]);
    end_cycles(a);
}
