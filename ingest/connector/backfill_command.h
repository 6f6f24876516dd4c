#ifndef MOOC_CONNECTOR_BACKFILL_COMMAND_H
#define MOOC_CONNECTOR_BACKFILL_COMMAND_H

#include "../../common/options.h"
#include "../../common/text_buffer.h"

/* Hands a job (backfill.h) to the running instance and tells how far it is until its result is there: the exit code in its first
 * character, then what came of it; the caller frees it. NULL: err says why, also of who left before the result. timeout_ms: to be taken
 * up; 0 = without end, as long as a mooc-ingest runs. */
char *backfill_follow(const struct options *options, const char *source,
                      const struct text_buffer *job, int64_t timeout_ms, struct error *err);

/* Returns the exit code. */
int backfill_command(const struct program *program, const struct options *options);

#endif
