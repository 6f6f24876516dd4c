/* Turns what the state holds of an entity into the event that takes it back and the record of its being gone. Pure. */
#ifndef MOOC_INGEST_REMOVAL_H
#define MOOC_INGEST_REMOVAL_H

#include "batch.h"
#include "../state/state_record.h"

/* Fills the removal's two records in. ERROR_UNKNOWN_OUTCOME when the stored record is not this entity's: the shard's memory is out
 * of step with the log and must be read again. */
bool removal_fill(struct batch *batch, const struct batch_removal *removal, const char *key,
                  size_t key_length, const char *value, size_t value_length, struct error *err)
    MUST_CHECK;

/* Name of a running total's entity of a day: "<total>:<YYYY-MM-DD>". out holds EVENT_MAX_KEY + 1 bytes. */
bool removal_day_entity(const char *total, int32_t day, char *out) MUST_CHECK;

#endif
