/* What a batch needs resident, and taking it in. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

#include "fold_state.h"

struct fold *fold_new(const struct rules *rules, size_t cache_bytes)
{
    struct fold *fold = calloc(1, sizeof(*fold));
    if (!fold)
        abort();
    fold->rules = rules;
    /* The allocator loses some of what is freed and asked for in other sizes, the more the longer people come and go. */
    fold->cache_bytes = cache_bytes - cache_bytes / 4;
    fold->batch = 1;
    people_init(&fold->people);
    fold->measurer = measurer_new(rules);
    return fold;
}

/* Facts that were planned and not applied. */
static void drop_pending(struct fold *fold)
{
    for (size_t i = 0; i < fold->pending_count; i++)
        fact_release(&fold->pending[i].fact);
    fold->pending_count = 0;
}

void fold_free(struct fold *fold)
{
    if (!fold)
        return;
    people_release(&fold->people);
    measurer_free(fold->measurer);
    contribution_release(&fold->before);
    contribution_release(&fold->after);
    drop_pending(fold);
    changes_release(&fold->changes);
    key_table_clear(&fold->loaded_persons);
    free(fold->pending);
    free(fold->touched);
    free(fold->regrouped);
    free(fold->pairs);
    free(fold);
}

void key_list_add(struct key_list *list, struct key128 key)
{
    list->keys = array_room(list->keys, list->count, &list->capacity, sizeof(struct key128));
    list->keys[list->count++] = key;
}

void key_list_release(struct key_list *list)
{
    free(list->keys);
    memset(list, 0, sizeof(*list));
}

static int compare_keys(const void *a, const void *b)
{
    return key128_compare(*(const struct key128 *)a, *(const struct key128 *)b);
}

static void make_distinct(struct key_list *list)
{
    if (list->count == 0)
        return;
    qsort(list->keys, list->count, sizeof(struct key128), compare_keys);
    size_t kept = 1;
    for (size_t i = 1; i < list->count; i++)
        if (!key128_equal(list->keys[i], list->keys[kept - 1]))
            list->keys[kept++] = list->keys[i];
    list->count = kept;
}

void fold_plan_release(struct fold_plan *plan)
{
    key_list_release(&plan->subjects);
    key_list_release(&plan->connected);
    key_list_release(&plan->identity_subjects);
    key_list_release(&plan->identifiers);
}

static void plan_connected(struct fold *fold, struct key128 key, struct fold_plan *plan)
{
    const struct subject *subject = people_subject(&fold->people, key);
    if (!subject || !subject->person->identified)
        key_list_add(&plan->connected, key);
}

static void plan_identifier(struct fold *fold, struct key128 key, struct fold_plan *plan)
{
    struct identifier *identifier = people_identifier(&fold->people, key);
    if (!identifier) {
        key_list_add(&plan->identifiers, key);
        return;
    }
    if (identifier->planned == fold->batch)
        return;
    identifier->planned = fold->batch;
    for (size_t i = 0; i < identifier->count; i++)
        plan_connected(fold, identifier->carriers[i].subject, plan);
}

static void plan_identifiers(struct fold *fold, const struct fact *fact, struct fold_plan *plan)
{
    if (!fact_connects(fact))
        return;
    for (uint32_t i = 0; i < fact->identity->identifier_count; i++) {
        plan_identifier(fold, fact->identity->identifiers[i], plan);
        if (identity_names_account(fact->identity, i))
            plan_connected(fold, fact->identity->identifiers[i], plan);
    }
}

static void plan_identity(struct fold *fold, const struct fact *fact, struct key128 key,
                          struct fold_plan *plan)
{
    plan_identifiers(fold, fact, plan);
    plan_connected(fold, key, plan);
    const struct subject *subject = people_subject(&fold->people, key);
    if (!subject) {
        key_list_add(&plan->identity_subjects, key);
        return;
    }
    for (const struct dossier *d = subject->dossiers; d; d = d->next) {
        const struct fact *held = dossier_find(d, fact->entity);
        if (held)
            plan_identifiers(fold, held, plan);
    }
}

/* What the subject carries goes: everybody who carries it too may be connected anew. */
static void plan_erasure(struct fold *fold, struct key128 key, struct fold_plan *plan)
{
    plan_connected(fold, key, plan);
    const struct subject *subject = people_subject(&fold->people, key);
    if (!subject)
        key_list_add(&plan->identity_subjects, key);
    else
        plan_identifier(fold, key, plan); /* of an account that others name */
    for (const struct dossier *d = subject ? subject->dossiers : NULL; d; d = d->next)
        for (size_t i = 0; i < d->count; i++)
            if (d->facts[i].identity)
                plan_identifiers(fold, &d->facts[i], plan);
}

static void plan_fact(struct fold *fold, const struct event *event, const struct fact *fact,
                      int training, struct fold_plan *plan)
{
    struct pending pending = {*fact, fact_subject(event), NULL, training, 0};
    pending.subject = people_subject(&fold->people, pending.key);
    if (!pending.subject)
        key_list_add(&plan->subjects, pending.key);
    if (fact->identity)
        plan_identity(fold, fact, pending.key, plan);
    if (fact->kind == FACT_ERASED)
        plan_erasure(fold, pending.key, plan);
    fold->pending = array_room(fold->pending, fold->pending_count, &fold->pending_capacity,
                               sizeof(struct pending));
    fold->pending[fold->pending_count++] = pending;
}

/* An event that is no fact of this generation: is its learner erased? */
static void plan_learner(struct fold *fold, const struct event *event, struct fold_plan *plan)
{
    if (event->subject && !people_subject(&fold->people, event->subject_key))
        key_list_add(&plan->subjects, event->subject_key);
}

