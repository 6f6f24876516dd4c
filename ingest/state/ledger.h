/* What a shard remembers of every entity: one entry of 52 bytes, found by the 128-bit hash of the entity's name. With its index
 * (4 bytes a slot, at most 4/5 full, at least 2/5) an entity takes 57 to 62 bytes. Entries are never taken out: an entity that is
 * gone keeps its place, so that its chain of revisions goes on if it comes back. Pure: no I/O, no clock.
 *
 * Entries stand in chunks that never move, so an index stays valid for the ledger's life. */
#ifndef MOOC_INGEST_LEDGER_H
#define MOOC_INGEST_LEDGER_H

#include "../../common/base.h"
#include "../../common/crypto.h"

#define LEDGER_NONE UINT32_MAX
#define LEDGER_NO_OFFSET ((INT64_C(1) << 40) - 1)

enum ledger_flag {
    LEDGER_GONE = 1, /* removed; only its revision counts */
    LEDGER_TOTAL = 2, /* a running total: `since` is the day of its last event, revision that event's */
    LEDGER_DEAD = 4,  /* a rejected record */
    LEDGER_DIRTY = 8, /* its newest state record stands in the batch in the making */
};

/* Complete sweeps that missed an entity, up to LEDGER_MOST_SWEEPS; beyond that, what is known of it for other reasons: */
#define LEDGER_MOST_SWEEPS 13
#define LEDGER_LOOKED_UP 14       /* the platform was asked for this one, and has it no more */
#define LEDGER_KEPT 15            /* a person decided that it stays though it is missing */
#define LEDGER_STATUS_UNKNOWN 255 /* after `state rebuild`: the log does not say it */

struct ledger_entry {
    struct key128 key;
    uint64_t fingerprint;
    int64_t revision;
    /* Seconds since 1970: when the status was first seen; of a total: its day; of what is gone: when that was seen. */
    uint32_t since;
    uint32_t substream; /* number in the shard's register */
    uint32_t next;      /* next entry of the sub-stream, LEDGER_NONE at the end */
    uint32_t offset_low;
    uint8_t offset_high; /* offset of the newest state record, 40 bits */
    uint8_t status;
    uint8_t mark;   /* the sub-stream's sweep mark when last seen; 0 = not seen */
    uint8_t detail; /* flags in the low four bits, complete sweeps missed in the high four */
} __attribute__((packed, aligned(4)));

static inline bool ledger_is(const struct ledger_entry *e, enum ledger_flag flag)
{
    return (e->detail & (unsigned)flag) != 0;
}

static inline void ledger_set(struct ledger_entry *e, enum ledger_flag flag, bool on)
{
    unsigned rest = e->detail & ~(unsigned)flag;
    e->detail = (uint8_t)(on ? rest | (unsigned)flag : rest);
}

static inline unsigned ledger_misses(const struct ledger_entry *e)
{
    return e->detail >> 4;
}

void ledger_set_misses(struct ledger_entry *e, unsigned misses); /* 0..LEDGER_KEPT */
/* One more complete sweep missed it; what is looked up or kept stays so. Returns the misses now. */
unsigned ledger_miss(struct ledger_entry *e);

static inline int64_t ledger_offset(const struct ledger_entry *e)
{
    return ((int64_t)e->offset_high << 32) | e->offset_low;
}

void ledger_set_offset(struct ledger_entry *e, int64_t offset);

struct ledger;

struct ledger *ledger_new(void);
void ledger_free(struct ledger *ledger);

/* Index of the entry, LEDGER_NONE if there is none. */
uint32_t ledger_find(const struct ledger *ledger, struct key128 key);
/* The key must not be there yet. The entry is zero but for key, next and offset (none). Aborts when memory is out. */
uint32_t ledger_insert(struct ledger *ledger, struct key128 key);
struct ledger_entry *ledger_at(const struct ledger *ledger, uint32_t index);
uint32_t ledger_count(const struct ledger *ledger);
size_t ledger_bytes(const struct ledger *ledger); /* memory taken */

enum ledger_change { LEDGER_UNCHANGED, LEDGER_NEW, LEDGER_CHANGED };

/* What is seen of an entity now. */
struct ledger_sight {
    uint64_t fingerprint;
    int64_t now_us;  /* by our clock, which revisions go by */
    int64_t seen_us; /* what `since` goes by: the platform's clock, or ours */
    uint8_t status;
    bool dated; /* it counts from seen_us, or from before, whatever was known and when */
    bool total; /* then `day` counts, not status */
    int32_t day;
};

struct ledger_verdict {
    enum ledger_change change;
    int64_t revision, previous;
    uint32_t since; /* seconds; of a total: the day */
};

/* entry may be NULL. revision = max(last + 1, now): the entity's chain is unbroken and rises whatever the clock does. A running
 * total continues the chain of its day's entity, and begins a new chain on a new day; a day that lies before the one already
 * published is left alone (unchanged) until the clock has caught up. */
struct ledger_verdict ledger_compare(const struct ledger_entry *entry,
                                     const struct ledger_sight *sight);

/* The revision that removes it: previous = entry's. */
struct ledger_verdict ledger_remove(const struct ledger_entry *entry, int64_t now_us);

#endif
