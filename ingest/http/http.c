#include "http.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "http_internal.h"
#include "lines.h"

struct http *http_new(struct error *err)
{
    struct transport *transport = transport_new(err);
    if (!transport)
        return NULL;
    struct http *http = must_have(calloc(1, sizeof *http));
    http->transport = transport;
    http_request_list_init(&http->finished);
    return http;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    while (http->origins)
        http_origin_free(http->origins);
    transport_free(http->transport);
    free(http);
}

static void end_request(struct http *http, struct http_request *r)
{
    transport_stop(http->transport, r);
    http_request_free(r);
}

void http_cancel(struct http_origin *origin, const void *context)
{
    struct http_request_list *lists[] = {&origin->waiting, &origin->running, &origin->http->finished};
    struct http_request *r;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        while ((r = http_request_list_take(lists[i], origin, context)))
            end_request(origin->http, r);
    }
}

/* The whole URL of a request, checked against the pinned origin. */
static char *pinned_url(const struct http_config *config, const char *path_or_url, struct error *err)
{
    const struct origin_parts *own = &config->parts;
    struct origin_parts parts = {.scheme = NULL};
    char *url = origin_join(config->base, path_or_url);
    bool parsed = url && transport_parse(url, &parts), same = parsed && origin_same(&parts, own);
    if (!parsed)
        error_set(err, ERROR_SOURCE, false, "%s: the link to follow is not a web address", own->host);
    else if (!same)
        error_set(err, ERROR_SOURCE, false,
                  "%s: the platform sends us on to %s://%s:%s, which is not the configured "
                  "%s://%s:%s; refused (is its proxy telling it the wrong scheme or name?)",
                  own->host, parts.scheme, parts.host, parts.port, own->scheme, own->host, own->port);
    origin_parts_free(&parts);
    if (same)
        return url;
    free(url);
    return NULL;
}

char *http_follow(const struct http_origin *origin, const char *from, const char *link)
{
    const struct http_config *config = origin->config;
    char *whole = origin_relative(config->base, from, link);
    if (!whole) {
        struct origin_parts parts = {.scheme = NULL};
        bool own = transport_parse(link, &parts) && origin_means_own(&parts, &config->parts);
        whole = own ? origin_rebase(config->base, link) : strdup(link);
        origin_parts_free(&parts);
    }
    return must_have(whole);
}

static bool check_lines(const struct http_call *call, const char *host, struct error *err)
{
    bool plain = !call->content_type || line_is_plain(call->content_type);
    for (size_t i = 0; plain && call->headers && call->headers[i]; i++)
        plain = line_is_plain(call->headers[i]);
    return plain || error_set(err, ERROR_CONFIG, false,
                              "%s: a header of the request has control characters in it (a line "
                              "break in a token file?)",
                              host);
}

static void add_conditions(struct http_request *r, const struct validators *validators,
                           const char *reader)
{
    const struct http_validator *known =
        validators_get(validators, validators_page(reader, r->url), clock_monotonic_ms());
    if (!known)
        return;
    r->conditional = true;
    if (*known->etag)
        lines_add(&r->lines, "If-None-Match", known->etag);
    if (*known->modified)
        lines_add(&r->lines, "If-Modified-Since", known->modified);
}

bool http_send(struct http_origin *origin, const struct http_call *call, struct error *err)
{
    const struct http_config *config = origin->config;
    char *url = pinned_url(config, call->path_or_url, err);
    if (!url || !check_lines(call, config->parts.host, err)) {
        free(url);
        return false;
    }
    struct http_request *r = must_have(calloc(1, sizeof *r));
    r->origin = origin;
    r->url = url;
    r->lines = lines_copy(call->headers);
    r->done = call->done;
    r->context = call->context;
    if (call->body) {
        r->content = must_have(malloc(call->body_length + 1));
        memcpy(r->content, call->body, call->body_length);
        r->content_length = call->body_length;
        if (call->content_type)
            lines_add(&r->lines, "Content-Type", call->content_type);
    } else if (call->reader) {
        add_conditions(r, origin->validators, call->reader);
    }
    http_request_list_append(&origin->waiting, r);
    return true;
}

bool http_submit(struct http_origin *origin, const char *path_or_url, const char *const *headers,
                 const char *form, http_done done, void *context, struct error *err)
{
    return http_send(origin,
                     &(struct http_call){.path_or_url = path_or_url,
                                         .headers = headers,
                                         .body = form,
                                         .body_length = form ? strlen(form) : 0,
                                         .done = done,
                                         .context = context},
                     err);
}

/* Starts what the origin's budget and concurrency allow; returns how long until more may start (INT64_MAX = on an answer). */
static int64_t start_due(struct http_origin *origin)
{
    struct http *http = origin->http;
    while (origin->waiting.count > 0 &&
           origin->running.count < concurrency_bound(&origin->concurrency)) {
        int64_t wait_ms, now_ms = clock_monotonic_ms();
        http_origin_hold(origin, &wait_ms);
        if (wait_ms > 0 || !rate_budget_take(&origin->budget, now_ms))
            return wait_ms > 0 ? wait_ms : 1;
        request_count_add(&origin->count, clock_now_us());
        struct http_request *r = http_request_list_take(&origin->waiting, NULL, NULL);
        r->config = http_config_keep(origin->config);
        r->http1 = origin->http1;
        r->connected_since_ms = origin->connected_since_ms;
        bool started = transport_start(http->transport, r);
        http_request_list_append(started ? &origin->running : &http->finished, r);
    }
    return INT64_MAX;
}

static void run(struct http *http)
{
    struct http_request *r;
    transport_run(http->transport);
    while ((r = transport_ended(http->transport))) {
        http_request_list_remove(&r->origin->running, r);
        http_request_list_append(&http->finished, r);
    }
}

void http_poll(struct http *http, int timeout_ms)
{
    int64_t wait = timeout_ms;
    for (struct http_origin *o = http->origins; o; o = o->next) {
        int64_t due = start_due(o);
        wait = due < wait ? due : wait;
    }
    run(http);
    if (http->finished.count == 0 && wait > 0) {
        transport_wait(http->transport, (int)wait);
        run(http);
    }
    /* A callback may submit, cancel, even free its origin: each request leaves the list before its callback runs. */
    struct http_request *r;
    while ((r = http_request_list_take(&http->finished, NULL, NULL))) {
        transport_stop(http->transport, r);
        http_answer(r);
        http_request_free(r);
    }
}

void http_wakeup(struct http *http)
{
    transport_wakeup(http->transport);
}

char *http_escape(const char *text)
{
    return transport_escape(text);
}
