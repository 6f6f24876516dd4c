/* The HTTP client against a server that misbehaves on purpose (tests/fakes/hostile_server.py). */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../ingest/http/http.h"
#include "support/hostile.h"

#define MAX_BODY (1 << 20)

static struct http_origin_settings settings(void)
{
    return (struct http_origin_settings){.base_url = hostile.base,
                                         .requests_per_minute = 60000,
                                         .max_concurrent = 4,
                                         .timeout_ms = 3000,
                                         .max_body_bytes = MAX_BODY};
}

static struct http_origin *origin_of(const struct http_origin_settings *s)
{
    struct error err = {.kind = ERROR_NONE};
    struct http_origin *origin = http_origin_new(hostile.http, s, &err);
    if (!origin)
        fail_msg("%s", err.message);
    return origin;
}

static struct http_origin *new_origin(void)
{
    struct http_origin_settings s = settings();
    return origin_of(&s);
}

/* What came back, copied. */
struct answer {
    int calls;
    long status;
    struct error error;
    size_t body_length;
    char body[2048], link[256], total[32], late[32];
    bool throttled, not_modified, has_validator;
    int64_t server_time_us, retry_after_ms;
    struct http_validator validator;
};

static void copy_header(char *out, size_t size, const struct http_response *r, const char *name)
{
    const char *value = http_response_header(r, name);
    snprintf(out, size, "%s", value ? value : "(absent)");
}

static void on_answer(void *context, const struct http_response *r)
{
    struct answer *a = context;
    a->calls++;
    a->status = r->status;
    a->error = r->error;
    a->body_length = r->body_length;
    snprintf(a->body, sizeof a->body, "%s", r->body);
    copy_header(a->link, sizeof a->link, r, "link");
    copy_header(a->total, sizeof a->total, r, "x-total-count");
    copy_header(a->late, sizeof a->late, r, "x-late");
    a->throttled = r->throttled;
    a->not_modified = r->not_modified;
    a->has_validator = http_response_validator(r, &a->validator);
    a->server_time_us = r->server_time_us;
    a->retry_after_ms = r->retry_after_ms;
}

static void wait_for(const struct answer *a)
{
    int64_t end = clock_monotonic_ms() + 10000;
    while (a->calls == 0 && clock_monotonic_ms() < end)
        http_poll(hostile.http, 100);
    assert_int_equal(a->calls, 1);
}

static struct answer ask_with(struct http_origin *origin, struct http_call call)
{
    struct answer a = {.calls = 0};
    struct error err = {.kind = ERROR_NONE};
    call.done = on_answer;
    call.context = &a;
    if (!http_send(origin, &call, &err))
        fail_msg("%s", err.message);
    wait_for(&a);
    return a;
}

static struct answer ask(struct http_origin *origin, const char *path)
{
    return ask_with(origin, (struct http_call){.path_or_url = path});
}

static void expect(const struct answer *a, enum error_kind kind, bool retriable, const char *text)
{
    assert_int_equal(a->error.kind, kind);
    assert_int_equal(a->error.retriable, retriable);
    if (!strstr(a->error.message, text))
        fail_msg("`%s` is not in: %s", text, a->error.message);
}

static void expect_text(const char *whole, const char *text)
{
    if (!strstr(whole, text))
        fail_msg("`%s` is not in: %s", text, whole);
}

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
    assert_int_equal(http_origin_pending(origin), 0);
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

