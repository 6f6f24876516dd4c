/* What the files of the shard share: shard.c (life, state machine), shard_observe.c (differences into the batch), shard_sweep.c
 * (absence, marks), shard_holds.c (mass removals), shard_worker.c (the thread that talks to Kafka). */
#ifndef MOOC_INGEST_SHARD_INTERNAL_H
#define MOOC_INGEST_SHARD_INTERNAL_H

#include "batch.h"
#include "holds.h"
#include "../../common/key_ring.h"
#include "../state/memory.h"
#include "shard.h"
#include "shard_worker.h"

struct shard_erasure {
    enum { ERASURE_NONE, ERASURE_ASKED, ERASURE_FLUSHED, ERASURE_READING } step;
    struct erased_keys wanted, fresh; /* fresh: those of them that the state did not know */
    bool tells;
    int64_t entities; /* that were forgotten */
};

struct shard {
    struct shard_settings settings;
    enum shard_status status;
    bool paused, resumed; /* resumed: given back by the group, and nothing committed since */
    struct error reason;  /* its words alone */
    bool other_keys;      /* shard_other_keys */
    uint64_t incarnation;

    struct memory *memory; /* NULL while loading */
    int32_t events_partitions;
    struct batch batches[2];
    struct batch *making, *in_flight; /* in_flight is the worker's; NULL when there is none */
    bool flush;
    struct shard_worker *worker;

    struct shard_erasure erasure;
    struct holds holds;
    struct holds settled; /* closed, but not committed yet */
    bool holds_changed;
    int64_t decisions_at_ms; /* when the folder of decisions is looked at next */

    int64_t retry_at_ms, last_commit_ms;
    unsigned failures; /* loads in a row that failed */
    uint64_t random_state;
    struct shard_counters counters;
    bool log_moved; /* memory->log is ahead of what the state topic says */
    int64_t log_noted_ms;
    struct text_buffer scratch;
    struct published_keys keys;       /* of the event that is being published */
    struct substream *last_substream; /* of the last observation */
    int64_t seen_us;                  /* shard_seen_at */
};

/* shard_observe.c */
void shard_remove_entry(struct shard *shard, uint32_t index, enum event_type removing_type,
                        int64_t now_us);
void shard_store_cursor(struct shard *shard, const char *source, const char *name, const char *value);

/* shard_erase.c */
bool shard_erase_tick(struct shard *shard); /* the worker is idle; true: it has work now */
void shard_erase_found(struct shard *shard,
                       const struct text_buffer *entities); /* names, each with its NUL */
void shard_erase_drop(struct shard *shard);

/* shard_sweep.c */
struct absent {         /* of a sub-stream */
    int64_t unseen;     /* in force and not seen by the sweep */
    int64_t candidates; /* of them: as often as the stream asks, or as look-ups say */
    int64_t kept;       /* not among the unseen: a person decided that they stay */
};
/* The misses that make an entity a candidate. */
unsigned shard_misses_needed(const struct stream_spec *stream);
/* Removes what was missed often enough; dead_only: rejected records only. Returns how many records that were no rejected ones. */
int64_t shard_remove_missed(struct shard *shard, struct substream *substream, unsigned needed,
                            bool dead_only);
void shard_publish_marks(struct shard *shard, struct substream *substream, int64_t through_us,
                         int64_t seen);

/* shard_holds.c */
struct absence { /* what is about to be removed */
    const struct stream_spec *stream;
    struct substream *substream;
    struct absent absent;
    bool swept; /* by a complete sweep, which began at through_us and saw `seen` */
    int64_t through_us, seen;
};
/* True when the removals must wait. hold_id NULL = not wanted. */
bool shard_must_hold(struct shard *shard, const struct absence *absence, char *hold_id);
void shard_holds_recall(struct shard *shard); /* from the cursors, after a load */
void shard_holds_tick(struct shard *shard);

#endif
