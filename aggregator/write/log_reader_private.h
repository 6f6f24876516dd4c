/* What the files of log_reader.h share. Only they know its consumer. */
#ifndef MOOC_WRITE_LOG_READER_PRIVATE_H
#define MOOC_WRITE_LOG_READER_PRIVATE_H

#include <librdkafka/rdkafka.h>

#include "log_reader.h"

#define PREFETCH_BYTES ((size_t)8192 * 1024)

/* What is beyond the limit of its partition, which is paused meanwhile. */
struct held {
    rd_kafka_message_t *message; /* NULL: nothing is */
    int64_t end;                 /* of the log, told once, where it is beyond the limit; else 0 */
    _Atomic int64_t limit;
};

struct log_reader {
    const struct options *options;
    bool archives;
    rd_kafka_t *kafka;
    char *topics[2];
    struct log_partition *partitions;
    int64_t *positions;            /* everything before them was handed out */
    struct held *held;             /* by partition */
    size_t held_count, ends_count; /* how many have a message, how many an end */
    bool *left_out;                /* not assigned */
    size_t partition_count, event_partitions;
    struct error away; /* why the brokers cannot be reached; ERROR_NONE when they can */
    bool was_away;     /* at any time since the partitions were asked for */
    int64_t asked_ms;
    rd_kafka_topic_t *woken; /* the topic asked about by wake_fetcher */
    size_t used_bytes;       /* of what was prefetched, since it was asked */
};

bool log_reader_may_not_read(const char *topic, struct error *err);
void log_reader_drop_held(struct log_reader *reader);

#endif
