#include "http_case.h"

#include "../cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "../../../common/clock.h"

struct http_origin_settings settings(void)
{
    return (struct http_origin_settings){.base_url = hostile.base,
                                         .requests_per_minute = 60000,
                                         .max_concurrent = 4,
                                         .timeout_ms = 3000,
                                         .max_body_bytes = MAX_BODY};
}

struct http_origin *origin_of(const struct http_origin_settings *s)
{
    struct error err = {.kind = ERROR_NONE};
    struct http_origin *origin = http_origin_new(hostile.http, s, &err);
    if (!origin)
        fail_msg("%s", err.message);
    return origin;
}

struct http_origin *new_origin(void)
{
    struct http_origin_settings s = settings();
    return origin_of(&s);
}

static void copy_header(char *out, size_t size, const struct http_response *r, const char *name)
{
    const char *value = http_response_header(r, name);
    snprintf(out, size, "%s", value ? value : "(absent)");
}

void on_answer(void *context, const struct http_response *r)
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
    a->has_validator = http_response_validator(r, READER, &a->validator);
    a->server_time_us = r->server_time_us;
    a->retry_after_ms = r->retry_after_ms;
}

void wait_for(const struct answer *a)
{
    int64_t end = clock_monotonic_ms() + 10000;
    while (a->calls == 0 && clock_monotonic_ms() < end)
        http_poll(hostile.http, 100);
    assert_int_equal(a->calls, 1);
}

struct answer ask_with(struct http_origin *origin, struct http_call call)
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

struct answer ask(struct http_origin *origin, const char *path)
{
    return ask_with(origin, (struct http_call){.path_or_url = path});
}

void expect(const struct answer *a, enum error_kind kind, bool retriable, const char *text)
{
    assert_int_equal(a->error.kind, kind);
    assert_int_equal(a->error.retriable, retriable);
    if (!strstr(a->error.message, text))
        fail_msg("`%s` is not in: %s", text, a->error.message);
}

void expect_text(const char *whole, const char *text)
{
    if (!strstr(whole, text))
        fail_msg("`%s` is not in: %s", text, whole);
}
