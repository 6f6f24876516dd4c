/* The HTTP client against a server that misbehaves on purpose (tests/fakes/hostile_server.py). */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../ingest/http/http.h"
#include "support/http_case.h"

/* --- what is sent --- */

static void a_body_of_any_type_is_posted(void **state)
{
    (void)state;
    struct http_origin_settings s = settings();
    s.contact = "mailto:data@so.example";
    struct http_origin *origin = origin_of(&s);
    const char *const headers[] = {"Authorization: Bearer x", "X-Experience-API-Version: 1.0.3",
                                   NULL};
    struct answer a = ask_with(origin, (struct http_call){.path_or_url = "/echo?a=1",
                                                          .headers = headers,
                                                          .body = "{\"a\":1}\n--",
                                                          .body_length = 8,
                                                          .content_type = "application/json"});
    assert_int_equal(a.status, 200);
    expect_text(a.body, "POST /echo?a=1 direct\n");
    expect_text(a.body, "\ncontent-type: application/json\n");
    expect_text(a.body, "\nx-experience-api-version: 1.0.3\n");
    expect_text(a.body, "\nauthorization: Bearer x\n");
    expect_text(a.body,
                "\nuser-agent: mooc-pulse/" MOOC_PULSE_VERSION " (+mailto:data@so.example)\n");
    expect_text(a.body, "\naccept-encoding: gzip\n");
    assert_string_equal(strstr(a.body, "\n\n"), "\n\n{\"a\":1}\n");
    a = ask_with(origin, (struct http_call){.path_or_url = "/echo", .body = "", .body_length = 0});
    expect_text(a.body, "POST /echo direct\n");
    expect_text(a.body, "\ncontent-type: application/x-www-form-urlencoded\n");
    expect_text(a.body, "\ncontent-length: 0\n");
    http_origin_free(origin);
}

