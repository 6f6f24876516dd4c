/* Taking facts in, in one reading thread. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "bulk_private.h"

#define FIRST_SLOTS 1024

struct bulk_facts bulk_moved;

struct bulk_intake *bulk_intake_new(const struct rules *rules, size_t number)
{
    struct bulk_intake *intake = must_have(calloc(1, sizeof(*intake)));
    intake->rules = rules;
    intake->number = number;
    intake->strings = strings_new();
    intake->unmapped = strings_new();
    return intake;
}

void bulk_intake_free(struct bulk_intake *intake)
{
    if (!intake)
        return;
    free(intake->slots);
    bulk_store_release(&intake->store);
    for (size_t i = 0; i < intake->entity_count; i++)
        free(intake->entities[i].text);
    free(intake->entities);
    key_table_clear(&intake->entity_index);
    strings_free(intake->strings);
    strings_free(intake->unmapped);
    text_buffer_free(&intake->data);
    text_buffer_free(&intake->text);
    free(intake);
}

/* Subjects --------------------------------------------------------------------------------------------------------------- */

static size_t first_place(const struct bulk_intake *intake, struct key128 key)
{
    return (size_t)key.lo & (intake->capacity - 1);
}

static struct bulk_slot *slot_of(const struct bulk_intake *intake, struct key128 key)
{
    size_t at = first_place(intake, key);
    while (intake->slots[at].facts && !key128_equal(intake->slots[at].key, key))
        at = (at + 1) & (intake->capacity - 1);
    return &intake->slots[at];
}

static void grow(struct bulk_intake *intake)
{
    struct bulk_slot *old = intake->slots;
    size_t old_capacity = intake->capacity;
    intake->capacity = old_capacity ? old_capacity * 2 : FIRST_SLOTS;
    intake->slots = must_have(calloc(intake->capacity, sizeof(*intake->slots)));
    for (size_t i = 0; i < old_capacity; i++)
        if (old[i].facts)
            *slot_of(intake, old[i].key) = old[i];
    free(old);
}

struct bulk_slot *bulk_find(struct bulk_intake *intake, struct key128 key)
{
    struct bulk_slot *slot = intake->capacity ? slot_of(intake, key) : NULL;
    return slot && slot->facts && slot->facts != &bulk_moved ? slot : NULL;
}

/* Taken for the subject; without facts, if it is new. */
static struct bulk_slot *take_slot(struct bulk_intake *intake, struct key128 subject)
{
    if ((intake->count + 1) * 5 > intake->capacity * 4)
        grow(intake);
    struct bulk_slot *slot = slot_of(intake, subject);
    if (!slot->facts) {
        slot->key = subject;
        intake->count++;
    }
    return slot;
}

static bool in_range(const struct bulk_intake *intake, struct key128 subject)
{
    const struct bulk_part *part = &intake->part;
    return !part->who || bulk_who_range(part->who, subject, part->ranges) == part->range;
}

void bulk_name_account(struct bulk_intake *intake, struct key128 account)
{
    if (!in_range(intake, account))
        return;
    struct bulk_slot *slot = take_slot(intake, account);
    if (!slot->facts)
        slot->facts = bulk_facts_none(&intake->store, intake->number);
    slot->facts->named = true;
}

static void name_accounts(struct bulk_intake *intake, const struct fact_identity *identity,
                          struct key128 subject)
{
    for (uint32_t i = 0; i < identity->identifier_count; i++)
        if (identity_names_account(identity, i) && !key128_equal(identity->identifiers[i], subject))
            bulk_name_account(intake, identity->identifiers[i]);
}

static void take_fact(struct bulk_intake *intake, struct key128 subject, const struct bulk_fact *fact)
{
    struct bulk_slot *slot = take_slot(intake, subject);
    slot->facts = bulk_facts_add(&intake->store, slot->facts, intake->number, fact);
    if (fact->fact.identity && fact->fact.identity->accounts)
        name_accounts(intake, fact->fact.identity, subject);
}

void bulk_take_facts(struct bulk_intake *intake, struct key128 subject, int training,
                     const struct fact *facts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        take_fact(intake, subject, &(struct bulk_fact){facts[i], training});
}

struct strings *bulk_intake_strings(struct bulk_intake *intake)
{
    return intake->strings;
}

/* Without a learner ------------------------------------------------------------------------------------------------------ */

/* As the statements that save them have it (sql/save_*.sql): the table of rejected records has no time. */
static bool counts_over(const struct event *event, const struct bulk_entity *held)
{
    bool timed = event->type != EVENT_RECORD_REJECTED && event->type != EVENT_RECORD_ACCEPTED;
    if (event->revision != held->revision)
        return event->revision > held->revision;
    if ((int64_t)event->hash != held->hash)
        return (int64_t)event->hash > held->hash;
    if (timed && event->time != held->time)
        return event->time > held->time;
    return event->row > held->row;
}

