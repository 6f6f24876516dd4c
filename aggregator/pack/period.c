#include "period.h"

#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"

#define DAY_US (24 * 3600 * INT64_C(1000000))
#define VIETNAM_US (7 * 3600 * INT64_C(1000000))
#define THURSDAY 3 /* of a week that begins on Monday; day 0, 1970-01-01, was one */

static int weekday(int32_t day) /* Monday is 0 */
{
    return (int)(((day + THURSDAY) % 7 + 7) % 7);
}

/* ISO 8601: week 1 is the one with the year's first Thursday. */
static int32_t week_1_monday(int year)
{
    int32_t fourth = clock_day_from_civil(year, 1, 4);
    return fourth - weekday(fourth);
}

static int weeks_of(int year)
{
    return (int)(week_1_monday(year + 1) - week_1_monday(year)) / 7;
}

static void set_months(struct period *p, int first_month, int months)
{
    int next = first_month + months;
    p->first = clock_day_from_civil(p->year, first_month, 1);
    p->last = clock_day_from_civil(p->year + (next > 12), next > 12 ? next - 12 : next, 1) - 1;
}

static void set_days(struct period *p)
{
    switch (p->kind) {
    case PERIOD_WEEK:
        p->first = week_1_monday(p->year) + 7 * (p->number - 1);
        p->last = p->first + 6;
        break;
    case PERIOD_MONTH:
        set_months(p, p->number, 1);
        break;
    case PERIOD_QUARTER:
        set_months(p, 3 * p->number - 2, 3);
        break;
    case PERIOD_HALF:
        set_months(p, 6 * p->number - 5, 6);
        break;
    case PERIOD_YEAR:
        set_months(p, 1, 12);
        break;
    }
}

static int most(const struct period *p)
{
    static const int counts[] = {0, 12, 4, 2, 1};
    return p->kind == PERIOD_WEEK ? weeks_of(p->year) : counts[p->kind];
}

static int digits(const char *text, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = 10 * value + (text[i] - '0');
    }
    return value;
}

static bool read_parts(const char *text, struct period *p)
{
    size_t length = strlen(text);
    if (length < 4 || (length > 4 && text[4] != '-'))
        return false;
    p->year = digits(text, 4);
    if (length == 4) {
        p->kind = PERIOD_YEAR;
        p->number = 1;
    } else if (length == 8 && text[5] == 'W') {
        p->kind = PERIOD_WEEK;
        p->number = digits(text + 6, 2);
    } else if (length == 7 && (text[5] == 'Q' || text[5] == 'H')) {
        p->kind = text[5] == 'Q' ? PERIOD_QUARTER : PERIOD_HALF;
        p->number = digits(text + 6, 1);
    } else if (length == 7) {
        p->kind = PERIOD_MONTH;
        p->number = digits(text + 5, 2);
    } else {
        return false;
    }
    return p->year >= 1971 && p->year <= 2198 && p->number >= 1 && p->number <= most(p);
}

bool period_parse(const char *text, struct period *period, struct error *err)
{
    if (!read_parts(text, period))
        return error_tell(
            err, ERROR_USAGE, false,
            "\"%.20s\" không phải là kỳ báo cáo: hãy viết 2023-W39, 2023-09, "
            "2023-Q3, 2023-H1 hoặc 2023",
            "\"%.20s\" is no period: write 2023-W39, 2023-09, 2023-Q3, 2023-H1 or 2023", text);
    set_days(period);
    return true;
}

struct period period_before(const struct period *period)
{
    struct period before = *period;
    if (--before.number == 0) {
        before.year--;
        before.number = most(&before);
    }
    set_days(&before);
    return before;
}

int64_t period_end_us(const struct period *period)
{
    return (period->last + 1) * DAY_US - VIETNAM_US - 1;
}

void period_name(const struct period *p, enum language language, char out[PERIOD_NAME_SIZE])
{
    static const char *const halves[] = {"đầu", "cuối"};
    char first[CLOCK_DATE_SIZE], last[CLOCK_DATE_SIZE];
    bool vi = language == LANGUAGE_VI;
    clock_format_date(p->first, first);
    clock_format_date(p->last, last);
    switch (p->kind) {
    case PERIOD_WEEK:
        snprintf(out, PERIOD_NAME_SIZE,
                 vi ? "tuần %d năm %d (%.2s/%.2s–%.2s/%.2s/%.4s)"
                    : "week %d of %d (%.2s/%.2s–%.2s/%.2s/%.4s)",
                 p->number, p->year, first + 8, first + 5, last + 8, last + 5, last);
        break;
    case PERIOD_MONTH:
        snprintf(out, PERIOD_NAME_SIZE, vi ? "tháng %d năm %d" : "month %d of %d", p->number,
                 p->year);
        break;
    case PERIOD_QUARTER:
        snprintf(out, PERIOD_NAME_SIZE, vi ? "quý %d năm %d" : "quarter %d of %d", p->number,
                 p->year);
        break;
    case PERIOD_HALF:
        if (vi)
            snprintf(out, PERIOD_NAME_SIZE, "6 tháng %s năm %d", halves[p->number - 1], p->year);
        else
            snprintf(out, PERIOD_NAME_SIZE, "half-year %d of %d", p->number, p->year);
        break;
    case PERIOD_YEAR:
        snprintf(out, PERIOD_NAME_SIZE, vi ? "năm %d" : "year %d", p->year);
        break;
    }
}
