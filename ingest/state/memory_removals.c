/* How much of a sub-stream was removed within 24 hours, by the hour. */
#include "memory.h"

#define HOUR_US INT64_C(3600000000)

static void shift_hours(struct substream *substream, int64_t hour)
{
    struct state_substream *kept = &substream->kept;
    int64_t by = hour - kept->hour;
    if (by <= 0)
        return; /* this hour, or the clock went back: count into the newest */
    for (int64_t i = STATE_REMOVAL_HOURS - 1; i >= 0; i--)
        kept->removed[i] = i >= by ? kept->removed[i - by] : 0;
    kept->hour = hour;
}

int64_t substream_removed_lately(const struct substream *substream, int64_t now_us)
{
    struct substream shifted = *substream;
    shift_hours(&shifted, now_us / HOUR_US);
    int64_t sum = 0;
    for (size_t i = 0; i < STATE_REMOVAL_HOURS; i++)
        sum += shifted.kept.removed[i];
    return sum;
}

void substream_count_removed(struct substream *substream, int64_t count_removed, int64_t now_us)
{
    shift_hours(substream, now_us / HOUR_US);
    substream->kept.removed[0] += count_removed;
}
