/* Who carries which identifier, once all facts are in. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "bulk_private.h"

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

struct carrier bulk_carrier_at(const struct bulk *bulk, size_t at)
{
    const struct bulk_carrier *c = &bulk->carriers[at];
    return (struct carrier){.subject = bulk->subjects[c->subject].key,
                            .citizen = c->roster > 1 ? bulk->citizens[c->roster - 2]
                                                     : (struct key128){0, 0},
                            .name = c->name,
                            .on_roster = c->roster > 0};
}

static void add_citizen(struct bulk *bulk, struct bulk_carrier *carrier, struct key128 citizen)
{
    if (!citizen.hi && !citizen.lo)
        return;
    if (carrier->roster > 1) {
        struct key128 *held = &bulk->citizens[carrier->roster - 2];
        *held = key128_compare(citizen, *held) > 0 ? citizen : *held;
        return;
    }
    bulk->citizens = array_room(bulk->citizens, bulk->citizen_count, &bulk->citizen_capacity,
                                sizeof(*bulk->citizens));
    bulk->citizens[bulk->citizen_count] = citizen;
    carrier->roster = (uint32_t)(2 + bulk->citizen_count++);
}

static void add_identity(struct bulk *bulk, size_t from, uint32_t subject,
                         const struct bulk_identity *identity)
{
    for (size_t i = 0; i < identity->count; i++) {
        struct bulk_carrier *carrier = carrier_of(bulk, from, subject, identity->identifiers[i]);
        if (!identity->on_roster)
            continue;
        if (!carrier->roster)
            carrier->roster = 1;
        if ((uint64_t)identity->name > (uint64_t)carrier->name)
            carrier->name = identity->name;
        add_citizen(bulk, carrier, identity->citizen);
    }
}

static int compare_carriers(const void *a, const void *b)
{
    const struct bulk_carrier *x = a, *y = b;
    int order = key128_compare(x->identifier, y->identifier);
    return order ? order : (x->subject > y->subject) - (x->subject < y->subject);
}

enum { SHARES = 256 };

static size_t share_of(const struct bulk_carrier *carrier)
{
    return carrier->identifier.hi >> 56;
}

/* Puts each carrier into its share: those whose identifiers begin with one byte. `ends` is left as where each share ends. */
static void put_into_shares(struct bulk_carrier *carriers, size_t count, size_t ends[SHARES])
{
    size_t nexts[SHARES], end = 0;
    memset(ends, 0, SHARES * sizeof(*ends));
    for (size_t i = 0; i < count; i++)
        ends[share_of(&carriers[i])]++;
    for (size_t share = 0; share < SHARES; share++) {
        nexts[share] = end;
        ends[share] = end += ends[share];
    }
    for (size_t share = 0; share < SHARES; share++)
        while (nexts[share] < ends[share]) {
            struct bulk_carrier carrier = carriers[nexts[share]];
            for (size_t to; (to = share_of(&carrier)) != share;) {
                struct bulk_carrier other = carriers[nexts[to]];
                carriers[nexts[to]++] = carrier;
                carrier = other;
            }
            carriers[nexts[share]++] = carrier;
        }
}

/* qsort takes as much memory again as what it sorts; of a share that is little. Identifiers are hashes: the shares are of one size. */
static void sort_carriers(struct bulk *bulk)
{
    size_t ends[SHARES], begin = 0;
    put_into_shares(bulk->carriers, bulk->carrier_count, ends);
    for (size_t share = 0; share < SHARES; begin = ends[share++])
        if (ends[share] > begin)
            qsort(bulk->carriers + begin, ends[share] - begin, sizeof(*bulk->carriers),
                  compare_carriers);
}

/* From that place on the subject's own carriers stand. */
static void note_named(struct bulk *bulk, size_t from, uint32_t subject)
{
    size_t count = bulk->carrier_count;
    struct bulk_carrier *carrier = carrier_of(bulk, from, subject, bulk->subjects[subject].key);
    if (bulk->carrier_count == count)
        return;
    carrier->roster = IF_NAMED;
    bulk->if_named++;
}

/* Of the texts of all; 0: on no roster. */
static uint32_t note_carried(struct bulk *bulk, size_t from, uint32_t subject)
{
    struct bulk_facts *facts = bulk->subjects[subject].facts;
    const uint32_t *remap = bulk_remap_of(bulk, facts);
    struct bulk_identity identity;
    uint32_t unit = 0;
    bulk_facts_settle(facts);
    for (; facts; facts = facts->older)
        for (size_t at = 0; bulk_identity_next(facts, &at, &identity);) {
            if (!identity.connects)
                continue;
            add_identity(bulk, from, subject, &identity);
            if (identity.on_roster)
                unit = remap ? remap[identity.unit] : identity.unit;
        }
    return unit;
}

static uint32_t note_identities(struct bulk *bulk, uint32_t subject)
{
    struct bulk_facts *facts = bulk->subjects[subject].facts;
    size_t from = bulk->carrier_count;
    if (facts->erased) /* has no other fact, whenever it came */
        bulk_facts_erase(facts);
    uint32_t unit = facts->identity ? note_carried(bulk, from, subject) : 0;
    if (facts->named && !facts->erased)
        note_named(bulk, from, subject);
    return unit;
}

size_t bulk_run_end(const struct bulk *bulk, size_t begin)
{
    size_t end = begin + 1;
    while (end < bulk->carrier_count &&
           key128_equal(bulk->carriers[end].identifier, bulk->carriers[begin].identifier))
        end++;
    return end;
}

/* In a range of people those who name an account that is nobody's are elsewhere. */
static bool is_named(const struct bulk *bulk, size_t begin, size_t end)
{
    return end - begin > 1 ||
           (bulk->who && key_table_get(&bulk->who->unlinking, bulk->carriers[begin].identifier));
}

/* Accounts carry their own keys where somebody names them, and elsewhere not. */
static void settle_named(struct bulk *bulk)
{
    size_t kept = 0;
    for (size_t begin = 0, end; begin < bulk->carrier_count; begin = end) {
        end = bulk_run_end(bulk, begin);
        bool named = is_named(bulk, begin, end);
        for (size_t i = begin; i < end; i++) {
            struct bulk_carrier carrier = bulk->carriers[i];
            if (carrier.roster == IF_NAMED && !named)
                continue;
            carrier.roster = carrier.roster == IF_NAMED ? 0 : carrier.roster;
            bulk->carriers[kept++] = carrier;
        }
    }
    bulk->carrier_count = kept;
}

void bulk_find_carriers(struct bulk *bulk, uint32_t *units)
{
    enum { STEP = 8, LINE = 64, LINES = 6 };
    for (uint32_t s = 0; s < bulk->subject_count; s++) {
        for (size_t line = 0; s + STEP < bulk->subject_count && line < LINES; line++)
            __builtin_prefetch((const uint8_t *)bulk->subjects[s + STEP].facts + line * LINE);
        units[s] = note_identities(bulk, s);
    }
    sort_carriers(bulk);
    if (bulk->if_named)
        settle_named(bulk);
}
