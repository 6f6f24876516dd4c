#include "people.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

/* What an allocation takes from the heap: a header of 8 bytes, rounded up to 16, 32 at least. */
#define HELD(size) ((size) + 8 <= 32 ? 32 : ((size) + 8 + 15) / 16 * 16)
#define SUBJECT_BYTES                                                                              \
    (HELD(sizeof(struct subject)) + HELD(sizeof(struct person)) + 3 * sizeof(struct key_slot))
#define IDENTIFIER_BYTES (HELD(sizeof(struct identifier)) + 3 * sizeof(struct key_slot))

void people_init(struct people *people)
{
    memset(people, 0, sizeof(*people));
    people->strings = strings_new();
}

static size_t array_bytes(size_t capacity, size_t item)
{
    return capacity ? HELD(capacity * item) : 0;
}

static size_t identity_bytes(const struct fact *fact)
{
    if (!fact->identity)
        return 0;
    return HELD(identity_size(fact->identity));
}

static size_t free_dossiers(struct subject *subject)
{
    size_t bytes = 0;
    for (struct dossier *d = subject->dossiers, *next; d; d = next) {
        next = d->next;
        for (size_t i = 0; i < d->count; i++) {
            bytes += identity_bytes(&d->facts[i]);
            fact_release(&d->facts[i]);
        }
        bytes += HELD(sizeof(*d)) + array_bytes(d->capacity, sizeof(*d->facts));
        free(d->facts);
        free(d);
    }
    return bytes;
}

static void free_identifier(struct identifier *identifier)
{
    free(identifier->carriers);
    free(identifier);
}

void people_release(struct people *people)
{
    for (size_t i = 0; i < people->subjects.capacity; i++) {
        struct subject *subject = people->subjects.slots[i].value;
        if (!subject)
            continue;
        struct person *person = subject->person;
        for (struct subject *s = person ? person->first : NULL; s; s = s->next)
            s->person = NULL;
        free(person);
        free_dossiers(subject);
    }
    for (size_t i = 0; i < people->subjects.capacity; i++)
        free(people->subjects.slots[i].value);
    for (size_t i = 0; i < people->identifiers.capacity; i++)
        if (people->identifiers.slots[i].value)
            free_identifier(people->identifiers.slots[i].value);
    key_table_clear(&people->subjects);
    key_table_clear(&people->identifiers);
    people->bytes = 0;
    strings_free(people->strings);
    people->strings = NULL;
}

struct subject *people_subject(const struct people *people, struct key128 key)
{
    return key_table_get(&people->subjects, key);
}

struct identifier *people_identifier(const struct people *people, struct key128 key)
{
    return key_table_get(&people->identifiers, key);
}

struct subject *people_add_subject(struct people *people, struct key128 key)
{
    struct subject *subject = must_have(calloc(1, sizeof(*subject)));
    subject->key = key;
    subject->person = must_have(calloc(1, sizeof(struct person)));
    subject->person->key = key;
    subject->person->first = subject;
    key_table_put(&people->subjects, key, subject);
    people->bytes += SUBJECT_BYTES;
    return subject;
}

struct identifier *people_add_identifier(struct people *people, struct key128 key)
{
    struct identifier *identifier = must_have(calloc(1, sizeof(*identifier)));
    identifier->key = key;
    key_table_put(&people->identifiers, key, identifier);
    people->bytes += IDENTIFIER_BYTES;
    return identifier;
}

void people_join(struct person *a, struct person *b)
{
    if (a == b)
        return;
    struct subject *last = b->first;
    assert(last); /* who has no subject is no person */
    for (struct subject *s = b->first; s; s = s->next) {
        s->person = a;
        last = s;
    }
    last->next = a->first;
    a->first = b->first;
    a->identified &= b->identified;
    if (key128_compare(b->key, a->key) < 0)
        a->key = b->key;
    free(b);
}

