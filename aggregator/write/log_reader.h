/* The consumer: reads the partitions of both topics, read_committed, assigned without a group from offsets that PostgreSQL holds.
 * The only one of the aggregator that reads from Kafka: common/topic_settings.c asks for settings, archive/log_writer.c fills an empty
 * topic, and no other file knows librdkafka. Not thread-safe. */
#ifndef MOOC_WRITE_LOG_READER_H
#define MOOC_WRITE_LOG_READER_H

#include "../../common/error.h"
#include "../../common/options.h"
#include "batch.h"

struct log_reader;

/* archives: its events are archived as well (struct log_partition). */
struct log_reader *log_reader_new(const struct options *options, bool archives, struct error *err);
void log_reader_free(struct log_reader *reader);

/* Asks the brokers for the partitions of both topics; events first. Kept until freed. */
bool log_reader_discover(struct log_reader *reader, int timeout_ms, struct error *err) MUST_CHECK;
/* True if a topic has more partitions by now than were discovered; false also when Kafka does not answer. */
bool log_reader_outgrown(struct log_reader *reader, int timeout_ms);
const struct log_partition *log_reader_partitions(const struct log_reader *reader, size_t *count);

/* First offset held, and the end that read_committed shows. */
bool log_reader_range(struct log_reader *reader, size_t partition, int timeout_ms, int64_t *begin,
                      int64_t *end, struct error *err) MUST_CHECK;

/* Id of the record at that offset as batch.c notes it; ERROR_STATE if there is none any more. */
bool log_reader_id_at(struct log_reader *reader, size_t partition, int64_t offset, int timeout_ms,
                      char id[EVENT_MAX_KEY + 1], struct error *err) MUST_CHECK;

#define LOG_NOT_READ (-1)
/* Starts reading each partition at offsets[i]; those with LOG_NOT_READ are left out. */
bool log_reader_assign(struct log_reader *reader, const int64_t *offsets, struct error *err)
    MUST_CHECK;

/* From now on nothing at or behind limits[i] is handed out, for a reader that follows another; INT64_MAX: no limit, as at first. They only
 * grow. May be called while another thread reads. */
void log_reader_limit(struct log_reader *reader, const int64_t *limits);
/* Was everything before the limits handed out? */
bool log_reader_at_limit(const struct log_reader *reader);

enum log_read { LOG_READ_RECORD, LOG_READ_NOTHING, LOG_READ_FAILED };
/* Adds the next record (or notes that the end of its partition is reached) to the batch, waiting up to timeout_ms. Failures that pass by themselves (brokers away) count as nothing;
 * err tells the latest of them, if any. LOG_READ_FAILED: the offsets are not in the log any more, or worse. */
enum log_read log_reader_read(struct log_reader *reader, struct batch *batch, int timeout_ms,
                              struct error *err);

/* Since the partitions were asked for, the brokers or a topic were gone and now there is something again: whoever read on would take what
 * was put back for the log of before. */
bool log_reader_came_back(const struct log_reader *reader);

/* Tells Kafka's own tools how far we are (their lag figures); nothing depends on it. */
void log_reader_note_offsets(struct log_reader *reader, const int64_t *offsets);

/* Records between the offsets and the end as last heard from the brokers. */
int64_t log_reader_lag(struct log_reader *reader, const int64_t *offsets);

#endif
