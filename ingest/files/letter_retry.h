/* Rejected rows of all files but lists of people tried again, from the kept originals: what has become good is observed and
 * its dead letter taken back in the same transaction. Ticked by the source; never blocks. */
#ifndef MOOC_LETTER_RETRY_H
#define MOOC_LETTER_RETRY_H

#include "files_env.h"

struct letter_retry;

struct letter_retry *letter_retry_new(const struct files_env *env);
bool letter_retry_tick(struct letter_retry *retry, struct shard *shard); /* true when it is over */
int64_t letter_retry_taken(const struct letter_retry *retry); /* rows that became events */
void letter_retry_free(struct letter_retry *retry);           /* NULL-safe */

#endif
