/* May this instance publish for the shard? Pure. */
#ifndef MOOC_INGEST_SHARD_CHECKS_H
#define MOOC_INGEST_SHARD_CHECKS_H

#include "shard.h"
#include "../state/state_record.h"

/* ERROR_STATE when the state was made with another key. (Another connector concerns its sources only: source_control.h.) */
bool shard_check_meta(const struct shard_settings *settings, const struct state_meta *meta,
                      struct error *err) MUST_CHECK;

/* ERROR_STATE when the events topic ends before where it ended once (recreated, or restored from an old copy), or has lost its
 * beginning. lows and now: first offsets and ends as they are. */
bool shard_check_log(const char *topic, const struct state_log *stored, const int64_t *lows,
                     const struct state_log *now, bool may_lose_beginning, struct error *err)
    MUST_CHECK;

/* ERROR_UNREACHABLE (to be tried again) when our clock is more than 5 s off against the broker's. offset: ours less theirs. */
bool shard_check_clock(int32_t partition, int64_t offset_us, struct error *err) MUST_CHECK;

#endif
