/* Everything that was rejected of a source's files tried again: lists of people out of quarantine, the other kinds out of the kept
 * originals. */
#ifndef MOOC_ROWS_RETRY_H
#define MOOC_ROWS_RETRY_H

#include "files_env.h"

struct rows_retry;

struct rows_retry *rows_retry_new(const struct files_env *env);
bool rows_retry_tick(struct rows_retry *retry, struct shard *shard); /* true when it is over */
int64_t rows_retry_taken(const struct rows_retry *retry);            /* rows that became events */
void rows_retry_free(struct rows_retry *retry);                      /* NULL-safe */

#endif
