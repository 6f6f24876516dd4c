#include "rate_budget.h"

#include <math.h>

#define SLOWEST (1.0 / 32.0)
#define RECOVERY 1.02 /* per accepted request: half speed is made good in about 35 of them */
#define REFUSALS_COUNT_ONCE_MS 1000 /* refusals of requests sent together are one piece of news */

void rate_budget_init(struct rate_budget *b, double per_minute, int64_t now_ms)
{
    /* A window of a minute can see a full bucket and a minute's refill: together they are the declared budget. */
    double burst = fmin(fmax(per_minute / 60.0, 1.0), 50.0);
    double refill = fmax(per_minute - burst, per_minute / 2.0);
    *b = (struct rate_budget){.per_ms = refill / 60000.0,
                              .factor = 1.0,
                              .tokens = burst,
                              .burst = burst,
                              .refilled_ms = now_ms,
                              .slowed_ms = now_ms - REFUSALS_COUNT_ONCE_MS};
}

static void refill(struct rate_budget *b, int64_t now_ms)
{
    if (now_ms <= b->refilled_ms)
        return;
    b->tokens += (double)(now_ms - b->refilled_ms) * b->per_ms * b->factor;
    if (b->tokens > b->burst)
        b->tokens = b->burst;
    b->refilled_ms = now_ms;
}

int64_t rate_budget_wait_ms(struct rate_budget *b, int64_t now_ms)
{
    refill(b, now_ms);
    int64_t wait = 0;
    if (b->tokens < 1.0)
        wait = (int64_t)ceil((1.0 - b->tokens) / (b->per_ms * b->factor));
    if (b->blocked_until_ms - now_ms > wait)
        wait = b->blocked_until_ms - now_ms;
    return wait;
}

bool rate_budget_take(struct rate_budget *b, int64_t now_ms)
{
    refill(b, now_ms);
    if (now_ms < b->blocked_until_ms || b->tokens < 1.0)
        return false;
    b->tokens -= 1.0;
    return true;
}

void rate_budget_refused(struct rate_budget *b, int64_t now_ms, int64_t retry_after_ms)
{
    refill(b, now_ms);
    if (now_ms - b->slowed_ms >= REFUSALS_COUNT_ONCE_MS) {
        b->factor = fmax(b->factor / 2.0, SLOWEST);
        b->slowed_ms = now_ms;
    }
    if (b->tokens > 1.0)
        b->tokens = 1.0;
    if (now_ms + retry_after_ms > b->blocked_until_ms)
        b->blocked_until_ms = now_ms + retry_after_ms;
}

void rate_budget_accepted(struct rate_budget *b)
{
    b->factor = fmin(b->factor * RECOVERY, 1.0);
}
