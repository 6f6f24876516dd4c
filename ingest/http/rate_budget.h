/* A request budget: token bucket that never grants more than `per_minute` in any 60 s, halves its rate when the platform says
 * "too much", recovers slowly, and stands still while Retry-After lasts. Pure: the caller gives the time (monotonic ms). */
#ifndef MOOC_INGEST_HTTP_RATE_BUDGET_H
#define MOOC_INGEST_HTTP_RATE_BUDGET_H

#include "../../common/base.h"

struct rate_budget {
    double per_ms; /* full refill rate */
    double factor; /* 1 = full rate, down to 1/32 after repeated refusals */
    double tokens, burst;
    int64_t refilled_ms, blocked_until_ms, slowed_ms;
};

void rate_budget_init(struct rate_budget *b, double per_minute, int64_t now_ms);
/* Takes one request out of the budget; false = not now. */
bool rate_budget_take(struct rate_budget *b, int64_t now_ms) MUST_CHECK;
/* How long until the next request may go out; 0 = now. */
int64_t rate_budget_wait_ms(struct rate_budget *b, int64_t now_ms);
/* The platform refused (429, 5xx): half the rate, and nothing before retry_after_ms (0 = not stated) has passed. */
void rate_budget_refused(struct rate_budget *b, int64_t now_ms, int64_t retry_after_ms);
void rate_budget_accepted(struct rate_budget *b);

#endif