static void a_line_break_in_a_header_is_refused(void **state)
{
    (void)state;
    struct http_origin *origin = new_origin();
    const char *const headers[] = {"Authorization: Bearer x\r\nHost: evil.example", NULL};
    struct error err = {.kind = ERROR_NONE};
    struct answer a = {.calls = 0};
    struct http_call call = {
        .path_or_url = "/echo", .headers = headers, .done = on_answer, .context = &a};
    assert_false(http_send(origin, &call, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    assert_null(strstr(err.message, "Bearer"));
    assert_int_equal(pending(origin), 0);
    http_origin_free(origin);
}

/* --- where it is sent --- */

static void nothing_leaves_the_origin(void **state)
{
    (void)state;
    struct http_origin *origin = new_origin();
    char links[12][128];
    int n = 0, port = hostile.port, canary = hostile.canary_port;
    const char *const headers[] = {"Authorization: Bearer secret", NULL};
    snprintf(links[n++], 128, "http://127.0.0.1:%d/good", canary);
    snprintf(links[n++], 128, "http://127.0.0.1:%d@127.0.0.1:%d/good", port, canary);
    snprintf(links[n++], 128, "http://user@127.0.0.1:%d/good", port);
    snprintf(links[n++], 128, "//127.0.0.1:%d/good", canary);
    snprintf(links[n++], 128, "/\\127.0.0.1:%d/good", canary);
    snprintf(links[n++], 128, "http:\\\\127.0.0.1:%d\\good", canary);
    snprintf(links[n++], 128, "http://127.0.0.1:%d\\@127.0.0.1:%d/", port, canary);
    snprintf(links[n++], 128, "http://127.0.0.1:%d#@127.0.0.1:%d/", canary, port);
    snprintf(links[n++], 128, "https://127.0.0.1:%d/good", port);
    snprintf(links[n++], 128, "http://127.0.0.1:%d/good\r\nHost: x", canary);
    snprintf(links[n++], 128, "file:///etc/passwd");
    snprintf(links[n++], 128, "gopher://127.0.0.1:%d/_x", canary);
    for (int i = 0; i < n; i++) {
        struct answer a = {.calls = 0};
        struct error err = {.kind = ERROR_NONE};
        char *link = http_follow(origin, "/good", links[i]);
        struct http_call call = {
            .path_or_url = link, .headers = headers, .done = on_answer, .context = &a};
        if (http_send(origin, &call, &err))
            wait_for(&a); /* a path on the origin, however strange */
        else
            assert_int_equal(err.kind, ERROR_SOURCE);
        free(link);
    }
    struct answer away =
        ask_with(origin, (struct http_call){.path_or_url = "/away", .headers = headers});
    expect(&away, ERROR_SOURCE, false, "redirect (HTTP 307)");
    assert_string_equal(ask(origin, "/canary").body, "0");
    http_origin_free(origin);
}

static void the_environment_sets_no_proxy_and_keeps_none_away(void **state)
{
    (void)state;
    char canary[64];
    snprintf(canary, sizeof canary, "http://127.0.0.1:%d", hostile.canary_port);
    setenv("http_proxy", canary, 1);
    setenv("all_proxy", canary, 1);
    setenv("no_proxy", "*", 1);
    struct http_origin *origin = new_origin();
    expect_text(ask(origin, "/echo").body, "GET /echo direct\n");
    struct http_origin_settings s = settings();
    s.base_url = "http://lms.invalid";
    s.allow_http = true;
    s.proxy = hostile.base;
    struct http_origin *behind = origin_of(&s);
    expect_text(ask(behind, "/echo").body, "GET http://lms.invalid/echo proxied\n");
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    unsetenv("no_proxy");
    assert_string_equal(ask(origin, "/canary").body, "0");
    http_origin_free(behind);
    http_origin_free(origin);
}

static void a_name_leads_where_the_settings_say(void **state)
{
    (void)state;
    char base[64], other[64], here[64], there[64];
    snprintf(base, sizeof base, "http://lms.test:%d", hostile.port);
    snprintf(other, sizeof other, "http://other.test:%d", hostile.port);
    snprintf(here, sizeof here, "lms.test:%d:127.0.0.1", hostile.port);
    snprintf(there, sizeof there, "other.test:%d:127.0.0.9", hostile.port);
    const char *resolve[] = {here, there, NULL};
    struct http_origin_settings s = settings();
    s.base_url = base;
    s.allow_http = true;
    s.resolve = resolve;
    s.contact = "somebody";
    struct http_origin *origin = origin_of(&s);
    struct answer a = ask(origin, "/echo");
    expect_text(a.body, "GET /echo direct\n");
    expect_text(a.body, "host: lms.test");
    expect_text(a.body, "(+somebody)");
    http_origin_free(origin);
    s.base_url = other; /* nobody listens there */
    origin = origin_of(&s);
    a = ask(origin, "/echo");
    expect(&a, ERROR_UNREACHABLE, true, "other.test");
    http_origin_free(origin);
}

static void impossible_settings_are_named(void **state)
{
    (void)state;
    static const char *const resolves[] = {"lms.test:443",          "lms.test:0:127.0.0.1",
                                           "-lms.test:443:1.2.3.4", "lms.test:443:lms2.test",
                                           "lms.test:443:1.2.3.4,", ":1:1.2.3.4"};
    static const char *const proxies[] = {"proxy.example:3128", "ftp://proxy", "http://", "://x"};
    static const char *const contacts[] = {"a\r\nHost: x", "a (b)"};
    struct error err;
    for (size_t i = 0; i < ARRAY_LEN(resolves); i++) {
        struct http_origin_settings s = settings();
        s.resolve = (const char *[]){"lms.test:443:[::1],10.0.0.1", resolves[i], NULL};
        assert_null(http_origin_new(hostile.http, &s, &err));
        assert_int_equal(strncmp(err.message, "resolve:", 8), 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(proxies); i++) {
        struct http_origin_settings s = settings();
        s.proxy = proxies[i];
        assert_null(http_origin_new(hostile.http, &s, &err));
        assert_int_equal(strncmp(err.message, "proxy:", 6), 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(contacts); i++) {
        struct http_origin_settings s = settings();
        s.contact = contacts[i];
        assert_null(http_origin_new(hostile.http, &s, &err));
        assert_int_equal(strncmp(err.message, "contact:", 8), 0);
    }
}

static void a_certificate_must_be_trusted_and_of_that_name(void **state)
{
    (void)state;
    char base[64], other[64], here[64], there[64];
    snprintf(base, sizeof base, "https://lms.test:%d", hostile.tls_port);
    snprintf(other, sizeof other, "https://other.test:%d", hostile.tls_port);
    snprintf(here, sizeof here, "lms.test:%d:127.0.0.1", hostile.tls_port);
    snprintf(there, sizeof there, "other.test:%d:127.0.0.1", hostile.tls_port);
    const char *resolve[] = {here, there, NULL};
    struct http_origin_settings s = settings();
    s.base_url = base;
    s.resolve = resolve;
    struct http_origin *origin = origin_of(&s);
    struct answer a = ask(origin, "/echo");
    expect(&a, ERROR_UNREACHABLE, true, "set ca_file");
    http_origin_free(origin);
    s.ca_file = hostile.certificate;
    origin = origin_of(&s);
    a = ask(origin, "/echo");
    assert_int_equal(a.error.kind, ERROR_NONE);
    expect_text(a.body, "GET /echo direct\n");
    http_origin_free(origin);
    s.base_url = other;
    origin = origin_of(&s);
    a = ask(origin, "/echo");
    expect(&a, ERROR_UNREACHABLE, true, "certificate");
    http_origin_free(origin);
}

/* --- what comes back --- */

static void headers_are_handed_on_by_name(void **state)
{
    (void)state;
    struct http_origin *origin = new_origin();
    struct answer a = ask(origin, "/linked");
    assert_string_equal(a.link, "</linked?page=1>; rel=\"first\", </linked?page=2>; rel=\"next\"");
    assert_string_equal(a.total, "41");
    assert_string_equal(a.late, "(absent)");
    a = ask(origin, "/early");
    assert_string_equal(a.late, "1");
    assert_false(a.has_validator); /* the early answer's ETag is none */
    a = ask(origin, "/trailer");
    assert_string_equal(a.body, "[]");
    assert_string_equal(a.link, "(absent)");
    a = ask(origin, "/slow_clock");
    assert_int_equal(a.server_time_us, INT64_C(784111777000000));
    a = ask(origin, "/refusing");
    assert_int_equal(a.status, 401);
    assert_int_equal(a.error.kind, ERROR_NONE);
    http_origin_free(origin);
}

static void not_modified_only_of_what_was_remembered(void **state)
{
    (void)state;
    struct http_origin *origin = new_origin();
    struct http_call call = {.path_or_url = "/versioned?a=1", .reader = READER};
    struct answer a = ask_with(origin, call);
    assert_int_equal(a.status, 200);
    assert_true(a.has_validator);
    a = ask_with(origin, call); /* read, but not remembered */
    assert_int_equal(a.status, 200);
    http_remember(origin, &a.validator);
    a = ask_with(origin, call);
    assert_true(a.not_modified);
    assert_int_equal(a.error.kind, ERROR_NONE);
    assert_int_equal(a.body_length, 0);
    assert_false(a.has_validator);
    assert_int_equal(ask(origin, "/versioned?a=1").status, 200); /* unconditional */
    call.reader = "another";
    assert_int_equal(ask_with(origin, call).status, 200);
    call.reader = READER;
    call.path_or_url = "/versioned?a=2";
    assert_int_equal(ask_with(origin, call).status, 200);
    call.path_or_url = "/versioned?a=1";
    http_forget(origin);
    assert_int_equal(ask_with(origin, call).status, 200);
    a = ask(origin, "/unasked_304");
    expect(&a, ERROR_SOURCE, false, "answers \"not modified\" (HTTP 304)");
    assert_false(a.not_modified);
    http_origin_free(origin);
}

/* A page may change again in the second that Last-Modified names. */
static void what_has_just_changed_is_told_apart_by_its_etag_only(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        bool has_validator, has_etag, has_modified;
    } cases[] = {{"/versioned", true, true, true},
                 {"/dated?ago=120", true, false, true},
                 {"/dated?ago=30", false, false, false},
                 {"/dated?ago=30&etag=1", true, true, false},
                 {"/dated?ago=120&undated=1", false, false, false}};
    struct http_origin *origin = new_origin();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct answer a = ask(origin, cases[i].path);
        assert_int_equal(a.status, 200);
        if (a.has_validator != cases[i].has_validator ||
            (*a.validator.etag != '\0') != cases[i].has_etag ||
            (*a.validator.modified != '\0') != cases[i].has_modified)
            fail_msg("%s: %d `%s` `%s`", cases[i].path, a.has_validator, a.validator.etag,
                     a.validator.modified);
    }
    http_origin_free(origin);
}

static size_t resident_kib(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    size_t kib = 0;
    assert_non_null(f);
    while (fgets(line, sizeof line, f))
        (void)sscanf(line, "VmRSS: %zu", &kib);
    fclose(f);
    return kib;
}

static void broken_and_boundless_answers_end_in_an_error_and_little_memory(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum error_kind kind;
        const char *says;
    } cases[] = {
        {"/truncated", ERROR_UNREACHABLE, ""},
        {"/reset", ERROR_UNREACHABLE, ""},
        {"/http09", ERROR_UNREACHABLE, "HTTP/0.9"},
        {"/garbage", ERROR_UNREACHABLE, ""},
        {"/endless", ERROR_SOURCE, "larger than 1048576 bytes"},
        {"/bomb", ERROR_SOURCE, "larger than 1048576 bytes"},
        {"/large_bomb", ERROR_SOURCE, "larger than 1048576 bytes"},
        {"/layers", ERROR_UNREACHABLE, "content encodings"},
        {"/headers", ERROR_SOURCE, "the headers of the answer"},
        {"/endless_headers", ERROR_SOURCE, "the headers of the answer"},
    };
    struct http_origin *origin = new_origin();
    ask(origin, "/good");
    size_t before = resident_kib();
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct answer a = ask(origin, cases[i].path);
        expect(&a, cases[i].kind, cases[i].kind == ERROR_UNREACHABLE, cases[i].says);
        assert_in_range(a.body_length, 0, MAX_BODY);
        assert_null(strstr(a.error.message, cases[i].path));
    }
    assert_in_range(resident_kib() - before, 0, 32 * 1024); /* with all that was freed in between */
    assert_int_equal(ask(origin, "/good").error.kind, ERROR_NONE);
    http_origin_free(origin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_of_any_type_is_posted),
        cmocka_unit_test(a_line_break_in_a_header_is_refused),
        cmocka_unit_test(nothing_leaves_the_origin),
        cmocka_unit_test(the_environment_sets_no_proxy_and_keeps_none_away),
        cmocka_unit_test(a_name_leads_where_the_settings_say),
        cmocka_unit_test(impossible_settings_are_named),
        cmocka_unit_test(a_certificate_must_be_trusted_and_of_that_name),
        cmocka_unit_test(headers_are_handed_on_by_name),
        cmocka_unit_test(not_modified_only_of_what_was_remembered),
        cmocka_unit_test(what_has_just_changed_is_told_apart_by_its_etag_only),
        cmocka_unit_test(broken_and_boundless_answers_end_in_an_error_and_little_memory),
    };
    return cmocka_run_group_tests(tests, hostile_start_tls, hostile_stop);
}
