/* How far each partition was seen to reach, by where our records landed. Offsets only grow: one that lies before an earlier one means
 * that the topic was deleted and made anew while we ran. Pure. */
#ifndef MOOC_INGEST_LOG_ENDS_H
#define MOOC_INGEST_LOG_ENDS_H

#include "../../common/base.h"
#include "../../common/error.h"
#include "../state/state_record.h"
#include "batch.h"

struct log_ends {
    int64_t ends[BATCH_TOPICS][STATE_MAX_PARTITIONS];
    bool fell_back;
    enum batch_topic topic; /* which one, and … */
    int32_t partition;
    int64_t reached, landed; /* … where it was, where a record landed then */
};

/* A record landed at this offset; partitions beyond STATE_MAX_PARTITIONS are not watched. */
void log_ends_note(struct log_ends *ends, enum batch_topic topic, int32_t partition, int64_t offset);
/* False with ERROR_STATE once a partition fell back. names: of the topics. */
bool log_ends_check(const struct log_ends *ends, const char *const names[BATCH_TOPICS],
                    struct error *err) MUST_CHECK;
/* Takes what a batch's records of the events topic say into what the state keeps. True if that moved. */
bool log_ends_advance(struct state_log *log, const struct batch *batch);
/* Where either of them ends, whichever is further. */
void log_ends_join(struct state_log *log, const struct state_log *other);

#endif
