#include <inttypes.h>
#include <stdio.h>

#include "number.h"
#include "../../common/clock.h"

bool rate_tenths(int64_t part, int64_t whole, int64_t *tenths)
{
    if (whole <= 0 || part < 0 || part / whole >= INT64_MAX / 1000)
        return false;
    /* Whole hundreds first, so that nothing overflows; then one digit at a time, which stays exact. */
    int64_t result = part / whole * 1000;
    int64_t rest = part % whole;
    for (int64_t scale = 100; scale > 0; scale /= 10) {
        int64_t digit = 0;
        /* rest * 10 / whole by additions where the product would not fit */
        if (rest > INT64_MAX / 10) {
            int64_t sum = 0;
            for (int i = 0; i < 10; i++) {
                if (sum >= whole - rest) {
                    sum -= whole - rest;
                    digit++;
                } else {
                    sum += rest;
                }
            }
            rest = sum;
        } else {
            digit = rest * 10 / whole;
            rest = rest * 10 % whole;
        }
        result += digit * scale;
    }
    *tenths = result + (rest >= whole - rest ? 1 : 0);
    return true;
}

void format_count(int64_t count, enum language language, char out[NUMBER_SIZE])
{
    char digits[24];
    int length = snprintf(digits, sizeof(digits), "%" PRId64, count);
    size_t used = 0;
    for (int i = 0; i < length; i++) {
        bool group = i > 0 && digits[i - 1] != '-' && (length - i) % 3 == 0;
        if (group)
            out[used++] = language == LANGUAGE_VI ? '.' : ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

void format_change(int64_t change, enum language language, char out[NUMBER_SIZE])
{
    out[0] = '+';
    format_count(change, language, change > 0 ? out + 1 : out);
}

void format_rate(int64_t tenths, enum language language, char out[NUMBER_SIZE])
{
    snprintf(out, NUMBER_SIZE, "%" PRId64 "%c%" PRId64 "%%", tenths / 10,
             language == LANGUAGE_VI ? ',' : '.', tenths % 10);
}

bool format_share(int64_t part, int64_t whole, enum language language, char out[NUMBER_SIZE])
{
    int64_t tenths;
    if (!rate_tenths(part, whole, &tenths))
        return false;
    if (part == whole || part == 0)
        snprintf(out, NUMBER_SIZE, "%" PRId64 "%%", tenths / 10);
    else
        format_rate(tenths, language, out);
    return true;
}

void format_plain_rate(int64_t tenths, char out[NUMBER_SIZE])
{
    snprintf(out, NUMBER_SIZE, "%" PRId64 ".%" PRId64, tenths / 10, tenths % 10);
}

void format_plain_date(int64_t day, char out[NUMBER_SIZE])
{
    clock_format_date((int32_t)day, out);
}
