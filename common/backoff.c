#include "backoff.h"

#include "stop.h"

/* SplitMix64 (Steele, Lea, Flood 2014): good enough to spread retries, and repeatable from a seed. */
static uint64_t next_random(uint64_t *state)
{
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

void backoff_init(struct backoff *b, int64_t base_ms, int64_t cap_ms, uint64_t seed)
{
    if (base_ms < 1)
        base_ms = 1;
    if (cap_ms < base_ms)
        cap_ms = base_ms;
    *b = (struct backoff){.base_ms = base_ms, .cap_ms = cap_ms, .random_state = seed};
}

int64_t backoff_next_ms(struct backoff *b)
{
    int64_t limit = b->base_ms;
    for (unsigned i = 0; i < b->attempt && limit < b->cap_ms; i++)
        limit = limit > b->cap_ms / 2 ? b->cap_ms : limit * 2;
    if (limit < b->cap_ms)
        b->attempt++;
    int64_t delay = (int64_t)(next_random(&b->random_state) % ((uint64_t)limit + 1));
    return delay < b->base_ms ? b->base_ms : delay;
}

void backoff_reset(struct backoff *b)
{
    b->attempt = 0;
}

bool backoff_wait(struct backoff *b)
{
    return stop_sleep_ms(backoff_next_ms(b));
}
