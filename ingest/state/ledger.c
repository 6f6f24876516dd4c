#include "ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

#define CHUNK_BITS 14
#define CHUNK_SIZE (1U << CHUNK_BITS)
#define FIRST_SLOTS 1024U

struct ledger {
    struct ledger_entry **chunks;
    uint32_t *slots; /* index + 1; 0 = free */
    uint32_t chunk_count, chunk_room;
    uint32_t count;
    uint64_t slot_count; /* a power of two */
};

struct ledger *ledger_new(void)
{
    struct ledger *ledger = must_have(calloc(1, sizeof(*ledger)));
    ledger->slot_count = FIRST_SLOTS;
    ledger->slots = must_have(calloc(FIRST_SLOTS, sizeof(*ledger->slots)));
    return ledger;
}

void ledger_free(struct ledger *ledger)
{
    if (!ledger)
        return;
    for (uint32_t i = 0; i < ledger->chunk_count; i++)
        free(ledger->chunks[i]);
    free(ledger->chunks);
    free(ledger->slots);
    free(ledger);
}

struct ledger_entry *ledger_at(const struct ledger *ledger, uint32_t index)
{
    return &ledger->chunks[index >> CHUNK_BITS][index & (CHUNK_SIZE - 1)];
}

uint32_t ledger_count(const struct ledger *ledger)
{
    return ledger->count;
}

size_t ledger_bytes(const struct ledger *ledger)
{
    return ledger->chunk_count * (CHUNK_SIZE * sizeof(struct ledger_entry) + sizeof(void *)) +
           ledger->slot_count * sizeof(*ledger->slots);
}

/* The slot that holds the key, or the free one where it would go. The key is a hash already. */
static uint64_t slot_of(const struct ledger *ledger, struct key128 key)
{
    uint64_t mask = ledger->slot_count - 1, at = key.lo & mask;
    while (ledger->slots[at]) {
        const struct ledger_entry *e = ledger_at(ledger, ledger->slots[at] - 1);
        if (e->key.lo == key.lo && e->key.hi == key.hi)
            break;
        at = (at + 1) & mask;
    }
    return at;
}

uint32_t ledger_find(const struct ledger *ledger, struct key128 key)
{
    uint32_t held = ledger->slots[slot_of(ledger, key)];
    return held ? held - 1 : LEDGER_NONE;
}

static void grow_index(struct ledger *ledger)
{
    free(ledger->slots);
    ledger->slot_count *= 2;
    ledger->slots = must_have(calloc(ledger->slot_count, sizeof(*ledger->slots)));
    uint64_t mask = ledger->slot_count - 1;
    for (uint32_t i = 0; i < ledger->count; i++) {
        uint64_t at = ledger_at(ledger, i)->key.lo & mask;
        while (ledger->slots[at])
            at = (at + 1) & mask;
        ledger->slots[at] = i + 1;
    }
}

static void add_chunk(struct ledger *ledger)
{
    if (ledger->chunk_count == ledger->chunk_room) {
        ledger->chunk_room = ledger->chunk_room ? ledger->chunk_room * 2 : 16;
        ledger->chunks =
            must_have(realloc(ledger->chunks, ledger->chunk_room * sizeof(*ledger->chunks)));
    }
    ledger->chunks[ledger->chunk_count++] =
        must_have(malloc(CHUNK_SIZE * sizeof(struct ledger_entry)));
}

uint32_t ledger_insert(struct ledger *ledger, struct key128 key)
{
    if (ledger->count >= UINT32_MAX - 1)
        must_have(NULL);
    if ((uint64_t)ledger->count + 1 > ledger->slot_count / 5 * 4)
        grow_index(ledger);
    if (ledger->count >> CHUNK_BITS == ledger->chunk_count)
        add_chunk(ledger);
    uint32_t index = ledger->count++;
    ledger->slots[slot_of(ledger, key)] = index + 1;
    struct ledger_entry *e = ledger_at(ledger, index);
    memset(e, 0, sizeof(*e));
    e->key = key;
    e->next = LEDGER_NONE;
    ledger_set_offset(e, LEDGER_NO_OFFSET);
    return index;
}

void ledger_set_misses(struct ledger_entry *e, unsigned misses)
{
    if (misses > LEDGER_KEPT)
        misses = LEDGER_KEPT;
    e->detail = (uint8_t)((e->detail & 15U) | misses << 4);
}

unsigned ledger_miss(struct ledger_entry *e)
{
    if (ledger_misses(e) < LEDGER_MOST_SWEEPS)
        ledger_set_misses(e, ledger_misses(e) + 1);
    return ledger_misses(e);
}

void ledger_set_offset(struct ledger_entry *e, int64_t offset)
{
    if (offset < 0 || offset > LEDGER_NO_OFFSET)
        offset = LEDGER_NO_OFFSET;
    e->offset_low = (uint32_t)((uint64_t)offset & UINT32_MAX);
    e->offset_high = (uint8_t)((uint64_t)offset >> 32);
}

static int64_t later(int64_t last, int64_t now)
{
    return now > last ? now : last + 1;
}

static struct ledger_verdict compare_total(const struct ledger_entry *entry,
                                           const struct ledger_sight *sight)
{
    struct ledger_verdict v = {
        .change = LEDGER_UNCHANGED, .revision = entry->revision, .previous = 0, .since = entry->since};
    bool gone = ledger_is(entry, LEDGER_GONE);
    if (!gone && entry->fingerprint == sight->fingerprint)
        return v;
    int32_t last_day = (int32_t)entry->since;
    if (sight->day < last_day)
        return v;
    v.change = gone ? LEDGER_NEW : LEDGER_CHANGED;
    v.previous = sight->day == last_day ? entry->revision : 0;
    v.revision = later(entry->revision, sight->now_us);
    v.since = (uint32_t)sight->day;
    return v;
}

struct ledger_verdict ledger_compare(const struct ledger_entry *entry,
                                     const struct ledger_sight *sight)
{
    uint32_t now = (uint32_t)(sight->seen_us / 1000000);
    if (!entry)
        return (struct ledger_verdict){.change = LEDGER_NEW,
                                       .revision = later(0, sight->now_us),
                                       .since = sight->total ? (uint32_t)sight->day : now};
    if (sight->total)
        return compare_total(entry, sight);
    if (ledger_is(entry, LEDGER_GONE))
        return (struct ledger_verdict){.change = LEDGER_NEW,
                                       .revision = later(entry->revision, sight->now_us),
                                       .previous = entry->revision,
                                       .since = now};
    if (entry->fingerprint == sight->fingerprint && !(sight->dated && now < entry->since))
        return (struct ledger_verdict){
            .change = LEDGER_UNCHANGED, .revision = entry->revision, .since = entry->since};
    bool stays = entry->status == sight->status && !sight->dated;
    return (struct ledger_verdict){.change = LEDGER_CHANGED,
                                   .revision = later(entry->revision, sight->now_us),
                                   .previous = entry->revision,
                                   .since = stays ? entry->since : now};
}

struct ledger_verdict ledger_remove(const struct ledger_entry *entry, int64_t now_us)
{
    return (struct ledger_verdict){.change = LEDGER_CHANGED,
                                   .revision = later(entry->revision, now_us),
                                   .previous = entry->revision,
                                   .since = entry->since};
}
