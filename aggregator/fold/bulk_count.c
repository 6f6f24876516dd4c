/* Counting each person once, and telling the rows of who is who. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "bulk_private.h"

#define SUBJECTS_AT_A_TIME 1024
#define ENTITIES_AT_A_TIME 2000

struct bulk_counter *bulk_counter_new(struct bulk *bulk)
{
    struct bulk_counter *counter = must_have(calloc(1, sizeof(*counter)));
    counter->bulk = bulk;
    counter->fold = fold_new(bulk->rules, 0);
    struct people *people = &counter->fold->people;
    strings_free(people->strings);
    people->strings = bulk->strings; /* nobody adds to them any more */
    changes_start(&counter->fold->changes, counter->fold->batch);
    for (size_t i = 0; i < bulk->unlinking_count; i++) {
        size_t begin = bulk->unlinking[i], end = bulk_run_end(bulk, begin);
        struct identifier *identifier =
            people_add_identifier(people, bulk->carriers[begin].identifier);
        for (size_t k = begin; k < end; k++) {
            struct carrier carrier = bulk_carrier_at(bulk, k);
            identifier_set(people, identifier, &carrier);
        }
        if (identifier_links(identifier)) /* who tells against it is in another range */
            for (int64_t name = 1; name <= 2; name++)
                identifier_set(people, identifier,
                               &(struct carrier){{0, (uint64_t)name}, {0, 0}, name, true});
    }
    return counter;
}

void bulk_counter_free(struct bulk_counter *counter)
{
    if (!counter)
        return;
    counter->fold->people.strings = NULL;
    fold_free(counter->fold);
    text_buffer_free(&counter->packed);
    bulk_scratch_release(&counter->scratch);
    event_decoder_free(counter->decoder);
    free(counter->issues);
    free(counter->events);
    free(counter->positions);
    for (size_t i = 0; i < counter->unmapped_count; i++)
        free(counter->unmapped[i]);
    free(counter->unmapped);
    free(counter);
}

/* People ----------------------------------------------------------------------------------------------------------------- */

static bool tell_states(struct bulk_counter *counter, const struct subject *subject,
                        const struct bulk_rows *rows, struct error *err)
{
    const struct rules *rules = counter->bulk->rules;
    for (const struct dossier *d = subject->dossiers; d; d = d->next) {
        text_buffer_clear(&counter->packed);
        facts_pack(d->facts, d->count, rules, counter->bulk->strings, &counter->packed);
        const char *training =
            d->training == RULES_NONE ? "" : rules_training(rules, d->training)->code;
        counter->told.states++;
        counter->told.facts += d->count;
        if (!rows->state(rows->context, subject->key, training, counter->packed.data,
                         counter->packed.length, err))
            return false;
    }
    return true;
}

/* As changes they would take twice the memory, beside the facts of everybody. */
static void set_issues_aside(struct bulk_counter *counter, struct contribution *of)
{
    for (size_t i = 0; i < of->issues_count; i++) {
        counter->issues = array_room(counter->issues, counter->issue_count,
                                     &counter->issue_capacity, sizeof(*counter->issues));
        counter->issues[counter->issue_count++] = of->issues[i];
    }
    of->issues_count = 0;
}

static void add_issues(struct changes *changes, struct bulk_counter *of)
{
    for (size_t i = 0; i < of->issue_count; i++)
        changes_add_issue(changes, &of->issues[i]);
    free(of->issues);
    of->issues = NULL;
    of->issue_count = of->issue_capacity = 0;
}

static bool count_person(struct bulk_counter *counter, const struct person *person,
                         const struct bulk_rows *rows, struct error *err)
{
    struct fold *fold = counter->fold;
    measure_person(fold->measurer, &fold->people, person, true, &fold->after);
    if (rows->person)
        rows->person(rows->context, person, &fold->after, fold);
    set_issues_aside(counter, &fold->after);
    changes_replace(&fold->changes, NULL, &fold->after);
    bool ok = true;
    for (const struct subject *s = person->first; rows->state && ok && s; s = s->next)
        ok = tell_states(counter, s, rows, err);
    return ok;
}

/* A person belongs to whoever has its first subject. */
int bulk_count(struct bulk_counter *counter, const struct bulk_rows *rows, size_t *people,
               struct error *err)
{
    struct bulk *bulk = counter->bulk;
    size_t at = atomic_fetch_add(&bulk->next, SUBJECTS_AT_A_TIME);
    size_t end = at + SUBJECTS_AT_A_TIME;
    bool more = at < bulk->subject_count;
    if (end > bulk->subject_count)
        end = bulk->subject_count;
    while (at < end && bulk->subjects[bulk->order[at]].parent != bulk->order[at])
        at++;
    for (*people = 0; at < end; ++*people)
        if (!count_person(counter, bulk_person_next(counter, &at), rows, err))
            return -1;
    return more;
}

struct bulk_told bulk_counter_told(const struct bulk_counter *counter)
{
    return counter->told;
}

