/* Applying a batch: before, join, connect, after. A fact of a course changes one person, who is counted before and after at once; what
 * may connect people anew is done for all of them together. */
#include "fold.h"

#include <stdlib.h>
#include <string.h>

#include "fold_state.h"
#include "../../common/allocate.h"

/* 1. Facts that were planned, now that all is resident ------------------------------------------------------------------- */

static bool changes_nothing(const struct subject *subject, int training, const struct fact *fact)
{
    if (subject->erased)
        return true;
    for (const struct dossier *d = subject->dossiers; d; d = d->next)
        if (d->training == training) {
            const struct fact *held = dossier_find(d, fact->entity);
            return held && !fact_supersedes(fact, held);
        }
    return false;
}

static void find_subjects(struct fold *fold)
{
    for (size_t i = 0; i < fold->pending_count; i++) {
        struct pending *p = &fold->pending[i];
        if (!p->subject)
            p->subject = people_subject(&fold->people, p->key);
        if (!p->subject) /* not loaded: a programming error, and wrong figures are worse than a stop */
            abort();
        if (changes_nothing(p->subject, p->training, &p->fact)) {
            fact_release(&p->fact);
            p->subject = NULL;
        }
    }
}

/* 2. What the touched people counted for before -------------------------------------------------------------------------- */

static void touch(struct fold *fold, struct person *person, bool regroup)
{
    person->regroup |= regroup;
    if (person->batch == fold->batch)
        return;
    person->batch = fold->batch;
    fold->touched = array_room(fold->touched, fold->touched_count, &fold->touched_capacity,
                               sizeof(struct person *));
    fold->touched[fold->touched_count++] = person;
}

/* Once per batch: hundreds of rows may carry one office e-mail, and all may come in one batch. */
static void touch_all(struct fold *fold, struct identifier *identifier)
{
    if (identifier->touched == fold->batch)
        return;
    identifier->touched = fold->batch;
    for (size_t i = 0; i < identifier->count; i++) {
        struct subject *carrier = people_subject(&fold->people, identifier->carriers[i].subject);
        if (!carrier)
            abort(); /* not planned */
        touch(fold, carrier->person, true);
    }
}

static void add_pair(struct fold *fold, struct key128 identifier, struct key128 subject)
{
    fold->pairs =
        array_room(fold->pairs, fold->pair_count, &fold->pair_capacity, sizeof(struct touched_pair));
    fold->pairs[fold->pair_count++] = (struct touched_pair){identifier, subject};
}

/* The account may begin or cease to carry its own key. One that is erased already never will, and need not be resident. */
static void touch_account(struct fold *fold, struct key128 key)
{
    const struct subject *account = people_subject(&fold->people, key);
    if (!account || account->erased)
        return;
    touch(fold, account->person, true);
    add_pair(fold, key, key);
}

static void touch_carriers(struct fold *fold, const struct fact *fact, struct key128 subject)
{
    const struct fact_identity *identity = fact->identity;
    if (!fact_connects(fact))
        return;
    for (uint32_t i = 0; i < identity->identifier_count; i++) {
        struct key128 key = identity->identifiers[i];
        struct identifier *identifier = people_identifier(&fold->people, key);
        if (!identifier)
            abort(); /* not planned */
        touch_all(fold, identifier);
        add_pair(fold, key, subject);
        if (identity_names_account(identity, i))
            touch_account(fold, key);
    }
}

/* All that the subject carries goes. */
static void touch_carried(struct fold *fold, const struct subject *subject)
{
    struct identifier *own = people_identifier(&fold->people, subject->key);
    if (own && identifier_has(own, subject->key)) {
        touch_all(fold, own);
        add_pair(fold, subject->key, subject->key);
    }
    for (const struct dossier *d = subject->dossiers; d; d = d->next)
        for (size_t i = 0; i < d->count; i++)
            if (d->facts[i].identity)
                touch_carriers(fold, &d->facts[i], subject->key);
}

static void touch_pending(struct fold *fold, struct pending *pending)
{
    if (!pending->subject)
        return;
    struct person *person = pending->subject->person;
    bool erasure = pending->fact.kind == FACT_ERASED;
    touch(fold, person, erasure || pending->fact.identity != NULL);
    pending->next = person->pending;
    person->pending = (uint32_t)(pending - fold->pending) + 1;
    if (erasure)
        touch_carried(fold, pending->subject);
    if (!pending->fact.identity)
        return;
    touch_carriers(fold, &pending->fact, pending->subject->key);
    for (const struct dossier *d = pending->subject->dossiers; d; d = d->next) {
        const struct fact *held = dossier_find(d, pending->fact.entity);
        if (held)
            touch_carriers(fold, held, pending->subject->key);
    }
}

/* 3. Join ---------------------------------------------------------------------------------------------------------------- */

