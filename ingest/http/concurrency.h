/* How many requests may run at once on one platform: one at first; while more wait, one more for each answer until
 * something slows down, then one
 * more per round; half after a refusal, a tenth less while answers take much longer than they used to. Never above what is
 * declared, never below one. Pure: the caller gives the time (monotonic ms). */
#ifndef MOOC_INGEST_HTTP_CONCURRENCY_H
#define MOOC_INGEST_HTTP_CONCURRENCY_H

#include "../../common/base.h"

struct concurrency {
    double bound, max;
    bool probing;               /* nothing has slowed down yet */
    double usual_ms, recent_ms; /* until the first byte; 0 = none seen */
    int64_t lowered_ms;
};

void concurrency_init(struct concurrency *c, size_t max, int64_t now_ms);
size_t concurrency_bound(const struct concurrency *c);
/* An answer whose first byte took so long. more_wait: more would run if they might. */
void concurrency_answered(struct concurrency *c, int64_t now_ms, double latency_ms, bool more_wait);
/* Throttled, 5xx, timed out, connection lost; or the platform says that little of its allowance is left. */
void concurrency_refused(struct concurrency *c, int64_t now_ms);

#endif
