/* SipHash-1-3: a short keyed hash (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012; one compression and three
 * finalisation rounds). Who does not know the key cannot make texts collide. For tables in memory: it is nowhere stored. */
#ifndef MOOC_SIPHASH_H
#define MOOC_SIPHASH_H

#include "base.h"

struct siphash_key {
    uint64_t words[2];
};
struct siphash_key siphash_key_random(void);
uint64_t siphash(struct siphash_key key, const void *data, size_t length);

#endif