/* What the subject has is gone; a dossier without a fact is to lose its row. */
static void erase_subject(struct fold *fold, struct subject *subject)
{
    for (struct dossier *d = subject->dossiers; d; d = d->next) {
        if (!d->dirty)
            changes_add_state(&fold->changes, subject, d);
        dossier_empty(&fold->people, d);
    }
    subject_is_erased(&fold->people, subject);
}

static void join_pending(struct fold *fold, struct person *person)
{
    for (uint32_t at = person->pending; at; at = fold->pending[at - 1].next) {
        struct pending *p = &fold->pending[at - 1];
        if (p->subject->erased) { /* by this batch */
            fact_release(&p->fact);
            continue;
        }
        if (p->fact.kind == FACT_ERASED)
            erase_subject(fold, p->subject);
        struct dossier *dossier = people_dossier(&fold->people, p->subject, p->training, true);
        bool was_dirty = dossier->dirty;
        if (dossier_join(&fold->people, dossier, &p->fact) && !was_dirty)
            changes_add_state(&fold->changes, p->subject, dossier);
    }
    person->pending = 0;
}

/* Who stays the same person is done with at once, while the facts are at hand. */
static void count_others(struct fold *fold)
{
    for (size_t i = 0; i < fold->touched_count; i++) {
        struct person *person = fold->touched[i];
        if (person->regroup)
            continue;
        measure_person(fold->measurer, &fold->people, person, false, &fold->before);
        join_pending(fold, person);
        measure_person(fold->measurer, &fold->people, person, false, &fold->after);
        changes_replace(&fold->changes, &fold->before, &fold->after);
    }
}

/* When it is known of everybody who will be connected anew. */
static void count_before(struct fold *fold)
{
    for (size_t i = 0; i < fold->touched_count; i++) {
        if (!fold->touched[i]->regroup)
            continue;
        measure_person(fold->measurer, &fold->people, fold->touched[i], true, &fold->before);
        changes_replace(&fold->changes, &fold->before, NULL);
    }
    for (size_t i = 0; i < fold->touched_count; i++)
        if (fold->touched[i]->regroup)
            join_pending(fold, fold->touched[i]);
}

/* What the subject carries under the identifier. */
static bool carries(const struct subject *subject, struct key128 key, struct carrier *carrier)
{
    bool found = false;
    *carrier = (struct carrier){.subject = subject->key};
    for (const struct dossier *d = subject->dossiers; d; d = d->next)
        for (size_t i = 0; i < d->count; i++) {
            const struct fact *fact = &d->facts[i];
            if (!fact_connects(fact))
                continue;
            uint32_t k = 0;
            while (k < fact->identity->identifier_count &&
                   !key128_equal(fact->identity->identifiers[k], key))
                k++;
            if (k == fact->identity->identifier_count)
                continue;
            found = true;
            if (fact->kind != FACT_LISTING && fact->kind != FACT_ATTENDANCE)
                continue;
            carrier->on_roster = true;
            if ((uint64_t)fact->identity->name > (uint64_t)carrier->name)
                carrier->name = fact->identity->name;
            if (key128_compare(fact->identity->citizen, carrier->citizen) > 0)
                carrier->citizen = fact->identity->citizen;
        }
    return found;
}

static bool of_itself(const struct touched_pair *pair)
{
    return key128_equal(pair->identifier, pair->subject);
}

/* By identifier; the account of that key behind the others, for it carries its key where they do. */
static int compare_pairs(const void *a, const void *b)
{
    const struct touched_pair *x = a, *y = b;
    int order = key128_compare(x->identifier, y->identifier);
    if (!order)
        order = of_itself(x) - of_itself(y);
    return order ? order : key128_compare(x->subject, y->subject);
}

/* Does anybody but the account of that key carry it? */
static bool is_named(const struct identifier *identifier)
{
    return identifier->count > (identifier_has(identifier, identifier->key) ? 1 : 0);
}

static void update_carrier(struct fold *fold, const struct touched_pair *pair)
{
    struct identifier *identifier = people_identifier(&fold->people, pair->identifier);
    const struct subject *subject = people_subject(&fold->people, pair->subject);
    struct carrier_change change = {.identifier = pair->identifier};
    change.carries = carries(subject, pair->identifier, &change.carrier) ||
                     (of_itself(pair) && !subject->erased && is_named(identifier));
    if (change.carries)
        identifier_set(&fold->people, identifier, &change.carrier);
    else
        identifier_unset(identifier, pair->subject);
    changes_add_carrier(&fold->changes, &change);
}

static void update_carriers(struct fold *fold)
{
    if (fold->pair_count)
        qsort(fold->pairs, fold->pair_count, sizeof(struct touched_pair), compare_pairs);
    for (size_t i = 0; i < fold->pair_count; i++)
        if (i == 0 || compare_pairs(&fold->pairs[i], &fold->pairs[i - 1]) != 0)
            update_carrier(fold, &fold->pairs[i]);
    fold->pair_count = 0;
}

/* 4. Connect anew -------------------------------------------------------------------------------------------------------- */

