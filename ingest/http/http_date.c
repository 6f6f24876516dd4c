#include "http_date.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"

static bool digits(const char *text, size_t count, int *value)
{
    int v = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        v = v * 10 + (text[i] - '0');
    }
    *value = v;
    return true;
}

bool http_date_parse(const char *text, int64_t *us)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const int month_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    /* "Sun, 06 Nov 1994 08:49:37 GMT" has fixed places. */
    if (strlen(text) != 29 || text[3] != ',' || text[4] != ' ' || text[7] != ' ' || text[11] != ' ' ||
        text[16] != ' ' || text[19] != ':' || text[22] != ':' || strcmp(text + 25, " GMT") != 0)
        return false;
    int day, year, hour, minute, second, month = 0;
    if (!digits(text + 5, 2, &day) || !digits(text + 12, 4, &year) || !digits(text + 17, 2, &hour) ||
        !digits(text + 20, 2, &minute) || !digits(text + 23, 2, &second))
        return false;
    for (int m = 0; m < 12; m++) {
        if (memcmp(months + (ptrdiff_t)m * 3, text + 8, 3) == 0)
            month = m + 1;
    }
    if (month == 0 || year < 1970 || year > 2199 || day < 1 || day > month_days[month - 1] ||
        hour > 23 || minute > 59 || second > 60)
        return false;
    int64_t days = clock_day_from_civil(year, month, day);
    *us = (((days * 24 + hour) * 60 + minute) * 60 + second) * INT64_C(1000000);
    return true;
}

static int64_t clamp(double ms)
{
    if (!(ms > RETRY_AFTER_MIN_MS))
        return RETRY_AFTER_MIN_MS;
    return ms < RETRY_AFTER_MAX_MS ? (int64_t)ms : RETRY_AFTER_MAX_MS;
}

int64_t retry_after_ms(const char *text, int64_t server_time_us)
{
    while (*text == ' ' || *text == '\t')
        text++;
    if (isdigit((unsigned char)*text) || *text == '-') {
        char *end;
        double seconds = strtod(text, &end);
        while (*end == ' ' || *end == '\t')
            end++;
        return *end == '\0' ? clamp(seconds * 1000.0) : 0;
    }
    int64_t at;
    if (!http_date_parse(text, &at))
        return 0;
    return clamp((double)(at - server_time_us) / 1000.0);
}
