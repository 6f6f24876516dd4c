/* Facts of a subject, records one behind the other. An entity told again is looked for and takes its record's place; where there are so
 * many that looking through them would take longer than all else, it is found when they have doubled. */
#include <stdlib.h>
#include <string.h>

#include "bulk_private.h"

/* Bytes up to which each one is looked for. */
#define SEARCHED_MOST 4096
#define LEAST_RECORD 25 /* bytes */

size_t bulk_facts_at_most(const struct bulk_facts *facts)
{
    return facts->total / LEAST_RECORD;
}

/* Settling --------------------------------------------------------------------------------------------------------------- */

/* By training and entity, the one that counts first. */
static int compare_facts(const void *a, const void *b)
{
    const struct bulk_fact *x = a, *y = b;
    if (x->training != y->training)
        return x->training < y->training ? -1 : 1;
    if (x->fact.entity != y->fact.entity)
        return x->fact.entity < y->fact.entity ? -1 : 1;
    return fact_supersedes(&x->fact, &y->fact) ? -1 : fact_supersedes(&y->fact, &x->fact);
}

static bool same_entity(const struct bulk_fact *a, const struct bulk_fact *b)
{
    return a->training == b->training && a->fact.entity == b->fact.entity;
}

/* A block with room for that, in the place of the older ones or before them. */
static struct bulk_facts *new_block(struct bulk_store *store, size_t least, size_t most)
{
    size_t bytes = bulk_store_best(store, bulk_store_rounded(sizeof(struct bulk_facts) + least),
                                   bulk_store_rounded(sizeof(struct bulk_facts) + most));
    struct bulk_facts *block = bulk_store_take(store, bytes);
    *block = (struct bulk_facts){.capacity = (uint32_t)(bytes - sizeof(*block))};
    return block;
}

static void give_blocks(struct bulk_store *store, struct bulk_facts *facts)
{
    for (struct bulk_facts *older; facts; facts = older) {
        older = facts->older;
        bulk_store_give(store, facts, sizeof(*facts) + facts->capacity);
    }
}

static void append(struct bulk_facts *facts, const uint8_t *record, size_t length)
{
    memcpy(facts->records + facts->used, record, length);
    facts->used += (uint32_t)length;
    facts->total += (uint32_t)length;
}

static struct bulk_facts *settle(struct bulk_store *store, struct bulk_facts *facts,
                                 const struct rules *rules)
{
    struct bulk_scratch scratch = {0};
    struct bulk_fact *held =
        bulk_scratch_take(&scratch, (bulk_facts_at_most(facts) + 1) * sizeof(*held));
    size_t count = 0;
    for (const struct bulk_facts *block = facts; block; block = block->older)
        for (size_t at = 0; bulk_record_next(block, &at, rules, NULL, &scratch, &held[count]);)
            count++;
    qsort(held, count, sizeof(*held), compare_facts);
    struct bulk_facts *settled = new_block(store, facts->total, facts->total);
    settled->intake = facts->intake;
    settled->identity = facts->identity;
    settled->erased = facts->erased;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && same_entity(&held[i], &held[i - 1]))
            continue;
        uint8_t record[BULK_RECORD_MOST];
        append(settled, record, bulk_record_put(record, &held[i]));
    }
    settled->settled = settled->total;
    give_blocks(store, facts);
    bulk_scratch_release(&scratch);
    return settled;
}

struct bulk_facts *bulk_facts_settle(struct bulk_store *store, struct bulk_facts *facts,
                                     const struct rules *rules)
{
    return facts->settled < facts->total ? settle(store, facts, rules) : facts;
}

void bulk_facts_erase(struct bulk_facts *facts)
{
    uint8_t kind = 0;
    for (const struct bulk_facts *block = facts; block; block = block->older)
        for (size_t at = 0, length; at < block->used; at += length) {
            uint64_t entity;
            length = bulk_record_look(block, at, &entity, &kind);
            if (kind != FACT_ERASED)
                continue;
            memmove(facts->records, block->records + at, length);
            facts->used = facts->total = facts->settled = (uint32_t)length;
            facts->identity = false;
            facts->older = NULL; /* the store's, until all of it goes */
            return;
        }
}

/* Adding ----------------------------------------------------------------------------------------------------------------- */

/* Moving leaves behind a block that only those with less can use, and the more there is the more it costs: so a few hundred bytes move, and
 * more stays where it is. */
#define MOVED_MOST (384 - sizeof(struct bulk_facts))

static struct bulk_facts *with_room(struct bulk_store *store, struct bulk_facts *facts, size_t length)
{
    size_t wanted = facts->total + length;
    if (wanted > UINT32_MAX)
        abort(); /* gigabytes of one person's facts */
    bool moves = !facts->older && wanted <= MOVED_MOST;
    size_t share = facts->total / 4; /* who has many gets room for more */
    struct bulk_facts *block = moves ? new_block(store, wanted, wanted)
                                     : new_block(store, length, length > share ? length : share);
    uint32_t capacity = block->capacity;
    if (moves) {
        memcpy(block, facts, sizeof(*facts) + facts->used);
        bulk_store_give(store, facts, sizeof(*facts) + facts->capacity);
    } else {
        *block = *facts;
        block->older = facts;
        block->used = 0;
    }
    block->capacity = capacity;
    return block;
}

static void cut_out(struct bulk_facts *facts, struct bulk_facts *block, size_t at, size_t length)
{
    block->used -= (uint32_t)length;
    memmove(block->records + at, block->records + at + length, block->used - at);
    facts->total -= (uint32_t)length;
}

/* False: the record is to be appended. Else the entity is there, and what counts stands in its place. */
static bool take_place(struct bulk_facts *facts, const struct bulk_fact *fact,
                       const uint8_t *record, size_t length)
{
    size_t at = 0;
    struct bulk_facts *block = facts;
    while (block && !bulk_record_find(block, fact, &at))
        block = block->older;
    if (!block)
        return false;
    if (!bulk_record_yields(block, at, fact))
        return true;
    uint64_t entity;
    uint8_t kind;
    size_t held = bulk_record_look(block, at, &entity, &kind);
    if (held == length)
        memcpy(block->records + at, record, length);
    else
        cut_out(facts, block, at, held);
    return held == length;
}

static struct bulk_facts *settle_doubled(struct bulk_store *store, struct bulk_facts *facts,
                                         const struct rules *rules)
{
    if (facts->total <= SEARCHED_MOST || facts->total < 2 * facts->settled)
        return facts;
    return settle(store, facts, rules);
}

struct bulk_facts *bulk_facts_add(struct bulk_store *store, struct bulk_facts *facts, size_t intake,
                                  const struct rules *rules, const struct bulk_fact *fact)
{
    uint8_t record[BULK_RECORD_MOST];
    size_t length = bulk_record_put(record, fact);
    bool searched = !facts || facts->total <= SEARCHED_MOST;
    if (!facts) {
        facts = new_block(store, length, length);
        facts->intake = (uint8_t)intake;
    } else if (searched && take_place(facts, fact, record, length)) {
        return facts;
    }
    if (facts->used + length > facts->capacity)
        facts = settle_doubled(store, facts, rules);
    if (facts->used + length > facts->capacity)
        facts = with_room(store, facts, length);
    append(facts, record, length);
    if (searched)
        facts->settled = facts->total;
    facts->identity |= fact->fact.identity != NULL;
    facts->erased |= fact->fact.kind == FACT_ERASED;
    return facts;
}