static void plan_event(struct fold *fold, const struct event *event, struct fold_plan *plan)
{
    struct fact fact;
    int training;
    switch (fact_from_event(event, fold->rules, fold->people.strings, &fact, &training)) {
    case FACT_PLACED:
        plan_fact(fold, event, &fact, training, plan);
        break;
    case FACT_UNKNOWN_WAVE:
        changes_add_unmapped(&fold->changes, true, event->source, event->wave ? event->wave : "");
        plan_learner(fold, event, plan);
        break;
    case FACT_UNKNOWN_COURSE:
        changes_add_unmapped(&fold->changes, false, event->source, event->course);
        plan_learner(fold, event, plan);
        break;
    case FACT_NOT_A_FACT:
        if (event->type != EVENT_UNKNOWN)
            changes_add_entity(&fold->changes, event);
        plan_learner(fold, event, plan);
        break;
    }
}

void fold_plan(struct fold *fold, const struct event *events, size_t count, struct fold_plan *plan)
{
    plan->subjects.count = plan->connected.count = 0;
    plan->identifiers.count = plan->identity_subjects.count = 0;
    drop_pending(fold);
    if (fold->first_batch) {
        changes_next_batch(&fold->changes, fold->batch + 1);
    } else {
        fold->first_batch = fold->batch + 1;
        changes_start(&fold->changes, fold->first_batch);
    }
    for (size_t i = 0; i < count; i++)
        plan_event(fold, &events[i], plan);
    make_distinct(&plan->subjects);
    make_distinct(&plan->connected);
    make_distinct(&plan->identity_subjects);
    make_distinct(&plan->identifiers);
    fold->load_mark = fold->batch;
    key_table_clear(&fold->loaded_persons);
}

/* Subjects loaded for this batch carry its number; resident ones are older and authoritative. */
static struct subject *loading_subject(struct fold *fold, struct key128 key)
{
    struct subject *subject = people_subject(&fold->people, key);
    return subject && subject->batch == fold->load_mark ? subject : NULL;
}

void fold_load_subject(struct fold *fold, struct key128 key, const struct key128 *person)
{
    if (people_subject(&fold->people, key))
        return;
    struct subject *subject = people_add_subject(&fold->people, key);
    subject->batch = fold->load_mark;
    if (!person)
        return;
    subject->stored_person = *person;
    struct subject *other = key_table_get(&fold->loaded_persons, *person);
    if (other)
        people_join(other->person, subject->person);
    else
        key_table_put(&fold->loaded_persons, *person, subject);
}

void fold_identify(struct fold *fold, const struct key_list *connected, struct key_list *out)
{
    for (size_t i = 0; i < connected->count; i++) {
        struct person *person = people_subject(&fold->people, connected->keys[i])->person;
        for (struct subject *s = person->identified ? NULL : person->first; s; s = s->next)
            key_list_add(out, s->key);
        person->identified = true;
    }
}

void fold_load_carrier(struct fold *fold, struct key128 key, const struct carrier *carrier)
{
    struct identifier *identifier = people_identifier(&fold->people, key);
    if (!identifier) {
        identifier = people_add_identifier(&fold->people, key);
        identifier->batch = fold->load_mark;
    }
    if (identifier->batch == fold->load_mark)
        identifier_set(&fold->people, identifier, carrier);
}

bool fold_load_dossier(struct fold *fold, struct key128 key, const char *training,
                       const void *bytes, size_t length, struct error *err)
{
    struct subject *subject = loading_subject(fold, key);
    if (!subject)
        return true;
    int index = *training ? rules_find_training(fold->rules, training) : RULES_NONE;
    if (*training && index == RULES_NONE)
        return error_set(err, ERROR_STATE, false,
                         "stored facts name training %s, which the generation's config lacks",
                         training);
    struct fact *facts;
    size_t count;
    if (!facts_unpack(bytes, length, fold->rules, fold->people.strings, &facts, &count, err))
        return false;
    struct dossier *dossier = people_dossier(&fold->people, subject, index, true);
    for (size_t i = 0; i < count; i++) {
        if (facts[i].kind == FACT_ERASED)
            subject_is_erased(&fold->people, subject);
        dossier_join(&fold->people, dossier, &facts[i]);
    }
    dossier->dirty = false;
    dossier->stored = true;
    free(facts);
    return true;
}

void fold_loaded(struct fold *fold, const struct fold_plan *plan)
{
    for (size_t i = 0; i < plan->identifiers.count; i++)
        if (!people_identifier(&fold->people, plan->identifiers.keys[i]))
            people_add_identifier(&fold->people, plan->identifiers.keys[i])->batch = fold->load_mark;
    key_table_clear(&fold->loaded_persons);
}

bool fold_any_erased(const struct fold *fold)
{
    return fold->people.erased > 0;
}

bool fold_is_erased(const struct fold *fold, const struct event *event)
{
    if (event->type == EVENT_LEARNER_ERASED || (!event->subject && !event->entity))
        return false;
    const struct subject *subject = people_subject(&fold->people, fact_subject(event));
    return subject && subject->erased;
}

const struct people *fold_people(const struct fold *fold)
{
    return &fold->people;
}

const struct rules *fold_rules(const struct fold *fold)
{
    return fold->rules;
}

const char *fold_text(const struct fold *fold, uint32_t interned)
{
    return strings_text(fold->people.strings, interned);
}

const char *fold_value(const struct fold *fold, uint32_t scope, uint32_t value)
{
    if (scope == SCOPE_PLATFORM)
        return rules_platform(fold->rules, (int)value);
    if (scope == SCOPE_COURSE)
        return rules_course(fold->rules, (int)value)->code;
    return fold_text(fold, value);
}

size_t fold_resident_bytes(const struct fold *fold)
{
    return fold->people.bytes + activity_bytes(&fold->changes.activity);
}
