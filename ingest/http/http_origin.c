#include "http_internal.h"

#include <stdlib.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"

#define LEAST_KEPT_CONNECTIONS 16

/* Room for the idle connections of all origins. */
static void keep_connections(struct http *http)
{
    size_t connections = LEAST_KEPT_CONNECTIONS;
    for (const struct http_origin *o = http->origins; o; o = o->next)
        connections += o->config->max_concurrent;
    transport_keep(http->transport, connections);
}

struct http_origin *http_origin_new(struct http *http, const struct http_origin_settings *settings,
                                    struct error *err)
{
    struct http_config *config = http_config_new(settings, err);
    if (!config)
        return NULL;
    struct http_origin *origin = must_have(calloc(1, sizeof *origin));
    int64_t now = clock_monotonic_ms();
    origin->http = http;
    origin->config = config;
    origin->made_us = clock_now_us();
    http_request_list_init(&origin->waiting);
    http_request_list_init(&origin->running);
    rate_budget_init(&origin->budget, config->limits, now);
    concurrency_init(&origin->concurrency, config->max_concurrent, now);
    origin->next = http->origins;
    http->origins = origin;
    keep_connections(http);
    return origin;
}

void http_origin_free(struct http_origin *origin)
{
    if (!origin)
        return;
    struct http *http = origin->http;
    http_cancel(origin, NULL);
    for (struct http_origin **at = &http->origins; *at; at = &(*at)->next) {
        if (*at == origin) {
            *at = origin->next;
            break;
        }
    }
    keep_connections(http);
    http_config_drop(origin->config);
    validators_free(origin->validators);
    free(origin);
}

static void longest(enum http_hold *hold, int64_t *wait_ms, enum http_hold candidate, int64_t ms)
{
    if (ms <= *wait_ms)
        return;
    *hold = candidate;
    *wait_ms = ms;
}

enum http_hold http_origin_hold(struct http_origin *origin, int64_t *wait_ms)
{
    const struct http_config *config = origin->config;
    int64_t now_ms = clock_monotonic_ms(), now_us = clock_now_us();
    enum http_hold hold = HTTP_FREE;
    *wait_ms = 0;
    longest(&hold, wait_ms, HTTP_RETRY_AFTER, rate_budget_blocked_ms(&origin->budget, now_ms));
    longest(&hold, wait_ms, HTTP_BUDGET, rate_budget_wait_ms(&origin->budget, now_ms));
    longest(&hold, wait_ms, HTTP_QUIET, quiet_hours_left_ms(&config->quiet, now_us));
    if (config->per_day > 0 && request_count_today(&origin->count, now_us) >= config->per_day)
        longest(&hold, wait_ms, HTTP_DAY_SPENT, request_count_day_left_ms(now_us));
    return hold;
}

void http_origin_usage(struct http_origin *origin, struct http_usage *usage)
{
    int64_t now_us = clock_now_us();
    uint64_t per_day = origin->config->per_day;
    uint64_t today = request_count_today(&origin->count, now_us);
    *usage = (struct http_usage){.requests = origin->count.total,
                                 .refused = origin->refused,
                                 .this_hour = request_count_this_hour(&origin->count, now_us),
                                 .today = today,
                                 .left_today = -1,
                                 .rate = origin->budget.factor,
                                 .concurrent = (int)concurrency_bound(&origin->concurrency),
                                 .concurrent_now = (int)origin->running.count,
                                 .waiting = origin->waiting.count};
    if (per_day > 0) /* which is kept in the state */
        usage->left_today = today < per_day ? (int64_t)(per_day - today) : 0;
    else if (clock_day(origin->made_us) == clock_day(now_us))
        usage->today_since_us = origin->made_us;
    usage->hold = http_origin_hold(origin, &usage->hold_ms);
}

void http_origin_used(struct http_origin *origin, int32_t day, uint64_t requests)
{
    request_count_at_least(&origin->count, day, requests);
}

void http_remember(struct http_origin *origin, const struct http_validator *validator)
{
    validators_put(&origin->validators, validator, clock_monotonic_ms());
}

void http_forget(struct http_origin *origin)
{
    validators_free(origin->validators);
    origin->validators = NULL;
}