struct dossier *people_dossier(struct people *people, struct subject *subject, int training,
                               bool create)
{
    struct dossier **at = &subject->dossiers;
    while (*at && (*at)->training < training)
        at = &(*at)->next;
    if (*at && (*at)->training == training)
        return *at;
    if (!create)
        return NULL;
    struct dossier *dossier = must_have(calloc(1, sizeof(*dossier)));
    dossier->training = training;
    dossier->next = *at;
    *at = dossier;
    people->bytes += HELD(sizeof(*dossier));
    return dossier;
}

/* Where the entity is or belongs. */
static size_t position(const struct dossier *dossier, uint64_t entity)
{
    size_t low = 0, high = dossier->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (dossier->facts[middle].entity < entity)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct fact *dossier_find(const struct dossier *dossier, uint64_t entity)
{
    size_t at = position(dossier, entity);
    return at < dossier->count && dossier->facts[at].entity == entity ? &dossier->facts[at] : NULL;
}

/* Most dossiers hold one or two facts. */
static void enlarge(struct people *people, struct dossier *dossier)
{
    size_t capacity = dossier->capacity ? dossier->capacity * 2 : 1;
    people->bytes += array_bytes(capacity, sizeof(struct fact)) -
                     array_bytes(dossier->capacity, sizeof(struct fact));
    dossier->capacity = capacity;
    dossier->facts = must_have(realloc(dossier->facts, capacity * sizeof(struct fact)));
}

bool dossier_join(struct people *people, struct dossier *dossier, struct fact *fact)
{
    size_t at = position(dossier, fact->entity);
    if (at < dossier->count && dossier->facts[at].entity == fact->entity) {
        if (!fact_supersedes(fact, &dossier->facts[at])) {
            fact_release(fact);
            return false;
        }
        people->bytes -= identity_bytes(&dossier->facts[at]);
        fact_release(&dossier->facts[at]);
    } else {
        if (dossier->count == dossier->capacity)
            enlarge(people, dossier);
        memmove(&dossier->facts[at + 1], &dossier->facts[at],
                (dossier->count - at) * sizeof(struct fact));
        dossier->count++;
    }
    dossier->facts[at] = *fact;
    people->bytes += identity_bytes(fact);
    dossier->dirty = true;
    return true;
}

void dossier_empty(struct people *people, struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->count; i++) {
        people->bytes -= identity_bytes(&dossier->facts[i]);
        fact_release(&dossier->facts[i]);
    }
    dossier->count = 0;
    dossier->dirty = true;
}

void subject_is_erased(struct people *people, struct subject *subject)
{
    people->erased += !subject->erased;
    subject->erased = true;
}

