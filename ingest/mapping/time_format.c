#include "time_format.h"

#include <string.h>
#include <strings.h>

#include "../../common/clock.h"

#define US_PER_S INT64_C(1000000)
#define DAY_S INT64_C(86400)
#define VIETNAM_S 25200
#define END_S INT64_C(7258118400) /* 2200-01-01T00:00:00Z */

struct parts {
    int year, month, day, hour, minute, second;
    bool twelve_hours, afternoon;
    int64_t fraction_us;
    int32_t zone_s;
};

/* One to `most` digits, moving *text behind them. */
static bool take_number(const char **text, int most, int *value)
{
    int digits = 0, number = 0;
    for (; digits < most && (*text)[0] >= '0' && (*text)[0] <= '9'; digits++, (*text)++)
        number = number * 10 + ((*text)[0] - '0');
    *value = number;
    return digits > 0;
}

static bool take_two(const char **text, int *value)
{
    const char *begin = *text;
    return take_number(text, 2, value) && *text == begin + 2;
}

/* "Z", "UTC", "+07:00", "+0700", "+07". */
static bool take_zone(const char **text, int32_t *zone_s)
{
    const char *at = *text;
    int hours, minutes = 0, sign = *at == '-' ? -1 : 1;
    *zone_s = 0;
    if (strncmp(at, "UTC", 3) == 0) {
        *text = at + 3;
        return true;
    }
    if (*at == 'Z' || *at == 'z') {
        *text = at + 1;
        return true;
    }
    if (*at != '+' && *at != '-')
        return false;
    at++;
    if (!take_two(&at, &hours))
        return false;
    const char *rest = at + (*at == ':');
    if (take_two(&rest, &minutes))
        at = rest;
    else if (*at == ':')
        return false;
    *zone_s = sign * (hours * 3600 + minutes * 60);
    *text = at;
    return hours <= 23 && minutes <= 59;
}

/* A fraction of one to nine digits, cut to microseconds. */
static bool take_fraction(const char **text, int64_t *us)
{
    int digits = 0;
    int64_t value = 0, unit = US_PER_S;
    for (; digits < 9 && (*text)[0] >= '0' && (*text)[0] <= '9'; digits++, (*text)++) {
        unit /= 10;
        value += ((*text)[0] - '0') * unit;
    }
    *us = value;
    return digits > 0;
}

static bool take_month(const char **text, bool in_full, int *month)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    for (int i = 0; i < 12; i++) {
        size_t length = in_full ? strlen(names[i]) : 3;
        if (strncasecmp(*text, names[i], length) != 0)
            continue;
        *text += length;
        *month = i + 1;
        return true;
    }
    return false;
}

static bool take_half(const char **text, struct parts *p)
{
    bool afternoon = strncasecmp(*text, "PM", 2) == 0;
    if (!afternoon && strncasecmp(*text, "AM", 2) != 0)
        return false;
    p->afternoon = afternoon;
    *text += 2;
    return true;
}

static bool take_pattern(const char *pattern, const char **text, struct parts *p);

static bool take_field(char field, const char **text, struct parts *p)
{
    const char *begin = *text;
    switch (field) {
    case 'Y':
        return take_number(text, 4, &p->year) && *text == begin + 4;
    case 'y':
        p->year = 0;
        if (!take_two(text, &p->year))
            return false;
        p->year += 2000;
        return true;
    case 'm':
        return take_number(text, 2, &p->month);
    case 'd':
    case 'e':
        *text += strspn(*text, " ");
        return take_number(text, 2, &p->day);
    case 'I':
        p->twelve_hours = true;
        return take_number(text, 2, &p->hour) && p->hour >= 1 && p->hour <= 12;
    case 'H':
        return take_number(text, 2, &p->hour);
    case 'M':
        return take_number(text, 2, &p->minute);
    case 'S':
        return take_number(text, 2, &p->second);
    case 'f':
        return take_fraction(text, &p->fraction_us);
    case 'p':
        return take_half(text, p);
    case 'b':
    case 'B':
        return take_month(text, field == 'B', &p->month);
    case 'z':
        return take_zone(text, &p->zone_s);
    case 'F':
        return take_pattern("%Y-%m-%d", text, p);
    case 'T':
        return take_pattern("%H:%M:%S", text, p);
    default:
        *text += 1;
        return *begin == '%';
    }
}

static bool take_pattern(const char *pattern, const char **text, struct parts *p)
{
    for (const char *at = pattern; *at; at++) {
        if (*at == '%') {
            if (!take_field(*++at, text, p))
                return false;
        } else if (*at == ' ') {
            *text += strspn(*text, " \t");
        } else if (**text == *at) {
            (*text)++;
        } else {
            return false;
        }
    }
    return true;
}

static bool day_of(const struct parts *p, int32_t *day)
{
    char date[CLOCK_DATE_SIZE] = "0000-00-00";
    int year = p->year;
    if (year > 9999 || p->month > 99 || p->day > 99)
        return false;
    for (int i = 3; i >= 0; i--, year /= 10)
        date[i] = (char)('0' + year % 10);
    date[5] = (char)('0' + p->month / 10);
    date[6] = (char)('0' + p->month % 10);
    date[8] = (char)('0' + p->day / 10);
    date[9] = (char)('0' + p->day % 10);
    return clock_parse_date(date, day);
}

static bool in_range(int64_t us)
{
    return us >= 0 && us < END_S * US_PER_S;
}

