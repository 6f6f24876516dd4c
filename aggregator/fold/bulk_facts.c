/* Facts of a subject, records one behind the other. While they are few, an entity told again is looked for and takes its record's place; of
 * many it is found when a block is full. */
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "bulk_private.h"

#define LEAST_RECORD 25 /* bytes */

size_t bulk_facts_at_most(const struct bulk_facts *facts)
{
    return facts->total / LEAST_RECORD;
}

static void append(struct bulk_facts *facts, const uint8_t *record, size_t length)
{
    memcpy(facts->records + facts->used, record, length);
    facts->used += (uint32_t)length;
    facts->total += (uint32_t)length;
}

static void cut_out(struct bulk_facts *facts, uint8_t *record)
{
    size_t length = bulk_head_of(record).bytes;
    facts->used -= (uint32_t)length;
    facts->total -= (uint32_t)length;
    memmove(record, record + length, (size_t)(facts->records + facts->used - record));
}

/* Settling --------------------------------------------------------------------------------------------------------------- */

#define NEAR_SLOTS 256

/* One record of each entity, by the entity's hash. */
struct known {
    uint8_t **slots;
    size_t mask;
    uint8_t *near[NEAR_SLOTS];
};

static void know(struct known *known, size_t records)
{
    size_t slots = NEAR_SLOTS;
    while (slots < 2 * records)
        slots *= 2;
    known->mask = slots - 1;
    known->slots = known->near;
    if (slots > NEAR_SLOTS)
        known->slots = must_have(calloc(slots, sizeof(*known->slots)));
    else
        memset(known->near, 0, sizeof(known->near));
}

static void forget(struct known *known)
{
    if (known->slots != known->near)
        free(known->slots);
}

/* The one of its entity that counts stays, in the older of the two places if it fits there: so newer blocks get room. */
static void settle_record(struct known *known, uint8_t *record)
{
    const struct bulk_head head = bulk_head_of(record);
    for (size_t at = (size_t)head.entity & known->mask;; at = (at + 1) & known->mask) {
        uint8_t **slot = &known->slots[at];
        if (!*slot) {
            *slot = record;
            return;
        }
        enum bulk_standing standing = bulk_record_against(record, *slot);
        if (standing == BULK_OF_ANOTHER)
            continue;
        if (standing == BULK_YIELDS && head.bytes != bulk_head_of(*slot).bytes) {
            bulk_record_void(record);
            return;
        }
        if (standing == BULK_YIELDS)
            memcpy(record, *slot, head.bytes);
        bulk_record_void(*slot);
        *slot = record;
        return;
    }
}

static void sweep(struct bulk_facts *block)
{
    uint32_t used = 0;
    for (size_t at = 0, length; at < block->used; at += length) {
        const struct bulk_head head = bulk_head_of(block->records + at);
        length = head.bytes;
        if (head.kind == BULK_VOID)
            continue;
        if (used < at)
            memmove(block->records + used, block->records + at, length);
        used += (uint32_t)length;
    }
    block->used = used;
}

#define LINE 64
#define FULL 64 /* bytes of room: the next record or the one after will find none */

static void ask_for(const struct bulk_facts *block)
{
    for (size_t at = 0; at < block->used; at += LINE)
        __builtin_prefetch(block->records + at, 1);
}

/* Blocks stand anywhere in memory, and each says where the next one is: those of several subjects are asked for side by side. */
void bulk_facts_look_ahead(struct bulk_facts **subjects, size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++)
        if (subjects[i] && subjects[i]->older && subjects[i]->capacity - subjects[i]->used < FULL)
            subjects[left++] = subjects[i];
    while (left > 0) {
        size_t more = 0;
        for (size_t i = 0; i < left; i++) {
            struct bulk_facts *block = subjects[i];
            ask_for(block);
            if (block->older) {
                __builtin_prefetch(block->older, 1);
                subjects[more++] = block->older;
            }
        }
        left = more;
    }
}

void bulk_facts_settle(struct bulk_facts *facts)
{
    struct known known;
    if (facts->settled == facts->total)
        return;
    for (const struct bulk_facts *block = facts; block; block = block->older)
        ask_for(block);
    know(&known, bulk_facts_at_most(facts));
    for (struct bulk_facts *block = facts; block; block = block->older)
        for (size_t at = 0; at < block->used; at += bulk_head_of(block->records + at).bytes)
            settle_record(&known, block->records + at);
    forget(&known);
    facts->total = 0;
    for (struct bulk_facts *block = facts; block; block = block->older) {
        sweep(block);
        facts->total += block->used;
    }
    facts->settled = facts->total;
}

