/* Where the log ends: asked of Kafka, not of the database. Implemented beside the consumer (aggregator/write/). */
#ifndef MOOC_AGGREGATOR_ENDS_H
#define MOOC_AGGREGATOR_ENDS_H

#include "../../common/error.h"
#include "../../common/options.h"

struct partition_end {
    char topic[128];
    int32_t partition;
    int64_t begin; /* first offset still held */
    int64_t end;   /* offset after the last record that read_committed shows */
};

/* The ends of all partitions of the options events_topic and dead_topic, in order of topic and partition; *ends is freed with
 * free(). Waits at most timeout_ms; a broker that does not answer is ERROR_UNREACHABLE. */
bool partition_ends_fetch(const struct options *options, int timeout_ms,
                          struct partition_end **ends, size_t *count, struct error *err) MUST_CHECK;

#endif
