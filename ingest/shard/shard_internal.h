/* What the files of the shard share: shard.c (life, state machine), shard_observe.c (differences into the batch), shard_sweep.c
 * (absence, holds, marks), shard_worker.c (the thread that talks to Kafka). */
#ifndef MOOC_INGEST_SHARD_INTERNAL_H
#define MOOC_INGEST_SHARD_INTERNAL_H

#include "batch.h"
#include "holds.h"
#include "../keys/key_ring.h"
#include "../state/memory.h"
#include "shard.h"
#include "shard_worker.h"

struct shard {
    struct shard_settings settings;
    enum shard_status status;
    bool paused, resumed; /* resumed: given back by the group, and nothing committed since */
    char reason[1100];
    uint64_t incarnation;

    struct memory *memory; /* NULL while loading */
    int32_t events_partitions;
    struct batch batches[2];
    struct batch *making, *in_flight; /* in_flight is the worker's; NULL when there is none */
    bool flush;
    struct shard_worker *worker;

    struct holds holds;
    struct holds settled; /* closed, but not committed yet */
    bool holds_changed;
    int64_t decisions_at_ms; /* when the folder of decisions is looked at next */

    int64_t retry_at_ms, last_commit_ms;
    unsigned failures; /* loads in a row that failed */
    uint64_t random_state;
    struct shard_counters counters;
    struct text_buffer scratch;
    struct published_keys keys;       /* of the event that is being published */
    struct substream *last_substream; /* of the last observation */
};

/* shard_observe.c */
struct substream *shard_find_substream(struct shard *shard, const char *source, const char *stream,
                                       const char *name);
void shard_remove_entry(struct shard *shard, uint32_t index, enum event_type removing_type,
                        int64_t now_us);
void shard_store_cursor(struct shard *shard, const char *source, const char *name, const char *value);

/* shard_sweep.c */
void shard_holds_recall(struct shard *shard); /* from the cursors, after a load */
void shard_holds_tick(struct shard *shard);

#endif