void bulk_facts_erase(struct bulk_facts *facts)
{
    for (const struct bulk_facts *block = facts; block; block = block->older)
        for (size_t at = 0, length; at < block->used; at += length) {
            const struct bulk_head head = bulk_head_of(block->records + at);
            length = head.bytes;
            if (head.kind != FACT_ERASED)
                continue;
            memmove(facts->records, block->records + at, length);
            facts->used = facts->total = facts->settled = (uint32_t)length;
            facts->identity = false;
            facts->older = NULL; /* the store's, until all of it goes */
            return;
        }
}

/* Adding ----------------------------------------------------------------------------------------------------------------- */

/* A block with room for that, in the place of the older ones or before them. */
static struct bulk_facts *new_block(struct bulk_store *store, size_t least, size_t most)
{
    size_t bytes = bulk_store_best(store, bulk_store_rounded(sizeof(struct bulk_facts) + least),
                                   bulk_store_rounded(sizeof(struct bulk_facts) + most));
    struct bulk_facts *block = bulk_store_take(store, bytes);
    *block = (struct bulk_facts){.capacity = (uint32_t)(bytes - sizeof(*block))};
    return block;
}

/* Moving leaves behind a block that only those with less can use, and the more there is the more it costs: so a few hundred bytes move, and
 * more stays where it is. */
#define MOVED_MOST (384 - sizeof(struct bulk_facts))

static struct bulk_facts *with_room(struct bulk_store *store, struct bulk_facts *facts, size_t length)
{
    size_t wanted = facts->total + length;
    if (wanted > UINT32_MAX)
        abort(); /* gigabytes of one person's facts */
    bool moves = !facts->older && wanted <= MOVED_MOST;
    size_t share = facts->total / 2; /* who has many gets room for more */
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

/* False: the record is to be appended. Else its entity is there, and what counts stands in its place. */
static bool take_place(struct bulk_facts *facts, const uint8_t *record, size_t length)
{
    for (size_t at = 0; at < facts->used;) {
        uint8_t *held = facts->records + at;
        enum bulk_standing standing = bulk_record_against(record, held);
        if (standing == BULK_YIELDS)
            return true;
        size_t held_length = bulk_head_of(held).bytes;
        if (standing == BULK_SUPERSEDES && held_length == length) {
            memcpy(held, record, length);
            return true;
        }
        if (standing == BULK_SUPERSEDES) {
            cut_out(facts, held);
            return false;
        }
        at += held_length;
    }
    return false;
}

static bool has_room(const struct bulk_facts *facts, size_t length)
{
    return facts->capacity - facts->used >= length;
}

/* All are looked through for what was told again: not for each fact that finds no room, but the seldomer the more there are. */
static bool is_worth_settling(const struct bulk_facts *facts)
{
    return facts->total - facts->settled >= facts->settled / 8;
}

struct bulk_facts *bulk_facts_none(struct bulk_store *store, size_t intake)
{
    struct bulk_facts *facts = new_block(store, 0, 0);
    facts->intake = (uint8_t)intake;
    return facts;
}

struct bulk_facts *bulk_facts_add(struct bulk_store *store, struct bulk_facts *facts, size_t intake,
                                  const struct bulk_fact *fact)
{
    uint8_t record[BULK_RECORD_MOST];
    size_t length = bulk_record_put(record, fact);
    bool few = !facts || !facts->older;
    if (!facts) {
        facts = new_block(store, length, length);
        facts->intake = (uint8_t)intake;
    } else if (few && take_place(facts, record, length)) {
        return facts;
    }
    if (!few && !has_room(facts, length) && is_worth_settling(facts))
        bulk_facts_settle(facts);
    if (!has_room(facts, length))
        facts = with_room(store, facts, length);
    append(facts, record, length);
    if (few)
        facts->settled = facts->total;
    facts->identity |= fact->fact.identity != NULL;
    facts->erased |= fact->fact.kind == FACT_ERASED;
    return facts;
}
