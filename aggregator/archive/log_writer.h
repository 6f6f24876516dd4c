/* The producer: writes records into partitions of the events topic, each partition in the order of the calls and none twice
 * (idempotent). The only file that writes to Kafka here. */
#ifndef MOOC_ARCHIVE_LOG_WRITER_H
#define MOOC_ARCHIVE_LOG_WRITER_H

#include "../../common/error.h"
#include "../../common/options.h"

struct log_writer;

struct log_writer *log_writer_new(const struct options *options, struct error *err);
void log_writer_free(struct log_writer *writer); /* NULL-safe; what is not acknowledged may be lost */

/* key and value may be NULL; both are copied. Waits while much is on its way. After a failure the writer is of no more use: a record may
 * be missing, and none after it in its partition is there. */
bool log_writer_put(struct log_writer *writer, int32_t partition, const char *key,
                    const void *value, size_t length, struct error *err) MUST_CHECK;
/* Until the brokers have all of them. */
bool log_writer_end(struct log_writer *writer, struct error *err) MUST_CHECK;

#endif
