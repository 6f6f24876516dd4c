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

/* Adds what `from` says in terms of the strings of all. */
static struct bulk_facts *with_global_strings(struct bulk *bulk, struct bulk_facts *into,
                                              const struct bulk_facts *from)
{
    struct bulk_store *store = &bulk->intakes[0]->store;
    const uint32_t *remap = bulk_remap_of(bulk, from);
    struct bulk_scratch scratch = {0};
    struct bulk_fact fact;
    for (; from; from = from->older)
        for (size_t at = 0; bulk_record_next(from, &at, bulk->rules, remap, &scratch, &fact);) {
            into = bulk_facts_add(store, into, GLOBAL_STRINGS, &fact);
            bulk_scratch_clear(&scratch);
        }
    bulk_scratch_release(&scratch);
    return into;
}

/* A subject's events are in one partition, unless their number was changed or somebody else writes there too. */
static void join_subject(struct bulk *bulk, struct bulk_slot *into, struct bulk_slot *from)
{
    bool named = into->facts->named || from->facts->named;
    if (into->facts->total == 0) {
        into->facts = from->facts;
    } else if (from->facts->total > 0) {
        if (into->facts->intake != GLOBAL_STRINGS)
            into->facts = with_global_strings(bulk, NULL, into->facts);
        into->facts = with_global_strings(bulk, into->facts, from->facts);
    }
    into->facts->named = named;
    from->facts = &bulk_moved;
}

static void join_with_earlier(struct bulk *bulk, size_t number)
{
    struct bulk_intake *intake = bulk->intakes[number];
    for (size_t i = 0; i < intake->capacity; i++)
        for (size_t k = 0;
             k < number && intake->slots[i].facts && intake->slots[i].facts != &bulk_moved; k++) {
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
            if (!intake->slots[k].facts || intake->slots[k].facts == &bulk_moved)
                continue;
            uint32_t number = (uint32_t)bulk->subject_count++;
            bulk->subjects[number] =
                (struct bulk_subject){intake->slots[k].key, intake->slots[k].facts, number, NOBODY};
        }
        free(intake->slots);
        intake->slots = NULL;
        intake->capacity = intake->count = 0;
    }
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
    for (size_t i = begin; i < end; i++)
        identifier.carriers[i - begin] = bulk_carrier_at(bulk, i);
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

static void connect_people(struct bulk *bulk)
{
    enum { AHEAD = 16 };
    for (size_t begin = 0, end; begin < bulk->carrier_count; begin = end) {
        end = bulk_run_end(bulk, begin);
        if (end + AHEAD < bulk->carrier_count)
            __builtin_prefetch(&bulk->subjects[bulk->carriers[end + AHEAD].subject], 1);
        connect_run(bulk, begin, end);
    }
    for (uint32_t i = 0; i < bulk->subject_count; i++) {
        uint32_t first = first_of(bulk, i);
        if (first == i) {
            bulk->people++;
            continue;
        }
        bulk->subjects[i].parent = first;
        bulk->subjects[i].next = bulk->subjects[first].next;
        bulk->subjects[first].next = i;
    }
}

/* Order of counting ------------------------------------------------------------------------------------------------------ */

/* People of a unit one after the other: they count in the same rows of figures, which stay in the nearest caches meanwhile. */
static void put_in_order(struct bulk *bulk, const uint32_t *units)
{
    size_t unit_count = strings_count(bulk->strings), place = 0;
    uint32_t *places = must_have(calloc(unit_count, sizeof(*places)));
    uint32_t *of_person = must_have(calloc(bulk->subject_count + 1, sizeof(*of_person)));
    bulk->order = must_have(malloc((bulk->subject_count + 1) * sizeof(*bulk->order)));
    for (uint32_t i = 0; i < bulk->subject_count; i++) {
        uint32_t *unit = &of_person[bulk->subjects[i].parent];
        *unit = *unit > units[i] ? *unit : units[i];
    }
    for (uint32_t i = 0; i < bulk->subject_count; i++)
        places[of_person[bulk->subjects[i].parent]]++;
    for (size_t unit = 0; unit < unit_count; unit++) {
        size_t count = places[unit];
        places[unit] = (uint32_t)place;
        place += count;
    }
    for (uint32_t i = 0; i < bulk->subject_count; i++) {
        if (bulk->subjects[i].parent != i)
            continue;
        for (uint32_t s = i; s != NOBODY; s = bulk->subjects[s].next)
            bulk->order[places[of_person[i]]++] = s;
    }
    free(of_person);
    free(places);
}

static void find_people(struct bulk *bulk)
{
    uint32_t *units = must_have(calloc(bulk->subject_count + 1, sizeof(*units)));
    bulk_find_carriers(bulk, units);
    connect_people(bulk);
    put_in_order(bulk, units);
    free(units);
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
    for (size_t i = 0; who && count && i < who->apart.count; i++)
        bulk_name_account(bulk->intakes[0], who->apart.keys[i]);
    for (size_t i = 1; i < count; i++)
        join_with_earlier(bulk, i);
    list_subjects(bulk);
    find_people(bulk);
    return bulk;
}

void bulk_free(struct bulk *bulk)
{
    if (!bulk)
        return;
    free(bulk->order);
    free(bulk->subjects);
    free(bulk->carriers);
    free(bulk->citizens);
    free(bulk->unlinking);
    for (size_t i = 0; i < bulk->intake_count; i++) {
        bulk_intake_free(bulk->intakes[i]);
        free(bulk->remap[i]);
    }
    strings_free(bulk->strings);
    free(bulk);
}

void bulk_forget_carriers(struct bulk *bulk)
{
    free(bulk->carriers);
    free(bulk->citizens);
    bulk->carriers = NULL;
    bulk->citizens = NULL;
    bulk->carrier_count = bulk->carrier_capacity = 0;
    bulk->citizen_count = bulk->citizen_capacity = 0;
}

void bulk_forget_facts(struct bulk *bulk)
{
    for (size_t i = 0; i < bulk->intake_count; i++)
        bulk_store_release(&bulk->intakes[i]->store);
}

size_t bulk_people(const struct bulk *bulk)
{
    return bulk->people;
}
