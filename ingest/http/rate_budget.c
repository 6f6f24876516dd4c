#include "rate_budget.h"

#include <math.h>

#define SLOWEST (1.0 / 32.0)
#define RECOVERY 1.02 /* per accepted request: half speed is made good in about 35 of them */
#define REFUSALS_COUNT_ONCE_MS 1000 /* refusals of requests sent together are one piece of news */
#define LITTLE_LEFT 10.0            /* requests, where the whole allowance is not known */
#define LONGEST_SPACE_MS 3600000.0

/* A window can see a full bucket and a window's refill: together they are the declared number. */
static struct rate_bucket minute_bucket(double per_minute)
{
    double burst = fmin(fmax(per_minute / 60.0, 1.0), 50.0);
    double refill = fmax(per_minute - burst, per_minute / 2.0);
    return (struct rate_bucket){.per_ms = refill / 60000.0, .tokens = burst, .burst = burst};
}

/* No burst: requests are spaced evenly. */
static struct rate_bucket second_bucket(double per_second)
{
    return (struct rate_bucket){.per_ms = per_second / 1000.0, .tokens = 1.0, .burst = 1.0};
}

static void set_limits(struct rate_budget *b, struct rate_limits limits)
{
    if (!(limits.per_minute > 0.0) && !(limits.per_second > 0.0))
        limits.per_minute = RATE_BUDGET_UNDECLARED;
    b->minute = minute_bucket(fmax(limits.per_minute, 0.0));
    b->second = second_bucket(fmax(limits.per_second, 0.0));
}

void rate_budget_init(struct rate_budget *b, struct rate_limits limits, int64_t now_ms)
{
    *b = (struct rate_budget){
        .factor = 1.0, .refilled_ms = now_ms, .slowed_ms = now_ms - REFUSALS_COUNT_ONCE_MS};
    set_limits(b, limits);
}

static void refill_bucket(struct rate_bucket *bucket, double ms)
{
    bucket->tokens = fmin(bucket->tokens + ms * bucket->per_ms, bucket->burst);
}

static void refill(struct rate_budget *b, int64_t now_ms)
{
    if (now_ms <= b->refilled_ms)
        return;
    double ms = (double)(now_ms - b->refilled_ms) * b->factor;
    refill_bucket(&b->minute, ms);
    refill_bucket(&b->second, ms);
    b->refilled_ms = now_ms;
}

static bool has_token(const struct rate_bucket *bucket)
{
    return bucket->per_ms <= 0.0 || bucket->tokens >= 1.0;
}

static int64_t bucket_wait_ms(const struct rate_bucket *bucket, double factor)
{
    return has_token(bucket) ? 0 : (int64_t)ceil((1.0 - bucket->tokens) / (bucket->per_ms * factor));
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t rate_budget_wait_ms(struct rate_budget *b, int64_t now_ms)
{
    refill(b, now_ms);
    int64_t wait =
        later(bucket_wait_ms(&b->minute, b->factor), bucket_wait_ms(&b->second, b->factor));
    return later(wait, later(b->blocked_until_ms, b->spaced_until_ms) - now_ms);
}

int64_t rate_budget_blocked_ms(const struct rate_budget *b, int64_t now_ms)
{
    return later(b->blocked_until_ms - now_ms, 0);
}

bool rate_budget_take(struct rate_budget *b, int64_t now_ms)
{
    refill(b, now_ms);
    if (now_ms < b->blocked_until_ms || now_ms < b->spaced_until_ms || !has_token(&b->minute) ||
        !has_token(&b->second))
        return false;
    b->minute.tokens -= 1.0;
    b->second.tokens -= 1.0;
    return true;
}

static void slow_down(struct rate_budget *b, int64_t now_ms)
{
    refill(b, now_ms);
    if (now_ms - b->slowed_ms >= REFUSALS_COUNT_ONCE_MS) {
        b->factor = fmax(b->factor / 2.0, SLOWEST);
        b->slowed_ms = now_ms;
    }
    b->minute.tokens = fmin(b->minute.tokens, 1.0);
}

void rate_budget_refused(struct rate_budget *b, int64_t now_ms, int64_t retry_after_ms)
{
    slow_down(b, now_ms);
    b->blocked_until_ms = later(b->blocked_until_ms, now_ms + retry_after_ms);
}

void rate_budget_accepted(struct rate_budget *b)
{
    b->factor = fmin(b->factor * RECOVERY, 1.0);
}

bool rate_budget_hint(struct rate_budget *b, int64_t now_ms, const struct throttle_hint *hint)
{
    double left = fmax(hint->remaining, 0.0);
    b->allowance = fmax(b->allowance, fmax(left, hint->limit));
    bool little = hint->has_remaining && left < b->allowance / 4.0;
    if (hint->reset_ms > 0) {
        double whole = hint->limit > 0.0 ? hint->limit / 4.0 : LITTLE_LEFT;
        little = hint->has_remaining && left < fmax(whole, 1.0);
        if (little) {
            double space = fmin((double)hint->reset_ms / (left + 1.0), LONGEST_SPACE_MS);
            b->spaced_until_ms = later(b->spaced_until_ms, now_ms + (int64_t)ceil(space));
        }
    } else if (little) {
        slow_down(b, now_ms);
    }
    if (!little)
        rate_budget_accepted(b);
    return little;
}
