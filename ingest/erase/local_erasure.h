/* What a source is asked to take away from its local files, and what it took. */
#ifndef MOOC_INGEST_LOCAL_ERASURE_H
#define MOOC_INGEST_LOCAL_ERASURE_H

#include "erased_keys.h"

struct local_erasure {
    const struct erased_keys *identifiers; /* besides the learners that the shard knows as erased */
    struct key_ring *keys;
};

struct local_erased {
    int64_t copies; /* kept files that named them */
    int64_t rows;   /* in quarantine */
    int64_t addresses;
};

#endif
