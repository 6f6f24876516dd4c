#include "throttle_headers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_S 3600.0
#define INSTANT_S 1e9   /* a larger reset is an instant in s since 1970 ... */
#define INSTANT_MS 1e12 /* ... or in ms */

static const char *const remaining_names[] = {"RateLimit-Remaining", "X-RateLimit-Remaining",
                                              "X-Rate-Limit-Remaining"};
static const char *const limit_names[] = {"RateLimit-Limit", "X-RateLimit-Limit",
                                          "X-Rate-Limit-Limit"};
static const char *const reset_names[] = {"RateLimit-Reset", "X-RateLimit-Reset",
                                          "X-Rate-Limit-Reset"};

static bool number_of(const char *text, double *number)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || !isfinite(value) || (*end != '\0' && !strchr(" \t,;", *end)))
        return false;
    *number = value;
    return true;
}

static bool first_number(const struct http_headers *h, const char *const names[3], double *number)
{
    for (size_t i = 0; i < 3; i++) {
        const char *value = http_headers_get(h, names[i]);
        if (value && number_of(value, number))
            return true;
    }
    return false;
}

/* The number behind `key=` in `"default";r=50;t=30` or `limit=100, remaining=50, reset=30`; quoted text is passed over. */
static bool keyed(const char *value, const char *key, double *number)
{
    size_t length = strlen(key);
    bool quoted = false, begins = true;
    for (const char *at = value; *at; at++) {
        if (!quoted && begins && strncmp(at, key, length) == 0 && at[length] == '=')
            return number_of(at + length + 1, number);
        if (*at == '"')
            quoted = !quoted;
        begins = strchr(" \t,;", *at) != NULL;
    }
    return false;
}

static int64_t reset_of(double seconds, int64_t server_time_us)
{
    if (seconds >= INSTANT_MS)
        seconds /= 1000.0;
    if (seconds >= INSTANT_S)
        seconds -= (double)server_time_us / 1e6;
    return (int64_t)(fmin(fmax(seconds, 0.0), LONGEST_S) * 1000.0);
}

struct throttle_hint throttle_headers_read(const struct http_headers *headers, int64_t server_time_us)
{
    struct throttle_hint hint = {.has_remaining = false};
    double reset = 0.0;
    const char *whole = http_headers_get(headers, "RateLimit");
    const char *policy = http_headers_get(headers, "RateLimit-Policy");
    if (whole) {
        hint.has_remaining =
            keyed(whole, "r", &hint.remaining) || keyed(whole, "remaining", &hint.remaining);
        (void)(keyed(whole, "t", &reset) || keyed(whole, "reset", &reset));
        (void)(keyed(whole, "limit", &hint.limit) || (policy && keyed(policy, "q", &hint.limit)));
    } else {
        hint.has_remaining = first_number(headers, remaining_names, &hint.remaining);
        (void)first_number(headers, limit_names, &hint.limit);
        (void)first_number(headers, reset_names, &reset);
    }
    hint.limit = fmax(hint.limit, 0.0);
    hint.reset_ms = reset_of(reset, server_time_us);
    return hint;
}
