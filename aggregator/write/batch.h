/* A batch: records of the log as read, decoded, with the archive's COPY rows ready. Made by the reading thread, consumed by the
 * writing thread; no I/O in here. */
#ifndef MOOC_WRITE_BATCH_H
#define MOOC_WRITE_BATCH_H

#include "../../common/event.h"
#include "store.h"

/* A partition of one of the topics read; the arrays of a batch and of a vector are parallel to the reader's list of these. */
struct log_partition {
    const char *topic;
    int32_t partition;
    bool archived; /* the events topic; the other is read for rejected records only */
};

struct batch_range {
    int64_t next_offset; /* everything before it was read; -1 = nothing new of this partition */
    int64_t last_offset, last_log_time; /* of the last record; last_offset -1 = no record */
    char last_id[EVENT_MAX_KEY + 1];
};

struct month {
    int64_t begins, ends; /* µs, UTC; the end is behind it */
};

struct batch {
    size_t partition_count;
    const struct log_partition *partitions;
    struct batch_range *ranges;

    struct event_decoder *decoder;
    struct event *events;
    struct log_position *positions;
    size_t event_count, event_capacity, position_capacity;
    struct unreadable_record *unreadable;
    size_t unreadable_count, unreadable_capacity;
    struct text_buffer archive; /* COPY binary, started; ended by batch_end */
    struct month *months;       /* that the archive rows fall in */
    size_t month_count, month_capacity;
    size_t records, bytes, archived, reached;
    int64_t oldest_log_time; /* µs; for latency */
};

struct batch *batch_new(const struct log_partition *partitions, size_t count);
void batch_free(struct batch *batch);
void batch_clear(struct batch *batch); /* also before first use */

/* value may be NULL (a tombstone: unreadable). */
void batch_add(struct batch *batch, size_t partition, int64_t offset, int64_t log_time_us,
               const char *value, size_t length);
/* The end of the partition was reached at this offset: behind the last record only a transaction's own marks stand. */
void batch_reach(struct batch *batch, size_t partition, int64_t offset);
void batch_end(struct batch *batch);

#endif