static void settings_change_while_running(void **state)
{
    (void)state;
    char base[64], here[64], there[64];
    snprintf(base, sizeof base, "http://lms.test:%d", hostile.port);
    snprintf(here, sizeof here, "lms.test:%d:127.0.0.1", hostile.port);
    snprintf(there, sizeof there, "lms.test:%d:127.0.0.9", hostile.port);
    const char *to_here[] = {here, NULL}, *to_there[] = {there, NULL};
    struct http_origin_settings s = settings();
    s.base_url = base;
    s.allow_http = true;
    s.resolve = to_here;
    struct http_origin *origin = origin_of(&s);
    struct error err = {.kind = ERROR_NONE};
    struct answer a = ask(origin, "/echo");
    expect_text(a.body, "GET /echo direct\n");
    s.resolve = to_there; /* nobody listens there */
    assert_true(http_origin_configure(origin, &s, &err));
    a = ask(origin, "/echo");
    expect(&a, ERROR_UNREACHABLE, true, "lms.test");
    s.resolve = to_here;
    s.contact = "changed";
    assert_true(http_origin_configure(origin, &s, &err));
    expect_text(ask(origin, "/echo").body, "(+changed)");
    s.base_url = hostile.base;
    assert_false(http_origin_configure(origin, &s, &err));
    assert_int_equal(err.kind, ERROR_CONFIG);
    expect_text(ask(origin, "/echo").body, "host: lms.test");
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
    s.ca_file = hostile.certificate;
    struct error err;
    assert_true(http_origin_configure(origin, &s, &err));
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
    struct http_call call = {.path_or_url = "/versioned?a=1", .conditional = true};
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
    call.path_or_url = "/versioned?a=2";
    assert_int_equal(ask_with(origin, call).status, 200);
    call.path_or_url = "/versioned?a=1";
    http_forget(origin);
    assert_int_equal(ask_with(origin, call).status, 200);
    a = ask(origin, "/unasked_304");
    expect(&a, ERROR_SOURCE, false, "HTTP 304");
    assert_false(a.not_modified);
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

/* --- politeness --- */

static void throttling_is_known_in_every_form(void **state)
{
    (void)state;
    static const struct http_throttle throttles[] = {{409, "try again LATER"}};
    static const struct {
        const char *path;
        bool throttled;
        int64_t least_ms, most_ms;
    } cases[] = {
        {"/throttled", true, 900, 1000}, {"/bucket", true, 900, 1000},
        {"/busy", true, 900, 1000},      {"/stopped", false, 3599000, 3600000},
        {"/spent", false, 89000, 90000}, {"/forbidden", false, 0, 100},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_origin_settings s = settings();
        s.throttles = throttles;
        s.throttle_count = 1;
        struct http_origin *origin = origin_of(&s);
        struct answer a = ask(origin, cases[i].path);
        assert_int_equal(a.throttled, cases[i].throttled);
        if (a.throttled)
            expect(&a, ERROR_UNREACHABLE, true, "too often");
        struct http_usage usage;
        http_origin_usage(origin, &usage);
        assert_in_range(usage.hold_ms, cases[i].least_ms, cases[i].most_ms);
        assert_int_equal(usage.requests, 1);
        assert_int_equal(usage.refused, cases[i].throttled || a.status == 503);
        http_origin_free(origin);
    }
}

static void what_one_platform_says_stops_only_its_own_source(void **state)
{
    (void)state;
    struct http_origin *stopped = new_origin(), *free_to_go = new_origin();
    struct answer a = ask(stopped, "/stopped"), waits = {.calls = 0};
    assert_int_equal(a.retry_after_ms, 3600000);
    struct error err;
    assert_true(http_submit(stopped, "/good", NULL, NULL, on_answer, &waits, &err));
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(free_to_go, "/good").status, 200);
    assert_int_equal(waits.calls, 0);
    struct http_usage usage;
    http_origin_usage(stopped, &usage);
    assert_int_equal(usage.hold, HTTP_RETRY_AFTER);
    assert_int_equal(usage.waiting, 1);
    assert_true(usage.rate == 0.5);
    http_origin_usage(free_to_go, &usage);
    assert_int_equal(usage.hold, HTTP_FREE);
    assert_int_equal(usage.requests, 3);
    http_origin_free(stopped);
    http_origin_free(free_to_go);
    assert_int_equal(waits.calls, 0);
}

