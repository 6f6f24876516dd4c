#include "tell.h"

#include <inttypes.h>
#include <string.h>

bool tell_in_vietnamese(const struct options *options)
{
    if (options_given(options, "lang"))
        return strcmp(options_text(options, "lang"), "vi") == 0;
    return options_speak_vietnamese(options);
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

void tell_instant(int64_t us, bool vietnamese, char out[CLOCK_LOCAL_SIZE])
{
    char iso[CLOCK_LOCAL_SIZE]; /* 2023-09-20 15:15:30 +07:00 */
    clock_format_local(us, iso);
    if (vietnamese)
        snprintf(out, CLOCK_LOCAL_SIZE, "%.2s/%.2s/%.4s %.8s", iso + 8, iso + 5, iso, iso + 11);
    else
        memcpy(out, iso, sizeof(iso));
}

void tell_instant_of(const char *text, bool vietnamese, char out[CLOCK_LOCAL_SIZE])
{
    int64_t us;
    out[0] = '\0';
    if (clock_parse(text, &us))
        tell_instant(us, vietnamese, out);
}

void tell_bytes(int64_t bytes, bool vietnamese, char out[32])
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    double size = (double)bytes;
    size_t unit = 0;
    while (size >= 1024 && unit + 1 < ARRAY_LEN(units)) {
        size /= 1024;
        unit++;
    }
    snprintf(out, 32, unit > 0 ? "%.1f %s" : "%.0f %s", size, units[unit]);
    char *point = strchr(out, '.');
    if (vietnamese && point)
        *point = ',';
}

void told_set(struct told *told, const char *vi, const char *en)
{
    snprintf(told->vi, sizeof(told->vi), "%s", vi);
    snprintf(told->en, sizeof(told->en), "%s", en);
}
