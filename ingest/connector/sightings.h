/* What came of a record when it was read last, by the digest of its bytes: a list that says the same again is passed over without
 * being read anew. A cache of bounded size that all sources share: what it forgets costs time and changes nothing. Pure.
 *
 * A digest is a keyed hash of 64 bits (siphash), of which 60 are compared: among a million sightings a record that changed is
 * taken for another one once in 10^12 times. */
#ifndef MOOC_CONNECTOR_SIGHTINGS_H
#define MOOC_CONNECTOR_SIGHTINGS_H

#include "../../common/base.h"

#define SIGHTINGS_MOST_BYTES ((size_t)16 << 20)

struct sightings;

struct sightings *sightings_new(size_t most_bytes); /* a power of two, 4 KiB at least */
void sightings_free(struct sightings *sightings);

/* A note: 4 bits and a value of 64. */
bool sightings_find(const struct sightings *sightings, uint64_t digest, unsigned *bits,
                    uint64_t *value);
/* Replaces the note of the same digest; may push out another one. */
void sightings_put(struct sightings *sightings, uint64_t digest, unsigned bits, uint64_t value);

/* The digest of a further note (number 1 and up) beside the one of a digest. */
static inline uint64_t sightings_further(uint64_t digest, unsigned number)
{
    uint64_t x = (digest ^ number) * UINT64_C(0x9E3779B97F4A7C15);
    return (x ^ x >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
}

#endif
