#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../ingest/http/http_headers.h"

static bool add(struct http_headers *h, const char *line)
{
    return http_headers_add(h, line, strlen(line));
}

static void names_in_any_case_and_repeated_ones_joined(void **state)
{
    (void)state;
    struct http_headers h = {.data = NULL};
    assert_null(http_headers_get(&h, "ETag"));
    assert_true(add(&h, "HTTP/1.1 200 OK\r\n"));
    assert_true(add(&h, "Link: </a>; rel=\"prev\"\r\n"));
    assert_true(add(&h, "ETag:  \"x\"  \r\n"));
    assert_true(add(&h, "link: </b>; rel=\"next\"\r\n"));
    assert_true(add(&h, "X-Empty:\r\n"));
    assert_true(add(&h, "no header at all\r\n"));
    assert_true(add(&h, "\r\n"));
    assert_string_equal(http_headers_get(&h, "LINK"), "</a>; rel=\"prev\", </b>; rel=\"next\"");
    assert_string_equal(http_headers_get(&h, "etag"), "\"x\"");
    assert_string_equal(http_headers_get(&h, "x-empty"), "");
    assert_null(http_headers_get(&h, "x-emp"));
    http_headers_free(&h);
}

static void an_interim_answer_does_not_count(void **state)
{
    (void)state;
    struct http_headers h = {.data = NULL};
    assert_true(add(&h, "HTTP/1.1 103 Early Hints\r\n"));
    assert_true(add(&h, "Link: </early>; rel=next\r\n"));
    assert_true(add(&h, "HTTP/1.1 200 OK\r\n"));
    assert_null(http_headers_get(&h, "Link"));
    http_headers_free(&h);
}

static void what_is_behind_a_nul_is_dropped(void **state)
{
    (void)state;
    struct http_headers h = {.data = NULL};
    assert_true(http_headers_add(&h, "A: b\0c: d", 9));
    assert_string_equal(http_headers_get(&h, "a"), "b");
    assert_true(http_headers_add(&h, "\0A: b", 5));
    assert_true(http_headers_add(&h, "C: d", 4));
    assert_string_equal(http_headers_get(&h, "c"), "d");
    http_headers_free(&h);
}

static void a_flood_is_refused(void **state)
{
    (void)state;
    struct http_headers h = {.data = NULL};
    char line[1024];
    snprintf(line, sizeof line, "x: %01000d\r\n", 0);
    int taken = 0;
    while (add(&h, line))
        taken++;
    assert_int_equal(taken, 65536 / 1005);
    http_headers_free(&h);
    taken = 0;
    while (add(&h, "a:\r\n"))
        taken++;
    assert_int_equal(taken, 256);
    assert_true(h.capacity <= 2048);
    http_headers_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_in_any_case_and_repeated_ones_joined),
        cmocka_unit_test(an_interim_answer_does_not_count),
        cmocka_unit_test(what_is_behind_a_nul_is_dropped),
        cmocka_unit_test(a_flood_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
