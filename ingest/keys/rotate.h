/* `key rotate`: from the next start on, keys of people whom the log does not know yet are published under a new HMAC key. */
#ifndef MOOC_INGEST_ROTATE_H
#define MOOC_INGEST_ROTATE_H

#include "../../common/options.h"

/* Source of the links, a name that no configured source can have; they carry forms of keys that nobody else publishes. */
#define KEYS_SOURCE "+keys"

/* With every mooc-ingest stopped, the aggregator may run. Makes the key file of the next version if there is none, takes every shard
 * over, publishes identity.linked old–new for every identifier in the log, notes in the state which keys the log knows, and raises the
 * state's key version, in this order: ended at any moment, it is given again. Returns the exit code. */
int command_key_rotate(const struct program *program, const struct options *options);

#endif