static size_t carrier_position(const struct identifier *identifier, struct key128 subject)
{
    size_t low = 0, high = identifier->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (key128_compare(identifier->carriers[middle].subject, subject) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void identifier_set(struct people *people, struct identifier *identifier,
                    const struct carrier *carrier)
{
    size_t at = carrier_position(identifier, carrier->subject);
    if (at == identifier->count || !key128_equal(identifier->carriers[at].subject, carrier->subject)) {
        if (identifier->count == identifier->capacity) {
            size_t capacity = identifier->capacity ? identifier->capacity * 2 : 2;
            people->bytes += array_bytes(capacity, sizeof(struct carrier)) -
                             array_bytes(identifier->capacity, sizeof(struct carrier));
            identifier->capacity = capacity;
            identifier->carriers =
                must_have(realloc(identifier->carriers, capacity * sizeof(struct carrier)));
        }
        memmove(&identifier->carriers[at + 1], &identifier->carriers[at],
                (identifier->count - at) * sizeof(struct carrier));
        identifier->count++;
    }
    identifier->carriers[at] = *carrier;
}

void identifier_unset(struct identifier *identifier, struct key128 subject)
{
    size_t at = carrier_position(identifier, subject);
    if (!identifier_has(identifier, subject))
        return;
    memmove(&identifier->carriers[at], &identifier->carriers[at + 1],
            (identifier->count - at - 1) * sizeof(struct carrier));
    identifier->count--;
}

bool identifier_has(const struct identifier *identifier, struct key128 subject)
{
    size_t at = carrier_position(identifier, subject);
    return at < identifier->count && key128_equal(identifier->carriers[at].subject, subject);
}

bool identifier_links(const struct identifier *identifier)
{
    int64_t name = 0;
    struct key128 citizen = {0, 0};
    for (size_t i = 0; i < identifier->count; i++) {
        const struct carrier *c = &identifier->carriers[i];
        if (!c->on_roster)
            continue;
        if (c->name && name && c->name != name)
            return false;
        if ((c->citizen.hi || c->citizen.lo) && (citizen.hi || citizen.lo) &&
            !key128_equal(c->citizen, citizen))
            return false;
        if (c->name)
            name = c->name;
        if (c->citizen.hi || c->citizen.lo)
            citizen = c->citizen;
    }
    return true;
}

static void forget_identifier(struct people *people, struct identifier *identifier)
{
    key_table_remove(&people->identifiers, identifier->key);
    people->bytes -= IDENTIFIER_BYTES + array_bytes(identifier->capacity, sizeof(struct carrier));
    free_identifier(identifier);
}

/* An identifier is of use as long as anybody resident outside this person carries it, or what changed of it may not be stored yet. */
static void drop_identifier(struct people *people, struct key128 key, const struct person *person,
                            uint32_t batch)
{
    struct identifier *identifier = people_identifier(people, key);
    if (!identifier || identifier->touched >= batch)
        return;
    for (size_t i = 0; i < identifier->count; i++) {
        const struct subject *carrier = people_subject(people, identifier->carriers[i].subject);
        if (carrier && carrier->person != person)
            return;
    }
    forget_identifier(people, identifier);
}

/* Nobody carries it any more, so no person's end would take it along. */
static void drop_unused_identifiers(struct people *people, uint32_t batch)
{
    for (size_t i = 0; i < people->identifiers.capacity;) {
        struct identifier *identifier = people->identifiers.slots[i].value;
        if (identifier && identifier->count == 0 && identifier->touched < batch)
            forget_identifier(people, identifier);
        else
            i++;
    }
}

static void drop_identifiers(struct people *people, const struct subject *subject, uint32_t batch)
{
    drop_identifier(people, subject->key, subject->person, batch); /* an account that others name */
    for (const struct dossier *d = subject->dossiers; d; d = d->next)
        for (size_t i = 0; i < d->count; i++) {
            const struct fact_identity *identity = d->facts[i].identity;
            for (uint32_t k = 0; identity && k < identity->identifier_count; k++)
                drop_identifier(people, identity->identifiers[k], subject->person, batch);
        }
}

void people_forget(struct people *people, struct person *person)
{
    assert(person->first);
    for (struct subject *s = person->first, *next; s; s = next) {
        next = s->next;
        people->erased -= s->erased;
        people->bytes -= SUBJECT_BYTES + free_dossiers(s);
        key_table_remove(&people->subjects, s->key);
        free(s);
    }
    free(person);
}

static void drop_person(struct people *people, struct person *person, uint32_t batch)
{
    for (struct subject *s = person->first; s; s = s->next)
        drop_identifiers(people, s, batch);
    people_forget(people, person);
}

/* Odd: a walk by it visits each slot of a table of 2^n once. */
#define STRIDE ((size_t)0x9E3779B97F4A7C15)

/* Slots are visited in an order of their own, each eviction where the last one left off: taken one after the other from the first,
 * the front of the table would be emptied each time and its end fill up, until every look there walks for ages. */
void people_evict(struct people *people, uint32_t batch, size_t bytes)
{
    drop_unused_identifiers(people, batch);
    size_t mask = people->subjects.capacity - 1;
    for (size_t i = 0; i < people->subjects.capacity && people->bytes > bytes; i++) {
        size_t at = people->hand++ * STRIDE & mask;
        const struct subject *subject;
        /* Removing shifts slots back, so the slot is looked at again. */
        while ((subject = people->subjects.slots[at].value) && subject->person->batch < batch &&
               subject->batch < batch && people->bytes > bytes)
            drop_person(people, subject->person, batch);
    }
}