static bool read_pattern(const struct time_format *f, const char *text, int64_t *us)
{
    struct parts p = {.zone_s = f->zone_s};
    int32_t day;
    if (!take_pattern(f->pattern, &text, &p) || text[strspn(text, " \t\r\n")] != '\0' ||
        !day_of(&p, &day))
        return false;
    if (p.twelve_hours)
        p.hour = p.hour % 12 + (p.afternoon ? 12 : 0);
    if (p.hour > 23 || p.minute > 59 || p.second > 59)
        return false;
    int64_t seconds = (int64_t)day * DAY_S + p.hour * 3600 + p.minute * 60 + p.second - p.zone_s;
    *us = seconds * US_PER_S + p.fraction_us;
    return true;
}

static bool read_iso(const struct time_format *f, const char *text, int64_t *us)
{
    char zoned[48];
    size_t length = strlen(text);
    if (clock_parse(text, us))
        return true;
    if (!f->has_zone || length > sizeof zoned - 2)
        return false;
    memcpy(zoned, text, length);
    memcpy(zoned + length, "Z", 2);
    if (!clock_parse(zoned, us))
        return false;
    *us -= f->zone_s * US_PER_S;
    return true;
}

/* Digits, and a fraction of a unit. A number with an exponent is no instant. */
static bool read_unix(const char *text, int64_t unit_us, int64_t *us)
{
    int64_t whole = 0, fraction = 0;
    int digits = 0;
    for (; *text >= '0' && *text <= '9' && digits < 15; digits++, text++)
        whole = whole * 10 + (*text - '0');
    if (digits == 0)
        return false;
    if (*text == '.') {
        text++;
        if (!take_fraction(&text, &fraction))
            return false;
        text += strspn(text, "0123456789");
    }
    if (*text || whole > END_S * US_PER_S / unit_us)
        return false;
    *us = whole * unit_us + fraction * unit_us / US_PER_S;
    return true;
}

enum time_found time_format_read(const struct time_format *f, const char *text, int64_t *us)
{
    if (!text)
        return TIME_ABSENT;
    text += strspn(text, " \t\r\n");
    int64_t found = 0;
    int32_t day;
    bool ok = false;
    switch (f->kind) {
    case TIME_ISO:
        ok = read_iso(f, text, &found);
        break;
    case TIME_UNIX:
    case TIME_UNIX_MS:
        ok = read_unix(text, f->kind == TIME_UNIX ? US_PER_S : 1000, &found);
        if (ok && found == 0)
            return TIME_ABSENT;
        break;
    case TIME_DATE:
        ok = clock_parse_date(text, &day);
        if (ok)
            found = (day * DAY_S - (f->has_zone ? f->zone_s : VIETNAM_S)) * US_PER_S;
        break;
    case TIME_PATTERN:
        ok = read_pattern(f, text, &found);
        break;
    }
    if (!ok || !in_range(found))
        return TIME_MALFORMED;
    *us = found;
    return TIME_FOUND;
}

enum time_found time_format_read_day(const struct time_format *f, const char *text, int32_t *day)
{
    int64_t us;
    if (!text)
        return TIME_ABSENT;
    if ((f->kind == TIME_ISO || f->kind == TIME_DATE) &&
        clock_parse_date(text + strspn(text, " \t\r\n"), day))
        return *day >= 0 ? TIME_FOUND : TIME_MALFORMED;
    enum time_found found = time_format_read(f, text, &us);
    if (found == TIME_FOUND)
        *day = clock_day(us);
    return found;
}

/* ---- making ---- */

static bool make_zone(const char *zone, int32_t *zone_s)
{
    const char *rest = zone;
    *zone_s = VIETNAM_S;
    if (strcmp(zone, "Asia/Ho_Chi_Minh") == 0)
        return true;
    return take_zone(&rest, zone_s) && *rest == '\0';
}

/* A pattern must say the day; the rest may be left out. */
static const char *pattern_fault(const char *pattern, bool has_zone)
{
    bool year = false, month = false, day = false, zone = has_zone;
    for (const char *at = strchr(pattern, '%'); at; at = strchr(at + 2, '%')) {
        if (!at[1] || !strchr("YymdeHIMSfpbBzFT%", at[1]))
            return "the pattern has a % that is not known here";
        bool whole = at[1] == 'F';
        year |= whole || at[1] == 'Y' || at[1] == 'y';
        month |= whole || at[1] == 'm' || at[1] == 'b' || at[1] == 'B';
        day |= whole || at[1] == 'd' || at[1] == 'e';
        zone |= at[1] == 'z';
    }
    if (!year || !month || !day)
        return "no format: iso, unix, unix_ms, date, or a pattern with year, month and day such as "
               "\"%d/%m/%Y %H:%M\"";
    return zone ? NULL : "a pattern without %z needs `zone`";
}

bool time_format_make(const char *format, const char *zone, struct time_format *out, const char **why)
{
    static const char *const kinds[] = {"iso", "unix", "unix_ms", "date"};
    *out = (struct time_format){.kind = TIME_PATTERN, .has_zone = zone != NULL};
    *why = NULL;
    if (zone && !make_zone(zone, &out->zone_s)) {
        *why = "no zone: UTC, +07:00 or Asia/Ho_Chi_Minh";
        return false;
    }
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (strcmp(format ? format : "iso", kinds[i]) == 0) {
            out->kind = (enum time_kind)i;
            return true;
        }
    }
    out->pattern = format;
    *why = pattern_fault(format, out->has_zone);
    return *why == NULL;
}
