#include "tell.h"

#include <inttypes.h>
#include <string.h>

bool tell_in_vietnamese(const struct options *options)
{
    return options_given(options, "lang") && strcmp(options_text(options, "lang"), "vi") == 0;
}

void tell_age(int64_t ms, bool vietnamese, char out[32])
{
    const char *seconds = vietnamese ? "giây" : "s";
    if (ms < 10000)
        snprintf(out, 32, "%" PRId64 "%c%" PRId64 " %s", ms / 1000, vietnamese ? ',' : '.',
                 ms % 1000 / 100, seconds);
    else if (ms < 120 * 1000)
        snprintf(out, 32, "%" PRId64 " %s", ms / 1000, seconds);
    else if (ms < 120 * 60 * 1000)
        snprintf(out, 32, "%" PRId64 " %s", ms / 60000, vietnamese ? "phút" : "min");
    else if (ms < INT64_C(48) * 3600 * 1000)
        snprintf(out, 32, "%" PRId64 " %s", ms / 3600000, vietnamese ? "giờ" : "h");
    else
        snprintf(out, 32, "%" PRId64 " %s", ms / 86400000, vietnamese ? "ngày" : "d");
}

void told_set(struct told *told, const char *vi, const char *en)
{
    snprintf(told->vi, sizeof(told->vi), "%s", vi);
    snprintf(told->en, sizeof(told->en), "%s", en);
}
