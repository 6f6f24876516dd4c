/* Every shard taken over at once by a command (`state rebuild`, `key rotate`), so that nobody publishes meanwhile. The record that makes
 * a state whole (m|meta) is taken away first and written last: what ends in the middle is not taken for whole. */
#ifndef MOOC_INGEST_SHARD_WRITERS_H
#define MOOC_INGEST_SHARD_WRITERS_H

#include "../../common/options.h"
#include "batch.h"
#include "../../common/key_ring.h"
#include "../state/log_reader.h"
#include "../state/state_record.h"

struct shard_writers {
    const struct options *options;
    struct log_reader *reader;
    int32_t partitions;
    struct publisher **publishers;
    struct batch *batches; /* by shard */
    int64_t records;       /* written */
};

/* Counts the shards; nothing is taken over yet. */
bool shard_writers_open(struct shard_writers *w, const struct options *options, struct error *err)
    MUST_CHECK;
bool shard_writers_take_over(struct shard_writers *w, struct error *err) MUST_CHECK;
void shard_writers_close(struct shard_writers *w);

/* A state record in the shard's batch: key, then value, go into its arena as batch.h says. Returns its number. */
size_t shard_writers_add(struct shard_writers *w, int32_t shard);
/* One transaction, if there is anything. */
bool shard_writers_send(struct shard_writers *w, int32_t shard, struct error *err) MUST_CHECK;
/* The same, but only when the batch is large. */
bool shard_writers_send_some(struct shard_writers *w, int32_t shard, struct error *err) MUST_CHECK;
/* m|meta, and the batch with it. */
bool shard_writers_make_whole(struct shard_writers *w, int32_t shard, const struct state_meta *meta,
                              struct error *err) MUST_CHECK;
/* The newest m|meta of each shard, also where a command that ended in the middle took it away. out: by shard. */
struct shard_meta {
    bool seen;
    int64_t key_version;
    char hmac[40];
};
bool shard_writers_metas(struct shard_writers *w, struct shard_meta *out, struct error *err)
    MUST_CHECK;
/* The keys that the log knows, to every shard. */
bool shard_writers_put_keys(struct shard_writers *w, const struct key_set *keys, struct error *err)
    MUST_CHECK;

/* Every record of every partition of the topic, to its true end. */
bool shard_writers_read(struct shard_writers *w, const char *topic, log_visit visit, void *context,
                        struct error *err) MUST_CHECK;

#endif
