/* What is taken back, and what the ledger says of one entity. */
#include <string.h>

#include "../../common/clock.h"
#include "shard_internal.h"

/* Where the entity's newest state record stands in the batch in the making, -1 if not there. */
static int64_t record_in_making(const struct shard *shard, uint32_t index)
{
    if (ledger_is(ledger_at(shard->memory->ledger, index), LEDGER_DIRTY))
        for (size_t i = shard->making->count; i-- > 0;)
            if (shard->making->records[i].entry == index)
                return (int64_t)i;
    return -1;
}

static void take_back(struct shard *shard, uint32_t index, enum event_type removing_type,
                      int64_t now_us)
{
    struct ledger_entry *entry = ledger_at(shard->memory->ledger, index);
    int64_t stored = record_in_making(shard, index);
    struct ledger_verdict verdict = ledger_remove(entry, now_us);
    struct batch_removal *removal =
        batch_add_removal(shard->making, shard->settings.partition, index);
    removal->entity = entry->key;
    removal->stored_record = stored;
    removal->revision = verdict.revision;
    removal->previous = verdict.previous;
    removal->seen_us = shard->seen_us > 0 ? shard->seen_us : now_us;
    removal->type = removing_type;
    entry->revision = verdict.revision;
    entry->fingerprint = 0;
    if (!ledger_is(entry, LEDGER_TOTAL))
        entry->since = (uint32_t)(removal->seen_us / 1000000);
    ledger_set_misses(entry, 0);
    ledger_set(entry, LEDGER_DIRTY, true);
    memory_set_force(shard->memory, entry, false, ledger_is(entry, LEDGER_DEAD));
}

void shard_remove_entry(struct shard *shard, uint32_t index, enum event_type removing_type,
                        int64_t now_us)
{
    if (!ledger_is(ledger_at(shard->memory->ledger, index), LEDGER_GONE))
        take_back(shard, index, removing_type, now_us);
}

static uint32_t find(const struct shard *shard, const char *entity)
{
    return shard->memory ? ledger_find(shard->memory->ledger, key128_of(entity, strlen(entity)))
                         : LEDGER_NONE;
}

void shard_remove(struct shard *shard, const struct stream_spec *stream, const char *source,
                  const char *substream, const char *entity, enum event_type removing_type)
{
    (void)stream, (void)source, (void)substream; /* the record says them */
    uint32_t index = find(shard, entity);
    if (index != LEDGER_NONE)
        shard_remove_entry(shard, index, removing_type, clock_now_us());
}

/* Its removal in the batch in the making, NULL if it is not there. */
static struct batch_removal *removal_in_making(const struct shard *shard, uint32_t index)
{
    struct batch *batch = shard->making;
    int64_t at = record_in_making(shard, index);
    for (size_t i = batch->removal_count; at >= 0 && i-- > 0;)
        if ((int64_t)batch->removals[i].record + 1 == at)
            return &batch->removals[i];
    return NULL;
}

void shard_remove_earlier(struct shard *shard, struct key128 entity)
{
    int64_t seen_us = shard_seen_us(shard);
    uint32_t index = shard->memory ? ledger_find(shard->memory->ledger, entity) : LEDGER_NONE;
    struct ledger_entry *entry =
        index == LEDGER_NONE ? NULL : ledger_at(shard->memory->ledger, index);
    /* without a revision: forgotten for an erasure, and in no record any more */
    if (!entry || !ledger_is(entry, LEDGER_GONE) || entry->revision == 0 ||
        ledger_is(entry, LEDGER_TOTAL) || entry->since <= seen_us / 1000000)
        return;
    struct batch_removal *removal = removal_in_making(shard, index);
    if (!removal) {
        take_back(shard, index, EVENT_UNKNOWN, clock_now_us());
        return;
    }
    removal->seen_us = seen_us;
    entry->since = (uint32_t)(seen_us / 1000000);
}

void shard_accept(struct shard *shard, const struct stream_spec *stream, const char *source,
                  const char *substream, const char *entity)
{
    shard_remove(shard, stream, source, substream, entity, EVENT_RECORD_ACCEPTED);
}

void shard_see(struct shard *shard, const char *entity)
{
    uint32_t index = find(shard, entity);
    struct ledger_entry *entry =
        index == LEDGER_NONE ? NULL : ledger_at(shard->memory->ledger, index);
    if (entry && !ledger_is(entry, LEDGER_GONE) &&
        !memory_was_withdrawn(shard->memory->substreams[entry->substream], entry))
        memory_see(shard->memory, entry);
}

bool shard_withdraw(struct shard *shard, const struct stream_spec *stream, const char *source,
                    const char *substream, const char *entity)
{
    uint32_t index = find(shard, entity);
    struct ledger_entry *entry =
        index == LEDGER_NONE ? NULL : ledger_at(shard->memory->ledger, index);
    if (!entry || ledger_is(entry, LEDGER_GONE))
        return true;
    const struct substream *swept =
        memory_find_substream(shard->memory, source, stream->name, substream);
    const struct substream *held = shard->memory->substreams[entry->substream];
    if (memory_was_told(held, entry))
        return false;
    if (held == swept && held->sweeping) {
        memory_withdraw(shard->memory, entry);
        return true;
    }
    shard_remove_entry(shard, index, EVENT_UNKNOWN, clock_now_us());
    memory_tell(held, entry);
    return true;
}

void shard_absent(struct shard *shard, const char *entity)
{
    uint32_t index = find(shard, entity);
    struct ledger_entry *entry =
        index == LEDGER_NONE ? NULL : ledger_at(shard->memory->ledger, index);
    if (entry && !ledger_is(entry, LEDGER_GONE) && ledger_misses(entry) != LEDGER_KEPT)
        ledger_set_misses(entry, LEDGER_LOOKED_UP);
}

bool shard_holds(const struct shard *shard, const char *entity)
{
    uint32_t index = find(shard, entity);
    return index != LEDGER_NONE && !ledger_is(ledger_at(shard->memory->ledger, index), LEDGER_GONE);
}

const char *shard_held_in(const struct shard *shard, const char *entity)
{
    uint32_t index = find(shard, entity);
    if (index == LEDGER_NONE)
        return NULL;
    const struct ledger_entry *entry = ledger_at(shard->memory->ledger, index);
    return ledger_is(entry, LEDGER_GONE)
               ? NULL
               : shard->memory->substreams[entry->substream]->kept.substream;
}

int64_t shard_counts_from(const struct shard *shard, const char *entity)
{
    uint32_t index = find(shard, entity);
    const struct ledger_entry *entry =
        index == LEDGER_NONE ? NULL : ledger_at(shard->memory->ledger, index);
    return entry && !ledger_is(entry, LEDGER_GONE) && !ledger_is(entry, LEDGER_TOTAL)
               ? (int64_t)entry->since * 1000000
               : 0;
}

bool shard_took_back(const struct shard *shard, const char *entity)
{
    uint32_t index = find(shard, entity);
    return index != LEDGER_NONE && ledger_is(ledger_at(shard->memory->ledger, index), LEDGER_GONE);
}

bool shard_was_told(const struct shard *shard, const char *entity)
{
    uint32_t index = find(shard, entity);
    if (index == LEDGER_NONE)
        return false;
    const struct ledger_entry *entry = ledger_at(shard->memory->ledger, index);
    return memory_was_told(shard->memory->substreams[entry->substream], entry);
}
