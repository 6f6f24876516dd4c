#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "../../ingest/http/http.h"
#include "../../ingest/http/origin.h"

static size_t waiting(struct http_origin *origin)
{
    struct http_usage usage;
    http_origin_usage(origin, &usage);
    return usage.waiting;
}

static struct origin_parts parts(const char *scheme, const char *host, const char *port)
{
    return (struct origin_parts){(char *)(uintptr_t)scheme, (char *)(uintptr_t)host,
                                 (char *)(uintptr_t)port};
}

static void same_means_scheme_host_and_port(void **state)
{
    (void)state;
    struct origin_parts a = parts("https", "lms.example", "443");
    struct origin_parts same = parts("HTTPS", "LMS.Example", "443");
    assert_true(origin_same(&a, &same));
    struct origin_parts others[] = {
        parts("http", "lms.example", "443"), parts("https", "lms.example.evil", "443"),
        parts("https", "lms.example", "8443"), parts("https", "xlms.example", "443")};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(origin_same(&a, &others[i]));
}

static void plain_http_only_at_home(void **state)
{
    (void)state;
    struct error err = {.kind = ERROR_NONE};
    static const char *const home[] = {"localhost", "127.0.0.1", "127.8.9.1", "[::1]"};
    static const char *const away[] = {"lms.example", "127.evil.example", "localhost.example",
                                       "10.0.0.1", "1127.0.0.1"};
    for (size_t i = 0; i < sizeof home / sizeof *home; i++) {
        struct origin_parts p = parts("http", home[i], "80");
        assert_true(origin_check_scheme(&p, false, &err));
    }
    for (size_t i = 0; i < sizeof away / sizeof *away; i++) {
        struct origin_parts p = parts("http", away[i], "80");
        assert_false(origin_check_scheme(&p, false, &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
        assert_true(origin_check_scheme(&p, true, &err));
        p.scheme = (char *)(uintptr_t) "ftp";
        assert_false(origin_check_scheme(&p, true, &err));
        p.scheme = (char *)(uintptr_t) "https";
        assert_true(origin_check_scheme(&p, false, &err));
    }
}

static void join(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"/api/x?a=1", "https://h/lms/api/x?a=1"},
        {"//evil.example/x", "//evil.example/x"},
        {"https://h/y", "https://h/y"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *url = origin_join("https://h/lms", cases[i][0]);
        assert_string_equal(url, cases[i][1]);
        free(url);
    }
}

/* How platforms write `next`: whole, relative, and as one sees itself behind a proxy that ends TLS for it. */
static void links_are_followed_on_the_origin(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"https://lms.example", "https://lms.example/x?cursor=1", "https://lms.example/x?cursor=1"},
        {"https://lms.example", "http://lms.example/x?cursor=1", "https://lms.example/x?cursor=1"},
        {"https://lms.example", "http://LMS.example:443?cursor=1", "https://lms.example?cursor=1"},
        {"https://lms.example:8443", "https://lms.example/x", "https://lms.example:8443/x"},
        {"https://lms.example:8443", "http://lms.example:8443/x", "https://lms.example:8443/x"},
        {"https://lms.example", "?cursor=1", "https://lms.example/api/list?cursor=1"},
        {"https://lms.example", "/api/list?cursor=1", "https://lms.example/api/list?cursor=1"},
        {"https://lms.example/lms", "/lms/api?c=1", "https://lms.example/lms/api?c=1"},
        {"https://lms.example/lms", "/api?c=1", "https://lms.example/lms/api?c=1"},
        {"https://lms.example/lms", "/lmsx?c=1", "https://lms.example/lms/lmsx?c=1"},
        {"https://lms.example", "https://lms.example:8443/x", "https://lms.example:8443/x"},
        {"https://lms.example", "https://evil.example/x", "https://evil.example/x"},
        {"https://lms.example", "https://u:p@lms.example/x", "https://u:p@lms.example/x"},
        {"https://lms.example", "ftp://lms.example/x", "ftp://lms.example/x"},
        {"https://lms.example", "//evil.example/x", "//evil.example/x"},
    };
    struct error err = {.kind = ERROR_NONE};
    struct http *http = http_new(&err);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_origin *origin = http_origin_new(
            http,
            &(struct http_origin_settings){
                .base_url = cases[i][0], .requests_per_minute = 60, .max_concurrent = 1},
            &err);
        char *url = http_follow(origin, "/api/list?page_size=100", cases[i][1]);
        assert_string_equal(url, cases[i][2]);
        free(url);
        url = http_follow(origin, "https://lms.example/api/list?cursor=0", "?cursor=1");
        assert_string_equal(url, "https://lms.example/api/list?cursor=1");
        free(url);
        http_origin_free(origin);
    }
    http_free(http);
}

static void on_done(void *context, const struct http_response *response)
{
    (void)response;
    ++*(int *)context;
}

/* Nothing of these may be sent, whatever a platform writes into `next`. */
static void links_off_the_origin_are_refused(void **state)
{
    (void)state;
    struct error err = {.kind = ERROR_NONE};
    struct http *http = http_new(&err);
    struct http_origin *origin = http_origin_new(
        http,
        &(struct http_origin_settings){
            .base_url = "https://lms.example/", .requests_per_minute = 60, .max_concurrent = 1},
        &err);
    assert_non_null(origin);
    static const char *const bad[] = {"https://evil.example/x",
                                      "http://lms.example/x",
                                      "https://lms.example:8443/x",
                                      "//evil.example/x",
                                      "https://lms.example@evil.example/x",
                                      "https://user:secret@lms.example/x",
                                      "https://evil.example\\@lms.example/x",
                                      "https://lms.example.evil.example/x",
                                      "file:///etc/passwd",
                                      "ftp://lms.example/x",
                                      "javascript:alert(1)",
                                      "https://lms.example/a b",
                                      "https://lms.example/\r\nX: y",
                                      "",
                                      "x?cursor=1"};
    int called = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err.kind = ERROR_NONE;
        assert_false(http_submit(origin, bad[i], NULL, NULL, on_done, &called, &err));
        assert_int_equal(err.kind, ERROR_SOURCE);
    }
    assert_int_equal(waiting(origin), 0);
    assert_true(http_submit(origin, "https://LMS.example:443/x?cursor=1", NULL, NULL, on_done,
                            &called, &err));
    assert_int_equal(waiting(origin), 1);
    http_free(http); /* cancels without calling back */
    assert_int_equal(called, 0);
}

static void wrong_addresses_are_refused_in_the_configuration(void **state)
{
    (void)state;
    struct error err = {.kind = ERROR_NONE};
    struct http *http = http_new(&err);
    static const char *const bad[] = {"",
                                      "lms example",
                                      "ftp://lms.example",
                                      "http://lms.example",
                                      "https://u:p@lms.example",
                                      "https://lms.example/?x=1",
                                      "/just/a/path"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err.kind = ERROR_NONE;
        assert_null(http_origin_new(
            http, &(struct http_origin_settings){.base_url = bad[i], .requests_per_minute = 60},
            &err));
        assert_int_equal(err.kind, ERROR_CONFIG);
    }
    http_free(http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_means_scheme_host_and_port),
        cmocka_unit_test(plain_http_only_at_home),
        cmocka_unit_test(join),
        cmocka_unit_test(links_are_followed_on_the_origin),
        cmocka_unit_test(links_off_the_origin_are_refused),
        cmocka_unit_test(wrong_addresses_are_refused_in_the_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
