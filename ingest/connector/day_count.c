#include "day_count.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"

#define CURSOR "requests" /* "2026-11-29 1200" */
#define SHARE 1000        /* of the bound, that is written ahead */
#define LEAST 10          /* requests: more than are sent until it is committed */

static uint64_t share_of(uint64_t bound)
{
    uint64_t share = bound / SHARE > LEAST ? bound / SHARE : LEAST;
    if (share > bound / 10)
        share = bound / 10;
    return share > 0 ? share : 1;
}

uint64_t day_count_ahead(uint64_t kept, uint64_t used, uint64_t bound)
{
    uint64_t share = share_of(bound);
    return used + (share + 1) / 2 > kept ? used + share : kept;
}

/* What the state says of a day. */
static uint64_t kept_of(const struct platform *p, int32_t day)
{
    const char *text = shard_cursor_get(p->shard, p->base.name, CURSOR);
    char date[CLOCK_DATE_SIZE] = "", *end;
    int32_t of;
    if (!text || strlen(text) < sizeof date || text[sizeof date - 1] != ' ')
        return 0;
    memcpy(date, text, sizeof date - 1);
    uint64_t count = strtoull(text + sizeof date, &end, 10);
    return *end == '\0' && clock_parse_date(date, &of) && of == day ? count : 0;
}

void day_count_recall(struct platform *p)
{
    int32_t day = clock_day(clock_now_us());
    struct http_usage usage;
    if (p->settings.requests_per_day > 0)
        http_origin_used(p->origin, day, kept_of(p, day));
    http_origin_usage(p->origin, &usage);
    p->requests_told = usage.requests;
}

/* Nothing is written before anything was sent, so that restarts alone use nothing up. */
void day_count_keep(struct platform *p)
{
    struct http_usage usage;
    if (p->settings.requests_per_day <= 0)
        return;
    http_origin_usage(p->origin, &usage);
    if (usage.requests == p->requests_told)
        return;
    p->requests_told = usage.requests;
    int32_t day = clock_day(clock_now_us());
    uint64_t kept = kept_of(p, day);
    uint64_t ahead = day_count_ahead(kept, usage.today, (uint64_t)p->settings.requests_per_day);
    if (ahead == kept)
        return;
    char date[CLOCK_DATE_SIZE], text[CLOCK_DATE_SIZE + 24];
    clock_format_date(day, date);
    snprintf(text, sizeof text, "%s %" PRIu64, date, ahead);
    shard_cursor_set(p->shard, p->base.name, CURSOR, text);
}
