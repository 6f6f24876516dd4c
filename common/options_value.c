/* Option texts to values: pure. */
#include "options_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "json.h"

struct unit {
    const char *name;
    int64_t factor;
};

static const struct unit duration_units[] = {
    {"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
static const struct unit size_units[] = {
    {"TiB", INT64_C(1) << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}};

static void format_unit(int64_t value, const struct unit *units, size_t count, char *out, size_t size)
{
    size_t i = 0;
    while (i + 1 < count && (value == 0 || value % units[i].factor != 0))
        i++;
    (void)snprintf(out, size, "%lld%s", (long long)(value / units[i].factor), units[i].name);
}

void option_format_duration(int64_t ms, char *out, size_t size)
{
    format_unit(ms, duration_units, ARRAY_LEN(duration_units), out, size);
}

void option_format_size(int64_t bytes, char *out, size_t size)
{
    format_unit(bytes, size_units, ARRAY_LEN(size_units), out, size);
}

/* An optional minus and at most 18 digits, so that nothing overflows. Moves *text behind them. */
static bool take_integer(const char **text, int64_t *value)
{
    bool negative = **text == '-';
    const char *p = *text + (negative ? 1 : 0);
    int64_t result = 0;
    size_t digits = strspn(p, "0123456789");
    if (digits == 0 || digits > 18)
        return false;
    for (size_t i = 0; i < digits; i++)
        result = result * 10 + (p[i] - '0');
    *text = p + digits;
    *value = negative ? -result : result;
    return true;
}

static bool parse_unit(const char *text, const struct unit *units, size_t count, int64_t *number)
{
    int64_t value;
    if (!take_integer(&text, &value) || value < 0)
        return false;
    if (value == 0 && *text == '\0') {
        *number = 0;
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(text, units[i].name) == 0 && value <= INT64_MAX / units[i].factor) {
            *number = value * units[i].factor;
            return true;
        }
    }
    return false;
}

static bool parse_boolean(const char *text, int64_t *number)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strcasecmp(text, words[i]) == 0) {
            *number = (int64_t)(i % 2);
            return true;
        }
    }
    return false;
}

bool option_duration(const char *text, int64_t *ms)
{
    return parse_unit(text, duration_units, ARRAY_LEN(duration_units), ms);
}

bool option_boolean(const char *text, bool *value)
{
    int64_t number = 0;
    bool parsed = parse_boolean(text, &number);
    if (parsed)
        *value = number != 0;
    return parsed;
}

static bool is_choice(const char *choices, const char *text)
{
    size_t length = strlen(text);
    for (const char *p = choices; *p;) {
        size_t part = strcspn(p, "|");
        if (part == length && strncmp(p, text, part) == 0)
            return true;
        p += part + (p[part] ? 1 : 0);
    }
    return false;
}

static void format_bound(const struct option_spec *spec, int64_t value, char out[32])
{
    if (spec->type == OPTION_DURATION)
        option_format_duration(value, out, 32);
    else if (spec->type == OPTION_SIZE)
        option_format_size(value, out, 32);
    else
        (void)snprintf(out, 32, "%lld", (long long)value);
}

static bool within_bounds(const struct option_spec *spec, int64_t number, struct told *why)
{
    if ((spec->min == 0 && spec->max == 0) || (number >= spec->min && number <= spec->max))
        return true;
    char least[32], most[32];
    format_bound(spec, spec->min, least);
    format_bound(spec, spec->max, most);
    TOLD_FORMAT(why, "phải từ %s đến %s", "must be from %s to %s", least, most);
    return false;
}

bool option_parse_value(const struct option_spec *spec, const char *text, int64_t *number,
                        struct told *why)
{
    const char *rule = NULL, *vi = NULL;
    const char *rest = text;
    *number = 0;
    switch (spec->type) {
    case OPTION_TEXT:
    case OPTION_FILE:
        if (!utf8_valid(text, strlen(text)))
            rule = "is not UTF-8", vi = "không phải UTF-8";
        else if (spec->type == OPTION_FILE && *text == '\0')
            rule = "must name a file", vi = "phải là tên một tệp";
        else if (spec->type == OPTION_TEXT && spec->value && strchr(spec->value, '|') &&
                 !is_choice(spec->value, text)) {
            TOLD_FORMAT(why, "phải là một trong %s", "must be one of %s", spec->value);
            return false;
        }
        break;
    case OPTION_NUMBER:
        if (!take_integer(&rest, number) || *rest != '\0')
            rule = "must be a whole number", vi = "phải là số nguyên";
        break;
    case OPTION_BOOLEAN:
        if (!parse_boolean(text, number))
            rule = "must be true or false", vi = "phải là true hoặc false";
        break;
    case OPTION_DURATION:
        if (!parse_unit(text, duration_units, ARRAY_LEN(duration_units), number))
            rule = "must be a duration with its unit, such as 250ms, 30s, 5m, 2h or 7d",
            vi = "phải là khoảng thời gian có đơn vị, chẳng hạn 250ms, 30s, 5m, 2h hoặc 7d";
        break;
    case OPTION_SIZE:
        if (!parse_unit(text, size_units, ARRAY_LEN(size_units), number))
            rule = "must be a size, such as 64KiB, 8MiB, 1GiB or a number of bytes",
            vi = "phải là dung lượng, chẳng hạn 64KiB, 8MiB, 1GiB hoặc số byte";
        break;
    case OPTION_SECTION:
        rule = "is a section: it can only be written in the YAML file",
        vi = "là một mục lớn: chỉ ghi được trong tệp YAML";
        break;
    }
    if (rule) {
        told_set(why, vi, rule);
        return false;
    }
    return within_bounds(spec, *number, why);
}
