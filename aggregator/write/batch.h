/* A batch: records of the log as read, decoded, with the archive's COPY rows ready. Made by the reading thread, folded by the writing
 * thread; its archive rows then go with the transaction. No I/O in here. */
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

/* Rows of the archive, ready for COPY: they outlive their batch, until its transaction has sent them. */
struct archive_rows {
    struct text_buffer copy; /* COPY binary, started; ended by batch_end */
    struct month *months;    /* that the rows fall in, each once */
    size_t month_count, month_capacity, count;
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
    struct archive_rows *archive; /* NULL once somebody has taken them */
    size_t records, bytes, reached;
    int64_t oldest_log_time; /* µs; for latency */
};

struct archive_rows *archive_rows_new(void);
void archive_rows_free(struct archive_rows *rows);

/* Of a batch or a transaction: they own the texts. */
void unreadable_record_release(struct unreadable_record *record);

struct batch *batch_new(const struct log_partition *partitions, size_t count);
void batch_free(struct batch *batch);
/* Empty, to be filled; also before first use. rows become the batch's, in the place of those it has; NULL: it keeps or makes its own. */
void batch_clear(struct batch *batch, struct archive_rows *rows);

/* value may be NULL (a tombstone: unreadable). */
void batch_add(struct batch *batch, size_t partition, int64_t offset, int64_t log_time_us,
               const char *value, size_t length);
/* The end of the partition was reached at this offset: behind the last record only a transaction's own marks stand. */
void batch_reach(struct batch *batch, size_t partition, int64_t offset);
void batch_end(struct batch *batch);
/* Of an ended batch that was applied: of records of erased learners the archive's rows keep partition, offset, log time and id.
 * noted: ascending, whom the archive knows to be erased though the log may tell it later, as after `restore`. */
void batch_blank(struct batch *batch, const struct fold *fold, const struct key_list *noted);

#endif
