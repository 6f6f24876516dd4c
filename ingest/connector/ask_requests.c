/* The requests of what is asked learner by learner. */
#include "asks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/text_buffer.h"

#define MAX_NAME_BYTES 3000 /* of the names in one URL: servers refuse lines of 4 KiB and more */
#define GATHER_MS 1000      /* a batch that is not full leaves after this */
#define FULL 10000

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

/* A right may have been given since. Where another stream stands in for one that is not there, that stays so. */
static void look_again(struct asks *a)
{
    struct place *whole = &a->p->streams[a->stream].whole;
    if (a->rules->for_each != FOR_LEARNER || !whole->not_visible || clock_monotonic_ms() < a->again_ms)
        return;
    whole->not_visible = false;
    asks_begin_round(asks_cycle(a, NO_COURSE));
}

void asks_step(struct asks *a)
{
    look_again(a);
    for (size_t i = 0; i < a->slot_count; i++) {
        struct slot *slot = &a->slots[i];
        if (slot->walk && walk_step(slot->walk, shard_can_accept(a->p->shard)) != WALK_RUNNING)
            asks_finish(slot);
        if (slot->walk || !may_start(a))
            continue;
        start(slot);
        walk_step(slot->walk, false);
    }
    asks_step_cycles(a);
}