static void scatter(struct fold *fold, struct person *person)
{
    if (!person->identified)
        abort(); /* not planned */
    for (struct subject *s = person->first, *next; s; s = next) {
        next = s->next;
        s->next = NULL;
        s->person = calloc(1, sizeof(struct person));
        if (!s->person)
            abort();
        s->person->key = s->key;
        s->person->first = s;
        s->person->identified = true;
        s->person->regroup = true;
        fold->regrouped = array_room(fold->regrouped, fold->regrouped_count,
                                     &fold->regrouped_capacity, sizeof(struct subject *));
        fold->regrouped[fold->regrouped_count++] = s;
    }
    free(person);
}

static void connect_identity(struct fold *fold, struct subject *subject,
                             const struct fact_identity *identity)
{
    for (uint32_t i = 0; i < identity->identifier_count; i++) {
        const struct identifier *identifier =
            people_identifier(&fold->people, identity->identifiers[i]);
        if (!identifier)
            abort();
        if (!identifier_links(identifier))
            continue;
        for (size_t k = 0; k < identifier->count; k++) {
            struct subject *other = people_subject(&fold->people, identifier->carriers[k].subject);
            if (!other)
                abort();
            people_join(subject->person, other->person);
        }
    }
}

static void connect_subject(struct fold *fold, struct subject *subject)
{
    for (const struct dossier *d = subject->dossiers; d; d = d->next)
        for (size_t i = 0; i < d->count; i++)
            if (fact_connects(&d->facts[i]))
                connect_identity(fold, subject, d->facts[i].identity);
}

static void note_membership(struct fold *fold, struct subject *subject)
{
    const struct person *person = subject->person;
    bool linked = person->first->next != NULL;
    struct key128 wanted = linked ? person->key : (struct key128){0, 0};
    if (key128_equal(wanted, subject->stored_person))
        return;
    subject->stored_person = wanted;
    changes_add_member(&fold->changes, &(struct member_change){subject->key, wanted, linked});
}

static void regroup(struct fold *fold)
{
    for (size_t i = 0; i < fold->touched_count; i++)
        if (fold->touched[i]->regroup)
            scatter(fold, fold->touched[i]);
    fold->touched_count = 0;
    for (size_t i = 0; i < fold->regrouped_count; i++)
        connect_subject(fold, fold->regrouped[i]);
    for (size_t i = 0; i < fold->regrouped_count; i++) {
        struct subject *subject = fold->regrouped[i];
        note_membership(fold, subject);
        touch(fold, subject->person, true);
    }
    fold->regrouped_count = 0;
}

/* 5. What they count for after ------------------------------------------------------------------------------------------- */

static void count_after(struct fold *fold)
{
    for (size_t i = 0; i < fold->touched_count; i++) {
        struct person *person = fold->touched[i];
        measure_person(fold->measurer, &fold->people, person, true, &fold->after);
        changes_replace(&fold->changes, NULL, &fold->after);
        person->regroup = false;
    }
    fold->touched_count = 0;
}

const struct changes *fold_apply(struct fold *fold)
{
    fold->batch++;
    find_subjects(fold);
    for (size_t i = 0; i < fold->pending_count; i++)
        touch_pending(fold, &fold->pending[i]);
    count_others(fold);
    count_before(fold);
    fold->pending_count = 0;
    update_carriers(fold);
    regroup(fold);
    count_after(fold);
    return &fold->changes;
}

static void dossier_confirm(struct dossier *dossier)
{
    dossier->dirty = false;
    dossier->stored = dossier->count > 0;
}

void fold_confirm(struct fold *fold)
{
    struct activity *activity = &fold->changes.activity;
    for (size_t i = 0; i < fold->changes.states.count; i++)
        dossier_confirm((struct dossier *)(uintptr_t)fold->changes.states.items[i].dossier);
    for (size_t i = 0; i < activity->changed_count; i++)
        activity->changed[i]->stored = !activity_is_zero(activity->changed[i]);
    uint32_t first_batch = fold->first_batch;
    fold->first_batch = 0;
    /* What the next transaction adds comes before its own confirmation: as much as this one has. */
    size_t resident = fold_resident_bytes(fold);
    size_t grown = resident > fold->confirmed_bytes ? resident - fold->confirmed_bytes : 0;
    fold->confirmed_bytes = resident;
    if (resident + grown <= fold->cache_bytes)
        return;
    activity_evict(activity, first_batch, fold->cache_bytes / 8);
    /* An eighth more, so that the table is not looked through each time. */
    size_t wanted = grown + fold->cache_bytes / 8;
    people_evict(&fold->people, first_batch,
                 wanted < fold->cache_bytes ? fold->cache_bytes - wanted : 0);
    fold->confirmed_bytes = fold_resident_bytes(fold);
}

const struct changes *fold_sorted_changes(struct fold *fold)
{
    changes_sort(&fold->changes);
    return &fold->changes;
}

struct activity *fold_activity(struct fold *fold)
{
    return &fold->changes.activity;
}