static void a_days_bound_and_quiet_hours_hold_everything(void **state)
{
    (void)state;
    struct http_origin_settings s = settings();
    s.requests_per_day = 12;
    struct http_origin *origin = origin_of(&s);
    http_origin_used(origin, clock_day(clock_now_us()), 10);
    struct http_usage usage;
    struct answer waits = {.calls = 0};
    struct error err;
    ask(origin, "/good");
    http_origin_usage(origin, &usage);
    assert_int_equal(usage.left_today, 1);
    assert_int_equal(usage.today, 11);
    assert_int_equal(usage.this_hour, 1);
    ask(origin, "/good");
    assert_true(http_submit(origin, "/good", NULL, NULL, on_answer, &waits, &err));
    http_poll(hostile.http, 0);
    http_origin_usage(origin, &usage);
    assert_int_equal(usage.hold, HTTP_DAY_SPENT);
    assert_int_equal(usage.left_today, 0);
    assert_int_equal(waits.calls, 0);
    s.requests_per_day = 0;
    int minute = (int)((clock_now_us() / 60000000 + 7 * 60) % 1440);
    s.quiet = (struct quiet_hours){minute, (minute + 120) % 1440};
    assert_true(http_origin_configure(origin, &s, &err));
    http_poll(hostile.http, 0);
    http_origin_usage(origin, &usage);
    assert_int_equal(usage.hold, HTTP_QUIET);
    assert_in_range(usage.hold_ms, 110 * 60000, 120 * 60000);
    assert_int_equal(usage.left_today, -1);
    assert_int_equal(waits.calls, 0);
    s.quiet = (struct quiet_hours){0, 0};
    assert_true(http_origin_configure(origin, &s, &err));
    wait_for(&waits);
    http_origin_free(origin);
}

static void connections_are_kept_and_concurrency_grows_with_demand(void **state)
{
    (void)state;
    struct http_origin *origin = new_origin();
    struct answer answers[12];
    struct http_usage usage;
    struct error err;
    memset(answers, 0, sizeof answers);
    for (size_t i = 0; i < ARRAY_LEN(answers); i++)
        assert_true(http_submit(origin, "/good", NULL, NULL, on_answer, &answers[i], &err));
    size_t most = 0;
    for (int64_t end = clock_monotonic_ms() + 10000;
         http_origin_pending(origin) > 0 && clock_monotonic_ms() < end;) {
        http_poll(hostile.http, 50);
        http_origin_usage(origin, &usage);
        most = (size_t)usage.concurrent_now > most ? (size_t)usage.concurrent_now : most;
        assert_in_range(usage.concurrent_now, 0, 4);
    }
    assert_int_equal(usage.requests, 12);
    assert_int_equal(usage.concurrent, 4);
    assert_in_range(most, 2, 4);
    http_origin_free(origin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_of_any_type_is_posted),
        cmocka_unit_test(a_line_break_in_a_header_is_refused),
        cmocka_unit_test(nothing_leaves_the_origin),
        cmocka_unit_test(the_environment_sets_no_proxy_and_keeps_none_away),
        cmocka_unit_test(settings_change_while_running),
        cmocka_unit_test(impossible_settings_are_named),
        cmocka_unit_test(a_certificate_must_be_trusted_and_of_that_name),
        cmocka_unit_test(headers_are_handed_on_by_name),
        cmocka_unit_test(not_modified_only_of_what_was_remembered),
        cmocka_unit_test(broken_and_boundless_answers_end_in_an_error_and_little_memory),
        cmocka_unit_test(throttling_is_known_in_every_form),
        cmocka_unit_test(what_one_platform_says_stops_only_its_own_source),
        cmocka_unit_test(a_days_bound_and_quiet_hours_hold_everything),
        cmocka_unit_test(connections_are_kept_and_concurrency_grows_with_demand),
    };
    return cmocka_run_group_tests(tests, hostile_start_tls, hostile_stop);
}
