/* Reads one partition of a topic as the log stands, read_committed, without a group: from the beginning to a target, or single
 * records by their offsets. The only file of ingest that fetches records. Blocking; one thread at a time. */
#ifndef MOOC_INGEST_LOG_READER_H
#define MOOC_INGEST_LOG_READER_H

#include "../../common/base.h"
#include "../../common/error.h"

struct options;
struct log_reader;

struct log_record {
    const char *key, *value; /* value NULL = tombstone; both valid during the visit only */
    size_t key_length, value_length;
    int64_t offset;
    int32_t partition;
};

/* false ends the reading; *err says why, or is left alone when enough was seen. */
typedef bool (*log_visit)(void *context, const struct log_record *record, struct error *err);

/* brokers is used when options is NULL; both outlive the reader. bulk: set up for whole partitions; to be freed when they are read, for it keeps the
 * brokers busy. */
struct log_reader *log_reader_new(const struct options *options, const char *brokers, bool bulk,
                                  struct error *err);
void log_reader_free(struct log_reader *reader);

/* Partitions of the topic; 0 with err set. */
int32_t log_reader_partitions(struct log_reader *reader, const char *topic, struct error *err);
/* First offset, and the true end (high watermark), which may lie behind transactions that are still open: reading up to it waits for
 * them, so that nothing committed meanwhile is taken for not being there. */
bool log_reader_range(struct log_reader *reader, const char *topic, int32_t partition, int64_t *low,
                      int64_t *high, struct error *err) MUST_CHECK;

/* Reads from the beginning until the position is `target` or later: control records at the end, aborted and compacted away ones
 * count as passed. A log that ends earlier than its target is "not ready" (ERROR_UNREACHABLE, retriable) after patience_ms
 * without progress. A visit that returns false ends the call: false if it set err, else true. */
bool log_reader_read(struct log_reader *reader, const char *topic, int32_t partition,
                     int64_t target, int64_t patience_ms, log_visit visit, void *context,
                     struct error *err) MUST_CHECK;

/* Visits the records at these offsets, which rise. One that is not there any more: ERROR_STATE. */
bool log_reader_fetch(struct log_reader *reader, const char *topic, int32_t partition,
                      const int64_t *offsets, size_t count, int64_t patience_ms, log_visit visit,
                      void *context, struct error *err) MUST_CHECK;

#endif
