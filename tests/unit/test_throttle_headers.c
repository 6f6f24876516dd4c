#include "cmocka_all.h"

#include <string.h>

#include "../../ingest/http/throttle_headers.h"

#define NOW_US INT64_C(1700000000000000)

static struct throttle_hint read_lines(const char *const *lines)
{
    struct http_headers h = {.data = NULL};
    for (size_t i = 0; lines[i]; i++)
        assert_true(http_headers_add(&h, lines[i], strlen(lines[i])));
    struct throttle_hint hint = throttle_headers_read(&h, NOW_US);
    http_headers_free(&h);
    return hint;
}

static void every_form_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *lines[4];
        bool has_remaining;
        double remaining, limit;
        int64_t reset_ms;
    } cases[] = {
        {{"Server: x"}, false, 0, 0, 0},
        {{"X-Rate-Limit-Remaining: 689.25", "X-Request-Cost: 0.31"}, true, 689.25, 0, 0},
        {{"RateLimit-Limit: 100, 100;w=60", "RateLimit-Remaining: 7", "RateLimit-Reset: 30"},
         true,
         7,
         100,
         30000},
        {{"X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1700000090"}, true, 0, 0, 90000},
        {{"X-RateLimit-Remaining: 1", "X-RateLimit-Reset: 1700000090000"}, true, 1, 0, 90000},
        {{"X-RateLimit-Remaining: 1", "X-RateLimit-Reset: 1600000000"}, true, 1, 0, 0},
        {{"RateLimit: limit=10, remaining=4, reset=50"}, true, 4, 10, 50000},
        {{"RateLimit: \"r=1;t=1\";r=50;t=30, \"day\";r=9;t=90",
          "RateLimit-Policy: \"a\";q=80;w=60"},
         true,
         50,
         80,
         30000},
        {{"RateLimit-Remaining: -3", "RateLimit-Limit: -3", "RateLimit-Reset: 1e300"}, true, -3, 0, 3600000},
        {{"RateLimit-Remaining: nan", "RateLimit-Reset: -5"}, false, 0, 0, 0},
        {{"RateLimit-Remaining: 5x"}, false, 0, 0, 0},
        {{"RateLimit-Remaining: inf"}, false, 0, 0, 0},
        {{"RateLimit-Remaining:"}, false, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct throttle_hint hint = read_lines(cases[i].lines);
        assert_int_equal(hint.has_remaining, cases[i].has_remaining);
        if (hint.has_remaining)
            assert_true(hint.remaining == cases[i].remaining);
        assert_true(hint.limit == cases[i].limit);
        assert_in_range(hint.reset_ms, cases[i].reset_ms - (cases[i].reset_ms > 0),
                        cases[i].reset_ms + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_form_is_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
