/* A shard without Kafka: keeps what was observed in memory and follows shard.h's rules as far as sources see them. */
#ifndef MOOC_FAKE_SHARD_H
#define MOOC_FAKE_SHARD_H

#include "../../ingest/shard/shard.h"

struct fake_entity {
    char *entity, *type, *data, *subject, *substream, *stream;
    int64_t time, changes; /* changes: how often an event would have been published */
    bool observed_time, gone;
    uint8_t status;
    unsigned seen_by; /* sweep number */
};

struct fake_mark {
    char *stream, *substream;
    int64_t through, seen;
};

struct shard *fake_shard_new(void);
void fake_shard_free(struct shard *shard);
const struct fake_entity *fake_shard_find(const struct shard *shard, const char *entity);
/* Entities in force whose name begins so. */
size_t fake_shard_count(const struct shard *shard, const char *prefix);
size_t fake_shard_events(const struct shard *shard); /* all that would have been published */
const struct fake_mark *fake_shard_mark(const struct shard *shard, const char *stream,
                                        const char *substream); /* the newest; NULL = none */
size_t fake_shard_open_sweeps(const struct shard *shard);
void fake_shard_set_accepting(struct shard *shard, bool accepting);
void fake_shard_drop(struct shard *shard); /* a new incarnation: everything forgotten */

#endif
