/* Records of a learner that are numbered from 1, all of which an answer lists: a number that is in force and is not listed is gone. The
 * names of what may be in force follow from the learner and from what was taken along, so nothing is kept for it. */
#include <stdio.h>
#include <string.h>

#include "asks.h"

#define MOST_GAP 20 /* so many numbers in a row that were never told of: there are no more */

/* What the names of the learner's entities begin with. */
static bool begin_names(const struct asks *a, size_t course, const char *account,
                        const char *const taken[ASK_MAX_TAKEN], char *entity)
{
    const struct platform *p = a->p;
    const char *texts[CONNECTOR_MAX_NAMES] = {NULL};
    if (course == NO_COURSE || !a->rules->mapping)
        return false;
    texts[NAME_COURSE] = p->courses[course].id;
    texts[NAME_LEARNER] = account;
    for (size_t i = 0; i < a->rules->taken_count; i++)
        texts[a->rules->taken[i].name] = taken[i] && *taken[i] ? taken[i] : NULL;
    const struct map_input in = {.source = p->base.name,
                                 .hmac = p->context->hmac,
                                 .texts = texts,
                                 .course = p->courses[course].id};
    return mapping_keyed_entities(a->rules->mapping, &in, account, entity);
}

/* The next number after this one whose entity is in force; 0 = there is none. entity: its name, from `length` on the number. */
static unsigned next_held(const struct shard *shard, char *entity, size_t length, unsigned after)
{
    size_t room = EVENT_MAX_KEY + 1 - length;
    for (unsigned number = after + 1, gap = 0; gap < MOST_GAP; number++) {
        if ((size_t)snprintf(entity + length, room, ":%u", number) >= room)
            return 0;
        if (shard_holds(shard, entity))
            return number;
        gap = shard_took_back(shard, entity) ? 0 : gap + 1;
    }
    return 0;
}

bool asks_hold_numbered(struct asks *a, size_t course, const struct offer *offer)
{
    char entity[EVENT_MAX_KEY + 1];
    return begin_names(a, course, offer->account, offer->taken, entity) &&
           next_held(a->p->shard, entity, strlen(entity), 0) > 0;
}

void asks_tell_numbered(struct slot *slot, bool mapped)
{
    const struct map_output *out = &slot->owner->p->mapped;
    slot->unreadable |= !mapped; /* it may be any of them */
    for (size_t i = 0; mapped && !out->skipped && i < out->count; i++)
        text_buffer_add(&slot->told, out->items[i].entity, strlen(out->items[i].entity) + 1);
}

static bool is_told(const struct slot *slot, const char *entity)
{
    for (size_t at = 0; at < slot->told.length; at += strlen(slot->told.data + at) + 1)
        if (strcmp(slot->told.data + at, entity) == 0)
            return true;
    return false;
}

/* Is something in force that the answer does not tell of? gone: then it was looked up often enough. */
static bool find_missing(const struct slot *slot, const struct ask *ask, bool gone)
{
    const struct asks *a = slot->owner;
    const char *taken[ASK_MAX_TAKEN] = {NULL}, *text = ask->taken;
    char entity[EVENT_MAX_KEY + 1];
    bool missing = false;
    for (size_t i = 0; i < a->rules->taken_count; i++, text += strlen(text) + 1)
        taken[i] = text;
    if (!begin_names(a, ask->course, ask->name, taken, entity))
        return false;
    size_t length = strlen(entity);
    for (unsigned number = 0; (number = next_held(a->p->shard, entity, length, number)) > 0;) {
        if (is_told(slot, entity))
            continue;
        missing = true;
        if (gone)
            shard_absent(a->p->shard, entity);
    }
    return missing;
}

void asks_settle_numbered(struct slot *slot, struct learner_note *note, const struct ask *ask,
                          bool evidence)
{
    struct asks *a = slot->owner;
    bool gone = note->absences + 1 >= ABSENCES_TO_REMOVE;
    note->flags |= ask->answered ? ASK_ANSWERED : 0;
    if (a->p->settings.streams[a->stream].spec.on_vanish != VANISH_LOOKUP || !evidence)
        return;
    if (!find_missing(slot, ask, gone)) {
        note->absences = note->tries = 0;
        note->next_ms = 0;
        return;
    }
    asks_postpone(a, note);
    if (gone) {
        asks_cycle(a, ask->course)->absent = true;
        return;
    }
    note->absences++;
    note->flags |= ASK_OWED; /* and is looked up again soon */
}
