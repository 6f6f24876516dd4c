#include "concurrency.h"

#include <math.h>

#define RECENT 0.2 /* weight of an answer in the recent latency */
#define DRIFT 1.02 /* the usual latency follows a lasting change: tenfold in about 60 answers */
#define MUCH_LONGER 3.0
#define SLACK_MS 50.0      /* what a busy but near server may vary by */
#define LOWER_ONCE_MS 1000 /* requests that ran together are one piece of news */

void concurrency_init(struct concurrency *c, size_t max, int64_t now_ms)
{
    *c = (struct concurrency){.bound = 1.0,
                              .max = max > 0 ? (double)max : 1.0,
                              .probing = true,
                              .lowered_ms = now_ms - LOWER_ONCE_MS};
}

size_t concurrency_bound(const struct concurrency *c)
{
    return (size_t)c->bound;
}

static void lower(struct concurrency *c, int64_t now_ms, double factor)
{
    c->probing = false;
    if (now_ms - c->lowered_ms < LOWER_ONCE_MS)
        return;
    c->bound = fmax(c->bound * factor, 1.0);
    c->lowered_ms = now_ms;
}

void concurrency_answered(struct concurrency *c, int64_t now_ms, double latency_ms, bool more_wait)
{
    bool first = c->recent_ms <= 0.0;
    c->recent_ms = first ? latency_ms : c->recent_ms + RECENT * (latency_ms - c->recent_ms);
    c->usual_ms = first ? latency_ms : fmin(c->usual_ms * DRIFT, c->recent_ms);
    if (c->recent_ms > c->usual_ms * MUCH_LONGER + SLACK_MS)
        lower(c, now_ms, 0.9);
    else if (more_wait)
        c->bound = fmin(c->bound + (c->probing ? 1.0 : 1.0 / c->bound), c->max);
}

void concurrency_refused(struct concurrency *c, int64_t now_ms)
{
    lower(c, now_ms, 0.5);
}
