#include "clock.h"

#include <string.h>
#include <time.h>

#define SECONDS_PER_DAY INT64_C(86400)
#define VIETNAM_OFFSET_SECONDS INT64_C(25200)
#define FIRST_YEAR 1970
#define LAST_YEAR 2199
/* Dates reach further back than instants: birth dates are dates. */
#define FIRST_DATE_YEAR 1900
#define END_US (INT64_C(7258118400) * US_PER_SECOND) /* 2200-01-01T00:00:00Z */

int64_t clock_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}

static int64_t read_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}

int64_t clock_monotonic_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

int64_t clock_monotonic_ms(void)
{
    return clock_monotonic_us() / 1000;
}

int64_t clock_thread_cpu_us(void)
{
    return read_us(CLOCK_THREAD_CPUTIME_ID);
}

/* Years counted from March, so that the leap day is the last of its year (Hinnant, "chrono-compatible date algorithms"). */
int32_t clock_day_from_civil(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void clock_civil_from_day(int32_t day, int *year, int *month, int *day_of_month)
{
    int64_t z = (int64_t)day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = (int)(z - era * 146097);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    *day_of_month = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *year = (int)(year_of_era + era * 400) + (*month <= 2 ? 1 : 0);
}

/* Exactly `count` digits; moves *text behind them. */
static bool take_digits(const char **text, int count, int *value)
{
    int result = 0;
    for (int i = 0; i < count; i++) {
        char c = (*text)[i];
        if (c < '0' || c > '9')
            return false;
        result = result * 10 + (c - '0');
    }
    *text += count;
    *value = result;
    return true;
}

static bool take(const char **text, char wanted)
{
    if (**text != wanted)
        return false;
    (*text)++;
    return true;
}

static bool take_date(const char **text, int first_year, int32_t *day)
{
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day_of_month;
    if (!take_digits(text, 4, &year) || !take(text, '-') || !take_digits(text, 2, &month) ||
        !take(text, '-') || !take_digits(text, 2, &day_of_month))
        return false;
    if (year < first_year || year > LAST_YEAR || month < 1 || month > 12)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int last = month_days[month - 1] + (month == 2 && leap ? 1 : 0);
    if (day_of_month < 1 || day_of_month > last)
        return false;
    *day = clock_day_from_civil(year, month, day_of_month);
    return true;
}

/* One to nine digits, cut to microseconds. */
static bool take_fraction(const char **text, int64_t *us)
{
    int64_t value = 0;
    int digits = 0;
    while (**text >= '0' && **text <= '9' && digits < 10) {
        if (digits < 6)
            value = value * 10 + (**text - '0');
        digits++;
        (*text)++;
    }
    if (digits == 0 || digits > 9)
        return false;
    for (int i = digits; i < 6; i++)
        value *= 10;
    *us = value;
    return true;
}

/* "Z", "+07:00", "+0700" or "+07"; seconds east of Greenwich. */
static bool take_zone(const char **text, int *seconds)
{
    if (take(text, 'Z') || take(text, 'z')) {
        *seconds = 0;
        return true;
    }
    int sign = **text == '-' ? -1 : 1;
    if (!take(text, '+') && !take(text, '-'))
        return false;
    int hours, minutes = 0;
    if (!take_digits(text, 2, &hours))
        return false;
    if (**text != '\0') {
        (void)take(text, ':');
        if (!take_digits(text, 2, &minutes))
            return false;
    }
    if (hours > 23 || minutes > 59)
        return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool clock_parse(const char *text, int64_t *us)
{
    int32_t day;
    int hour, minute, second, zone;
    int64_t fraction = 0;
    if (!text || !take_date(&text, FIRST_YEAR, &day))
        return false;
    if (!take(&text, 'T') && !take(&text, 't') && !take(&text, ' '))
        return false;
    if (!take_digits(&text, 2, &hour) || !take(&text, ':') || !take_digits(&text, 2, &minute) ||
        !take(&text, ':') || !take_digits(&text, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    if (take(&text, '.') && !take_fraction(&text, &fraction))
        return false;
    if (!take_zone(&text, &zone) || *text != '\0')
        return false;
    int64_t seconds = (int64_t)day * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second - zone;
    int64_t result = seconds * US_PER_SECOND + fraction;
    if (result < 0 || result >= END_US)
        return false;
    *us = result;
    return true;
}

static void put_digits(char *out, int count, int64_t value)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

void clock_format(int64_t us, char out[CLOCK_TEXT_SIZE])
{
    if (us < 0)
        us = 0;
    if (us >= END_US)
        us = END_US - 1;
    int64_t seconds = us / US_PER_SECOND;
    clock_format_date((int32_t)(seconds / SECONDS_PER_DAY), out);
    int64_t in_day = seconds % SECONDS_PER_DAY;
    out[10] = 'T';
    put_digits(out + 11, 2, in_day / 3600);
    out[13] = ':';
    put_digits(out + 14, 2, in_day / 60 % 60);
    out[16] = ':';
    put_digits(out + 17, 2, in_day % 60);
    out[19] = '.';
    put_digits(out + 20, 6, us % US_PER_SECOND);
    out[26] = 'Z';
    out[27] = '\0';
}

void clock_format_local(int64_t us, char out[CLOCK_LOCAL_SIZE])
{
    static const char zone[] = " +07:00";
    char there[CLOCK_TEXT_SIZE];
    clock_format(us + VIETNAM_OFFSET_SECONDS * US_PER_SECOND, there);
    memcpy(out, there, 19);
    out[10] = ' ';
    memcpy(out + 19, zone, sizeof(zone));
}

void clock_localise(const char *text, char out[CLOCK_LOCAL_SIZE])
{
    int64_t us;
    out[0] = '\0';
    if (clock_parse(text, &us))
        clock_format_local(us, out);
}

int32_t clock_day(int64_t us)
{
    int64_t local = floor_div(us, US_PER_SECOND) + VIETNAM_OFFSET_SECONDS;
    return (int32_t)floor_div(local, SECONDS_PER_DAY);
}

bool clock_parse_date(const char *text, int32_t *day)
{
    int32_t result;
    if (!text || !take_date(&text, FIRST_DATE_YEAR, &result) || *text != '\0')
        return false;
    *day = result;
    return true;
}

void clock_format_date(int32_t day, char out[CLOCK_DATE_SIZE])
{
    int year, month, day_of_month;
    clock_civil_from_day(day, &year, &month, &day_of_month);
    if (year < 0 || year > 9999)
        year = month = day_of_month = 0;
    put_digits(out, 4, year);
    out[4] = '-';
    put_digits(out + 5, 2, month);
    out[7] = '-';
    put_digits(out + 8, 2, day_of_month);
    out[10] = '\0';
}
