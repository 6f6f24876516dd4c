/* When a platform's stream is late: one rule for both services' `status`. */
#ifndef MOOC_TURNS_H
#define MOOC_TURNS_H

#include "base.h"

#define TURNS_LATE 3 /* older than so many of its turns … */
#define TURNS_LATE_AFTER_MS                                                                        \
    ((int64_t)2 * 3600 * 1000) /* … and than this: a stream read each minute may pause */

/* every_ms: how often the stream is read whole, 0 where nothing is promised; such a stream is never late by its turns. */
static inline bool turns_late(int64_t age_ms, int64_t every_ms, int64_t late_after_ms)
{
    return every_ms > 0 && age_ms > late_after_ms && age_ms > TURNS_LATE * every_ms;
}

#endif
