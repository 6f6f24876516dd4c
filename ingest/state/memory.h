/* All that a shard remembers, as read from its state partition: the ledger of entities, the register of sub-streams, cursors and
 * whose state it is. Dropped whole when a commit's outcome is unknown or another owner came in between. Pure: no I/O. */
#ifndef MOOC_INGEST_MEMORY_H
#define MOOC_INGEST_MEMORY_H

#include "../../common/base.h"
#include "../../common/key_ring.h"
#include "../erase/erased_keys.h"
#include "ledger.h"
#include "state_record.h"

struct substream {
    struct state_substream kept; /* names (owned by the memory), last mark, removals by the hour */
    uint32_t index;              /* number in the register */
    uint32_t first;              /* list of its entries, LEDGER_NONE at the end */
    int64_t in_force;            /* entities in force, rejected records not counted */
    int64_t dead;                /* rejected records in force */
    uint64_t changes;            /* rises with whatever becomes of its entities */
    int64_t every_ms; /* how often it is to be read whole, as its last sweep said; 0 = nothing is promised, or none was */
    /* the sweep under way */
    bool sweeping;
    uint8_t mark;
    int64_t seen;
    int64_t withdrawn;    /* entities that it has a record against, and none for */
    int64_t contradicted; /* … that were among these until a record for them came */
};

struct memory {
    struct ledger *ledger;
    struct substream **substreams;
    uint32_t substream_count;
    bool has_meta;
    struct state_meta meta; /* strings owned */
    struct state_log log;
    struct key_set *known_keys; /* empty until a key was rotated */
    struct erased_keys erased;  /* learners of whom nothing is observed */
    int64_t records;            /* state records read */
    uint64_t births;            /* entities that came into force */
    struct memory_index *index;
    struct memory_cursor *cursors;
    size_t cursor_count, cursor_room;
};

struct memory *memory_new(void);
void memory_free(struct memory *memory);

/* Takes one record in, in the order of the log. */
void memory_apply(struct memory *memory, const struct state_record *record, int64_t offset);

/* Finds the sub-stream or registers it. */
struct substream *memory_substream(struct memory *memory, const char *source, const char *stream,
                                   const char *name);
/* NULL if it is not registered. */
struct substream *memory_find_substream(const struct memory *memory, const char *source,
                                        const char *stream, const char *name);

/* A new entity, not in force yet. */
uint32_t memory_add_entity(struct memory *memory, struct key128 key, struct substream *substream);
/* Puts the entity into this sub-stream if it stands in another one (linear in that one's length: rare). */
void memory_move(struct memory *memory, uint32_t index, struct substream *substream);
/* Sets gone or in force and whether it is a rejected record, and keeps the sub-stream's counts. */
void memory_set_force(struct memory *memory, struct ledger_entry *entry, bool in_force, bool dead);

/* As if it had never been seen, but that its place stays, as ledger entries do: a new chain would begin. False: it is so already. */
bool memory_forget(struct memory *memory, struct key128 entity);

/* Begins a sweep: no entity of the sub-stream bears the new mark. */
void memory_begin_sweep(struct memory *memory, struct substream *substream);
/* A sweep has three marks of its own: seen, told of by one of its records, and not seen but withdrawn by one. Those of earlier sweeps
 * are lower. */
#define MEMORY_MARKS 3
static inline bool memory_was_seen(const struct substream *substream, const struct ledger_entry *e)
{
    return e->mark >= substream->mark && e->mark < substream->mark + 2;
}
static inline bool memory_was_withdrawn(const struct substream *substream,
                                        const struct ledger_entry *e)
{
    return substream->sweeping && e->mark == substream->mark + 2;
}
static inline bool memory_was_told(const struct substream *substream, const struct ledger_entry *e)
{
    return substream->sweeping && e->mark == substream->mark + 1;
}
static inline void memory_tell(const struct substream *substream, struct ledger_entry *e)
{
    if (substream->sweeping)
        e->mark = (uint8_t)(substream->mark + 1);
}
/* Notes that the entity exists: misses back to 0, marked and counted when a sweep is under way; it is withdrawn no longer. */
void memory_see(struct memory *memory, struct ledger_entry *entry);
/* Notes in the sweep under way that a record takes the entity back; one that was told of stays so. */
void memory_withdraw(struct memory *memory, struct ledger_entry *entry);

void memory_cursor_set(struct memory *memory, const char *source, const char *name,
                       const char *value);
const char *memory_cursor_get(const struct memory *memory, const char *source, const char *name);
size_t memory_cursor_count(const struct memory *memory);
void memory_cursor_at(const struct memory *memory, size_t index, const char **name,
                      const char **value);

/* Removals within the last 24 hours, and one more. */
int64_t substream_removed_lately(const struct substream *substream, int64_t now_us);
void substream_count_removed(struct substream *substream, int64_t count, int64_t now_us);

#endif
