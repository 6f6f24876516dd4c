#include "quiet_hours.h"

#include <ctype.h>
#include <string.h>

#define DAY_US INT64_C(86400000000)
#define MINUTE_US INT64_C(60000000)
#define ZONE_US (7 * 60 * MINUTE_US) /* as common/clock.h */

/* "22:00"; 24:00 is the end of the day. */
static bool minute_of(const char *text, int *minute)
{
    for (int i = 0; i < 5; i++) {
        if (i == 2 ? text[i] != ':' : !isdigit((unsigned char)text[i]))
            return false;
    }
    int hour = (text[0] - '0') * 10 + (text[1] - '0');
    int rest = (text[3] - '0') * 10 + (text[4] - '0');
    *minute = (hour * 60 + rest) % 1440;
    return rest < 60 && (hour < 24 || (hour == 24 && rest == 0));
}

bool quiet_hours_parse(const char *text, struct quiet_hours *out, struct error *err)
{
    struct quiet_hours q;
    if (strlen(text) != 11 || text[5] != '-' || !minute_of(text, &q.from_minute) ||
        !minute_of(text + 6, &q.to_minute) || q.from_minute == q.to_minute)
        return error_set(err, ERROR_CONFIG, false,
                         "quiet_hours: `%.40s` is not a span of the day; expected something like "
                         "\"22:00-05:00\" (Vietnam's time)",
                         text);
    *out = q;
    return true;
}

int64_t quiet_hours_left_ms(const struct quiet_hours *quiet, int64_t now_us)
{
    int64_t from = quiet->from_minute * MINUTE_US, to = quiet->to_minute * MINUTE_US;
    int64_t length = (to - from + DAY_US) % DAY_US;
    int64_t since = (now_us + ZONE_US - from) % DAY_US;
    if (since < 0)
        since += DAY_US;
    return since < length ? (length - since + 999) / 1000 : 0;
}
