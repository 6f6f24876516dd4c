/* Who is who, once all facts are in. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "bulk_private.h"

/* Texts and subjects of all intakes -------------------------------------------------------------------------------------- */

static void merge_strings(struct bulk *bulk, size_t number)
{
    const struct strings *own = bulk->intakes[number]->strings;
    size_t count = strings_count(own);
    uint32_t *remap = must_have(calloc(count, sizeof(*remap)));
    for (uint32_t i = 0; i < count; i++) {
        const char *text = strings_text(own, i);
        remap[i] = strings_intern(bulk->strings, text, strlen(text));
    }
    bulk->remap[number] = remap;
}

static const uint32_t *remap_of(const struct bulk *bulk, const struct bulk_dossier *dossier)
{
    return dossier->intake == GLOBAL_STRINGS ? NULL : bulk->remap[dossier->intake];
}

static struct bulk_dossier *with_global_strings(struct bulk *bulk, struct bulk_dossier *into,
                                                const struct bulk_dossier *from)
{
    struct fact fact;
    size_t ignored = 0;
    for (size_t at = 0; bulk_record_next(from, &at, remap_of(bulk, from), &fact);) {
        into = into ? bulk_dossier_add(into, &fact, &ignored)
                    : bulk_dossier_new(from->training, GLOBAL_STRINGS, &fact, &ignored);
        fact_release(&fact);
    }
    return into;
}

/* A subject's events are in one partition, unless their number was changed or somebody else writes there too. */
static void join_subject(struct bulk *bulk, struct bulk_slot *into, struct bulk_slot *from)
{
    for (struct bulk_dossier *d = from->first, *next; d; d = next) {
        next = d->next;
        struct bulk_dossier **at = &into->first;
        while (*at && (*at)->training != d->training)
            at = &(*at)->next;
        if (!*at) {
            d->next = NULL;
            *at = d;
            continue;
        }
        struct bulk_dossier *behind = (*at)->next;
        struct bulk_dossier *joined =
            with_global_strings(bulk, with_global_strings(bulk, NULL, *at), d);
        joined->next = behind;
        free(*at);
        free(d);
        *at = joined;
    }
    from->first = &bulk_moved;
}

static void join_with_earlier(struct bulk *bulk, size_t number)
{
    struct bulk_intake *intake = bulk->intakes[number];
    for (size_t i = 0; i < intake->capacity; i++)
        for (size_t k = 0;
             k < number && intake->slots[i].first && intake->slots[i].first != &bulk_moved; k++) {
            struct bulk_slot *earlier = bulk_find(bulk->intakes[k], intake->slots[i].key);
            if (earlier)
                join_subject(bulk, earlier, &intake->slots[i]);
        }
}

/* The slots of an intake go as soon as their subjects stand in the list. */
static void list_subjects(struct bulk *bulk)
{
    size_t room = 0;
    for (size_t i = 0; i < bulk->intake_count; i++)
        room += bulk->intakes[i]->count;
    if (room >= NOBODY)
        abort(); /* four thousand million subjects */
    bulk->subjects = must_have(calloc(room ? room : 1, sizeof(*bulk->subjects)));
    for (size_t i = 0; i < bulk->intake_count; i++) {
        struct bulk_intake *intake = bulk->intakes[i];
        for (size_t k = 0; k < intake->capacity; k++) {
            if (!intake->slots[k].first || intake->slots[k].first == &bulk_moved)
                continue;
            uint32_t number = (uint32_t)bulk->subject_count++;
            bulk->subjects[number] =
                (struct bulk_subject){intake->slots[k].key, intake->slots[k].first, number, NOBODY};
        }
        free(intake->slots);
        intake->slots = NULL;
        intake->capacity = intake->count = 0;
    }
}

/* Who is erased has no other fact, whenever it came. */
static void erase_subject(struct bulk_subject *subject)
{
    const struct bulk_dossier *d = subject->first;
    struct fact fact;
    size_t at = 0, ignored = 0;
    while (d && !d->erased)
        d = d->next;
    if (!d)
        return;
    while (bulk_record_next(d, &at, NULL, &fact) && fact.kind != FACT_ERASED)
        fact_release(&fact);
    struct bulk_dossier *only = bulk_dossier_new(d->training, GLOBAL_STRINGS, &fact, &ignored);
    for (struct bulk_dossier *gone = subject->first, *next; gone; gone = next) {
        next = gone->next;
        free(gone);
    }
    subject->first = only;
}

/* Who carries what ------------------------------------------------------------------------------------------------------- */

static struct bulk_carrier *carrier_of(struct bulk *bulk, size_t from, uint32_t subject,
                                       struct key128 identifier)
{
    for (size_t i = from; i < bulk->carrier_count; i++)
        if (key128_equal(bulk->carriers[i].identifier, identifier))
            return &bulk->carriers[i];
    bulk->carriers = array_room(bulk->carriers, bulk->carrier_count, &bulk->carrier_capacity,
                                sizeof(*bulk->carriers));
    struct bulk_carrier *carrier = &bulk->carriers[bulk->carrier_count++];
    *carrier = (struct bulk_carrier){.identifier = identifier, .subject = subject};
    return carrier;
}

static void add_identity(struct bulk *bulk, size_t from, uint32_t subject,
                         const struct bulk_identity *identity)
{
    for (size_t i = 0; i < identity->count; i++) {
        struct bulk_carrier *carrier = carrier_of(bulk, from, subject, identity->identifiers[i]);
        if (!identity->on_roster)
            continue;
        carrier->on_roster = true;
        if ((uint64_t)identity->name > (uint64_t)carrier->name)
            carrier->name = identity->name;
        if (key128_compare(identity->citizen, carrier->citizen) > 0)
            carrier->citizen = identity->citizen;
    }
}

