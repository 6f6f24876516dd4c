/* Taking a shard over: fencing whoever had it, reading its state to the end, and looking whether key, clock and log are those that
 * belong to it. In the worker's thread; blocking. */
#ifndef MOOC_INGEST_SHARD_LOAD_H
#define MOOC_INGEST_SHARD_LOAD_H

#include <stdatomic.h>

#include "shard_worker.h"

struct publisher;
struct log_reader;

struct shard_clients {
    const struct shard_settings *settings;
    char transactional_id[300];
    struct publisher *publisher;
    struct log_reader *reader;
    struct state_log reached; /* by the events topic while we had it: a copy brought back brings its older state along */
    int64_t counted_ms;   /* when the partitions of the events topic were */
    atomic_bool unwanted; /* the shard was given up meanwhile: do not fence who has it now */
};

int64_t shard_patience_ms(const struct shard_settings *settings);

/* Makes both clients anew. On success result has memory, partitions and the clock's offset; memory may be set on failure too. */
bool shard_load(struct shard_clients *clients, struct shard_result *result, struct error *err)
    MUST_CHECK;

#endif