static void keep_event(struct bulk_intake *intake, struct bulk_entity *entity,
                       const struct event *event, const struct bulk_position *position)
{
    text_buffer_clear(&intake->data);
    text_buffer_clear(&intake->text);
    event_encode_data(event, &intake->data);
    event_encode(event, intake->data.data, intake->data.length, &intake->text);
    entity->revision = event->revision;
    entity->hash = (int64_t)event->hash;
    entity->time = event->time;
    entity->row = event->row;
    entity->position = *position;
    entity->text = must_have(realloc(entity->text, intake->text.length + 1));
    memcpy(entity->text, intake->text.data, intake->text.length + 1);
    entity->length = intake->text.length;
}

static void take_entity(struct bulk_intake *intake, const struct event *event,
                        const struct bulk_position *position)
{
    uintptr_t found = (uintptr_t)key_table_get(&intake->entity_index, event->entity_key);
    if (found) {
        struct bulk_entity *held = &intake->entities[found - 1];
        if (counts_over(event, held))
            keep_event(intake, held, event, position);
        return;
    }
    intake->entities = array_room(intake->entities, intake->entity_count, &intake->entity_capacity,
                                  sizeof(*intake->entities));
    struct bulk_entity *entity = &intake->entities[intake->entity_count++];
    *entity = (struct bulk_entity){.key = event->entity_key};
    /* The value is a number, never followed. */
    key_table_put(&intake->entity_index, event->entity_key, (void *)intake->entity_count);
    keep_event(intake, entity, event, position);
}

static void note_unmapped(struct bulk_intake *intake, bool is_wave, const char *source,
                          const char *code)
{
    text_buffer_clear(&intake->text);
    text_buffer_add_format(&intake->text, "%c\n%s\n%s", is_wave ? 'w' : 'c', source, code);
    uint32_t number = strings_intern(intake->unmapped, intake->text.data, intake->text.length);
    if (number + 1 > intake->unmapped_count)
        intake->unmapped_count = number + 1;
}

void bulk_intake_limit(struct bulk_intake *intake, const struct bulk_part *part)
{
    intake->part = *part;
}

static void take_event(struct bulk_intake *intake, const struct event *event,
                       const struct bulk_position *position)
{
    struct bulk_fact held;
    struct fact *fact = &held.fact;
    if (intake->part.who && !in_range(intake, fact_subject(event)))
        return;
    switch (fact_from_event(event, intake->rules, intake->strings, fact, &held.training)) {
    case FACT_PLACED:
        if (fact->identity || fact->kind == FACT_ERASED || !intake->part.identities_only)
            take_fact(intake, fact_subject(event), &held);
        fact_release(fact);
        break;
    case FACT_UNKNOWN_WAVE:
        note_unmapped(intake, true, event->source, event->wave ? event->wave : "");
        break;
    case FACT_UNKNOWN_COURSE:
        note_unmapped(intake, false, event->source, event->course);
        break;
    case FACT_NOT_A_FACT:
        if (event->type != EVENT_UNKNOWN && !intake->part.who)
            take_entity(intake, event, position);
        break;
    }
}

/* Subjects come in no order, and stand anywhere in memory: what some events will touch is asked for at once, instead of waiting for each
 * of it in turn. */
#define AHEAD 16
#define LINE 64 /* bytes of a cache line */

static void look_ahead(const struct bulk_intake *intake, const struct event *events, size_t count)
{
    struct bulk_facts *facts[AHEAD];
    if (!intake->capacity)
        return;
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&intake->slots[first_place(intake, fact_subject(&events[i]))]);
    for (size_t i = 0; i < count; i++) {
        facts[i] = slot_of(intake, fact_subject(&events[i]))->facts;
        if (facts[i])
            __builtin_prefetch(facts[i], 1);
    }
    for (size_t i = 0; i < count; i++) {
        size_t looked_at = facts[i] && !facts[i]->older ? facts[i]->used : 0;
        for (size_t at = 0; at < looked_at; at += LINE)
            __builtin_prefetch(facts[i]->records + at, 1);
        if (facts[i])
            __builtin_prefetch(facts[i]->records + facts[i]->used, 1);
    }
    bulk_facts_look_ahead(facts, count);
}

void bulk_take(struct bulk_intake *intake, const struct event *events,
               const struct bulk_position *positions, size_t count)
{
    for (size_t begin = 0; begin < count; begin += AHEAD) {
        size_t end = begin + AHEAD < count ? begin + AHEAD : count;
        look_ahead(intake, events + begin, end - begin);
        for (size_t i = begin; i < end; i++)
            take_event(intake, &events[i], &positions[i]);
    }
}

size_t bulk_intake_bytes(const struct bulk_intake *intake)
{
    return intake->store.bytes + intake->capacity * sizeof(*intake->slots);
}
