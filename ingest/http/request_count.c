#include "request_count.h"

#include "../../common/clock.h"

#define HOUR_US INT64_C(3600000000)
#define ZONE_US (7 * HOUR_US) /* as common/clock.h */

static int64_t hour_of(int64_t us)
{
    return (us + ZONE_US) / HOUR_US;
}

static void turn(struct request_count *count, int64_t now_us)
{
    if (clock_day(now_us) != count->day)
        count->in_day = 0;
    if (hour_of(now_us) != count->hour)
        count->in_hour = 0;
    count->day = clock_day(now_us);
    count->hour = hour_of(now_us);
}

void request_count_add(struct request_count *count, int64_t now_us)
{
    turn(count, now_us);
    count->total++;
    count->in_day++;
    count->in_hour++;
}

uint64_t request_count_today(const struct request_count *count, int64_t now_us)
{
    return clock_day(now_us) == count->day ? count->in_day : 0;
}

uint64_t request_count_this_hour(const struct request_count *count, int64_t now_us)
{
    return hour_of(now_us) == count->hour ? count->in_hour : 0;
}

void request_count_at_least(struct request_count *count, int32_t day, uint64_t sent)
{
    if (day < count->day || (day == count->day && sent <= count->in_day))
        return;
    count->day = day;
    count->in_day = sent;
}

int64_t request_count_day_left_ms(int64_t now_us)
{
    int64_t day_us = 24 * HOUR_US;
    return (day_us - (now_us + ZONE_US) % day_us + 999) / 1000;
}
