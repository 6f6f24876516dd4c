/* Rows in quarantine tried again, when the reference folder has changed: what has a known unit now becomes an event, and its dead
 * letter is taken back in the same transaction. */
#ifndef MOOC_QUARANTINE_RETRY_H
#define MOOC_QUARANTINE_RETRY_H

#include "files_env.h"

struct quarantine_retry;

struct quarantine_retry *quarantine_retry_new(const struct files_env *env);
/* True when it is over. */
bool quarantine_retry_tick(struct quarantine_retry *retry, struct shard *shard);
int64_t quarantine_retry_listed(const struct quarantine_retry *retry); /* rows that became events */
void quarantine_retry_free(struct quarantine_retry *retry);            /* NULL-safe */

#endif