static int compare_carriers(const void *a, const void *b)
{
    const struct bulk_carrier *x = a, *y = b;
    int order = key128_compare(x->identifier, y->identifier);
    return order ? order : (x->subject > y->subject) - (x->subject < y->subject);
}

static void find_carriers(struct bulk *bulk)
{
    for (uint32_t s = 0; s < bulk->subject_count; s++) {
        size_t from = bulk->carrier_count;
        erase_subject(&bulk->subjects[s]);
        for (struct bulk_dossier *d = bulk->subjects[s].first; d; d = d->next) {
            bulk_dossier_settle(d);
            struct bulk_identity identity;
            for (size_t at = 0; d->identity && bulk_identity_next(d, &at, &identity);)
                if (identity.connects)
                    add_identity(bulk, from, s, &identity);
        }
    }
    if (bulk->carrier_count)
        qsort(bulk->carriers, bulk->carrier_count, sizeof(*bulk->carriers), compare_carriers);
}

/* Persons ---------------------------------------------------------------------------------------------------------------- */

static uint32_t first_of(struct bulk *bulk, uint32_t subject)
{
    struct bulk_subject *s = bulk->subjects;
    while (s[subject].parent != subject)
        subject = s[subject].parent = s[s[subject].parent].parent;
    return subject;
}

/* The least subject names the person. */
static void connect(struct bulk *bulk, uint32_t a, uint32_t b)
{
    a = first_of(bulk, a);
    b = first_of(bulk, b);
    if (a == b)
        return;
    if (key128_compare(bulk->subjects[a].key, bulk->subjects[b].key) < 0)
        bulk->subjects[b].parent = a;
    else
        bulk->subjects[a].parent = b;
}

static bool run_links(const struct bulk *bulk, size_t begin, size_t end)
{
    struct identifier identifier = {.count = end - begin};
    identifier.carriers = must_have(calloc(end - begin, sizeof(struct carrier)));
    for (size_t i = begin; i < end; i++) {
        const struct bulk_carrier *c = &bulk->carriers[i];
        identifier.carriers[i - begin] =
            (struct carrier){bulk->subjects[c->subject].key, c->citizen, c->name, c->on_roster};
    }
    bool links = identifier_links(&identifier);
    free(identifier.carriers);
    return links;
}

/* In a range of people only some of those who carry an identifier are here. */
static bool unlinks(const struct bulk *bulk, size_t begin, size_t end)
{
    if (bulk->who)
        return key_table_get(&bulk->who->unlinking, bulk->carriers[begin].identifier) != NULL;
    return end - begin > 1 && !run_links(bulk, begin, end);
}

static void connect_run(struct bulk *bulk, size_t begin, size_t end)
{
    if (unlinks(bulk, begin, end)) {
        bulk->unlinking = array_room(bulk->unlinking, bulk->unlinking_count,
                                     &bulk->unlinking_capacity, sizeof(*bulk->unlinking));
        bulk->unlinking[bulk->unlinking_count++] = begin;
        return;
    }
    for (size_t i = begin + 1; i < end; i++)
        connect(bulk, bulk->carriers[begin].subject, bulk->carriers[i].subject);
}

size_t bulk_run_end(const struct bulk *bulk, size_t begin)
{
    size_t end = begin + 1;
    while (end < bulk->carrier_count &&
           key128_equal(bulk->carriers[end].identifier, bulk->carriers[begin].identifier))
        end++;
    return end;
}

static void connect_people(struct bulk *bulk)
{
    for (size_t begin = 0, end; begin < bulk->carrier_count; begin = end) {
        end = bulk_run_end(bulk, begin);
        connect_run(bulk, begin, end);
    }
    for (uint32_t i = 0; i < bulk->subject_count; i++) {
        uint32_t first = first_of(bulk, i);
        if (first == i) {
            bulk->people++;
            continue;
        }
        bulk->subjects[i].next = bulk->subjects[first].next;
        bulk->subjects[first].next = i;
    }
}

struct bulk *bulk_new(struct bulk_intake **intakes, size_t count, const struct rules *rules,
                      const struct bulk_who *who)
{
    struct bulk *bulk = must_have(calloc(1, sizeof(*bulk)));
    bulk->rules = rules;
    bulk->who = who;
    bulk->strings = strings_new();
    bulk->intake_count = count;
    for (size_t i = 0; i < count; i++) {
        bulk->intakes[i] = intakes[i];
        merge_strings(bulk, i);
    }
    for (size_t i = 1; i < count; i++)
        join_with_earlier(bulk, i);
    list_subjects(bulk);
    find_carriers(bulk);
    connect_people(bulk);
    return bulk;
}

void bulk_free(struct bulk *bulk)
{
    if (!bulk)
        return;
    for (size_t i = 0; i < bulk->subject_count; i++)
        for (struct bulk_dossier *d = bulk->subjects[i].first, *next; d; d = next) {
            next = d->next;
            free(d);
        }
    free(bulk->subjects);
    free(bulk->carriers);
    free(bulk->unlinking);
    for (size_t i = 0; i < bulk->intake_count; i++) {
        bulk_intake_free(bulk->intakes[i]);
        free(bulk->remap[i]);
    }
    strings_free(bulk->strings);
    free(bulk);
}

size_t bulk_people(const struct bulk *bulk)
{
    return bulk->people;
}