bool bulk_members(const struct bulk *bulk, size_t part, size_t parts, const struct bulk_rows *rows,
                  struct error *err)
{
    size_t begin = bulk->subject_count * part / parts;
    size_t end = bulk->subject_count * (part + 1) / parts;
    for (size_t i = begin; i < end; i++) {
        const struct bulk_subject *s = &bulk->subjects[i];
        bool linked = s->parent != i || s->next != NOBODY;
        if (linked && !rows->member(rows->context, s->key, bulk->subjects[s->parent].key, err))
            return false;
    }
    return true;
}

#define AHEAD 16

bool bulk_carriers(const struct bulk *bulk, size_t part, size_t parts, const struct bulk_rows *rows,
                   struct error *err)
{
    size_t begin = bulk->carrier_count * part / parts;
    size_t end = bulk->carrier_count * (part + 1) / parts;
    for (size_t i = begin; i < end; i++) {
        if (i + AHEAD < end) /* identifiers come in order, their subjects in none */
            __builtin_prefetch(&bulk->subjects[bulk->carriers[i + AHEAD].subject]);
        struct carrier carrier = bulk_carrier_at(bulk, i);
        if (!rows->carrier(rows->context, bulk->carriers[i].identifier, &carrier, err))
            return false;
    }
    return true;
}

/* Sums ------------------------------------------------------------------------------------------------------------------- */

void bulk_counter_merge(struct bulk_counter *into, struct bulk_counter *from)
{
    changes_merge(&into->fold->changes, &from->fold->changes);
    add_issues(&into->fold->changes, from);
}

const struct changes *bulk_changes(struct bulk_counter *counter, bool empty, struct fold **fold)
{
    *fold = counter->fold;
    add_issues(&counter->fold->changes, counter);
    if (empty)
        activity_loaded(fold_activity(counter->fold));
    return fold_sorted_changes(counter->fold);
}

/* Without a learner ------------------------------------------------------------------------------------------------------ */

/* "w\nsource\ncode" */
static void add_unmapped(struct bulk_counter *counter, const char *text)
{
    char *copy = must_have(strdup(text)), *source = copy + 2, *code = strchr(source, '\n');
    *code++ = 0;
    counter->unmapped = array_room(counter->unmapped, counter->unmapped_count,
                                   &counter->unmapped_capacity, sizeof(char *));
    counter->unmapped[counter->unmapped_count++] = copy;
    changes_add_unmapped(&counter->fold->changes, *copy == 'w', source, code);
}

static void add_all_unmapped(struct bulk_counter *counter)
{
    const struct bulk *bulk = counter->bulk;
    for (size_t i = 0; i < bulk->intake_count; i++) {
        const struct strings *unmapped = bulk->intakes[i]->unmapped;
        for (uint32_t n = 1; n < strings_count(unmapped); n++)
            add_unmapped(counter, strings_text(unmapped, n));
    }
}

static const struct bulk_entity *entity_at(const struct bulk *bulk, size_t at)
{
    for (size_t i = 0; i < bulk->intake_count; i++) {
        if (at < bulk->intakes[i]->entity_count)
            return &bulk->intakes[i]->entities[at];
        at -= bulk->intakes[i]->entity_count;
    }
    return NULL;
}

static bool add_entity(struct bulk_counter *counter, const struct bulk_entity *held, struct error *err)
{
    struct event *event = &counter->events[counter->event_count];
    if (!event_decode(counter->decoder, held->text, held->length, event, err))
        return error_set(err, ERROR_INTERNAL, false, "an event that was kept cannot be read: %s",
                         err->message);
    event->hash = (uint64_t)held->hash; /* of the producer's own bytes */
    counter->positions[counter->event_count++] = held->position;
    changes_add_entity(&counter->fold->changes, event);
    return true;
}

const struct changes *bulk_entities(struct bulk_counter *counter, size_t *at,
                                    const struct event **events,
                                    const struct bulk_position **positions, size_t *count,
                                    struct error *err)
{
    const struct bulk_entity *held = entity_at(counter->bulk, *at);
    bool first = counter->decoder == NULL;
    if (!held && !first)
        return NULL;
    if (first) {
        counter->decoder = event_decoder_new();
        event_decoder_trust(counter->decoder);
        counter->events = must_have(calloc(ENTITIES_AT_A_TIME, sizeof(struct event)));
        counter->positions = must_have(calloc(ENTITIES_AT_A_TIME, sizeof(struct bulk_position)));
    }
    event_decoder_reset(counter->decoder);
    changes_next_batch(&counter->fold->changes, counter->fold->batch);
    counter->event_count = 0;
    if (first)
        add_all_unmapped(counter);
    for (; held && counter->event_count < ENTITIES_AT_A_TIME; held = entity_at(counter->bulk, ++*at))
        if (!add_entity(counter, held, err))
            return NULL;
    *events = counter->events;
    *positions = counter->positions;
    *count = counter->event_count;
    return &counter->fold->changes;
}
