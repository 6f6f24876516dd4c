/* Jittered exponential back-off as a value ("full jitter": uniform in [0, min(cap, base * 2^attempt)], never under base). */
#ifndef MOOC_BACKOFF_H
#define MOOC_BACKOFF_H

#include "base.h"

struct backoff {
    int64_t base_ms, cap_ms;
    unsigned attempt;
    uint64_t random_state;
};

void backoff_init(struct backoff *b, int64_t base_ms, int64_t cap_ms, uint64_t seed);
int64_t backoff_next_ms(struct backoff *b);
void backoff_reset(struct backoff *b);
/* Sleeps for the next delay; false when a stop was requested. */
bool backoff_wait(struct backoff *b);

#endif
