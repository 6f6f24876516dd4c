/* A request budget: token buckets that never grant more than `per_minute` in any 60 s nor `per_second` in any second, halve their
 * rate when the platform says "too much" or is about to, recover slowly, and stand still while Retry-After lasts. Pure: the caller
 * gives the time (monotonic ms). */
#ifndef MOOC_INGEST_HTTP_RATE_BUDGET_H
#define MOOC_INGEST_HTTP_RATE_BUDGET_H

#include "../../common/base.h"
#include "throttle_headers.h"

/* 0 = no such bound; neither = RATE_BUDGET_UNDECLARED a minute. */
struct rate_limits {
    double per_minute, per_second;
};
#define RATE_BUDGET_UNDECLARED 60.0

struct rate_bucket {
    double per_ms; /* full refill rate; 0 = unbounded */
    double tokens, burst;
};

struct rate_budget {
    struct rate_bucket minute, second;
    double factor;    /* 1 = full rate, down to 1/32 after repeated refusals */
    double allowance; /* the most that the platform has said to remain */
    int64_t refilled_ms, blocked_until_ms, spaced_until_ms, slowed_ms;
};

void rate_budget_init(struct rate_budget *b, struct rate_limits limits, int64_t now_ms);
/* Takes one request out of the budget; false = not now. */
bool rate_budget_take(struct rate_budget *b, int64_t now_ms) MUST_CHECK;
/* How long until the next request may go out; 0 = now. */
int64_t rate_budget_wait_ms(struct rate_budget *b, int64_t now_ms);
/* How much of that is because the platform said so in Retry-After. */
int64_t rate_budget_blocked_ms(const struct rate_budget *b, int64_t now_ms);
/* The platform refused (429, 5xx): half the rate, and nothing before retry_after_ms (0 = not stated) has passed. */
void rate_budget_refused(struct rate_budget *b, int64_t now_ms, int64_t retry_after_ms);
void rate_budget_accepted(struct rate_budget *b);
/* What an accepted answer says of its allowance. Where the end of its window is known and little is left, the rest is spread until
 * then; where it is not, the rate is halved while less than a quarter is left. True if it asks us to slow down; otherwise the
 * answer counts as accepted. */
bool rate_budget_hint(struct rate_budget *b, int64_t now_ms, const struct throttle_hint *hint);

#endif
