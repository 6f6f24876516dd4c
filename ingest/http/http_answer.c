/* What an answer means: an error or not, and for the budget. */
#include "http_internal.h"

#include <string.h>
#include <strings.h>

#include "../../common/clock.h"
#include "http_date.h"
#include "lines.h"

#define THROTTLE_TEXT_BYTES 4096 /* a refusal says so at its beginning */
#define SETTLED_US INT64_C(60000000)

const char *http_response_header(const struct http_response *response, const char *name)
{
    return http_headers_get(response->headers, name);
}

/* RFC 9110 §8.8.2.2, with the minute that RFC 7232 asked for: two clocks may tell the two times. */
static bool is_settled(const char *modified, int64_t server_time_us)
{
    int64_t us;
    return server_time_us > 0 && http_date_parse(modified, &us) && us <= server_time_us - SETTLED_US;
}

bool http_response_validator(const struct http_response *response, const char *reader,
                             struct http_validator *out)
{
    const char *etag = http_response_header(response, "ETag");
    const char *modified = http_response_header(response, "Last-Modified");
    *out = (struct http_validator){.etag = ""};
    if (response->status != 200 || response->error.kind != ERROR_NONE)
        return false;
    if (etag && strlen(etag) < sizeof out->etag && line_is_plain(etag))
        memcpy(out->etag, etag, strlen(etag) + 1);
    if (modified && strlen(modified) < sizeof out->modified && line_is_plain(modified) &&
        is_settled(modified, response->server_time_us))
        memcpy(out->modified, modified, strlen(modified) + 1);
    out->page = validators_page(reader, response->url);
    return *out->etag || *out->modified;
}

static bool says(const struct http_response *response, const char *text)
{
    size_t length = strlen(text);
    size_t bytes =
        response->body_length < THROTTLE_TEXT_BYTES ? response->body_length : THROTTLE_TEXT_BYTES;
    for (size_t i = 0; i + length <= bytes; i++) {
        if (strncasecmp(response->body + i, text, length) == 0)
            return true;
    }
    return false;
}

static bool is_throttled(const struct http_config *c, const struct http_response *response)
{
    if (response->status == 429 || (response->status == 403 && says(response, "rate limit")))
        return true;
    for (size_t i = 0; i < c->throttle_count; i++) {
        if (c->throttles[i].status == response->status && says(response, c->throttles[i].says))
            return true;
    }
    return false;
}

static void judge(const struct http_request *r, struct http_response *out)
{
    const char *host = r->config->parts.host;
    if (r->error.kind != ERROR_NONE) {
        out->error = r->error;
    } else if (is_throttled(r->config, out)) {
        out->throttled = true;
        error_set(&out->error, ERROR_UNREACHABLE, true,
                  "%s: the platform says we ask too often (%ld); waiting, at half the rate", host,
                  r->status);
    } else if (r->status >= 500) {
        error_set(&out->error, ERROR_UNREACHABLE, true, "%s: the platform has a fault (HTTP %ld)",
                  host, r->status);
    } else if (r->status == 304 && r->conditional) {
        out->not_modified = true;
    } else if (r->status == 304) {
        error_set(&out->error, ERROR_SOURCE, false,
                  "%s: answers \"not modified\" (HTTP 304) where nothing was asked that way (a "
                  "cache in front of it that answers for another client?)",
                  host);
    } else if (r->status >= 300 && r->status < 400) {
        error_set(&out->error, ERROR_SOURCE, false,
                  "%s: answers with a redirect (HTTP %ld), which is not followed; write the final "
                  "address as url (or is a login page in the way?)",
                  host, r->status);
    }
}

static void refused(struct http_origin *origin, const struct http_response *out,
                    const struct throttle_hint *hint, int64_t now_ms)
{
    int64_t wait = out->retry_after_ms;
    if (wait == 0 && hint->has_remaining && hint->remaining < 1.0)
        wait = hint->reset_ms;
    if (wait < RETRY_AFTER_MIN_MS && out->throttled)
        wait = RETRY_AFTER_MIN_MS;
    origin->refused++;
    rate_budget_refused(&origin->budget, now_ms, wait);
    concurrency_refused(&origin->concurrency, now_ms);
}

static void learn(const struct http_request *r, const struct http_response *out)
{
    struct http_origin *origin = r->origin;
    int64_t now_ms = clock_monotonic_ms();
    struct throttle_hint hint = throttle_headers_read(
        &r->headers, out->server_time_us ? out->server_time_us : clock_now_us());
    if (r->error.kind != ERROR_NONE) {
        if (r->http2_failed && !origin->http1) {
            origin->http1 = true;
            origin->connected_since_ms = now_ms;
        }
        if (r->error.retriable)
            concurrency_refused(&origin->concurrency, now_ms);
    } else if (out->throttled || r->status >= 500) {
        refused(origin, out, &hint, now_ms);
    } else if (rate_budget_hint(&origin->budget, now_ms, &hint)) {
        concurrency_refused(&origin->concurrency, now_ms);
    } else {
        concurrency_answered(&origin->concurrency, now_ms, r->latency_ms, origin->waiting.count > 0);
    }
}

void http_answer(struct http_request *r)
{
    const char *type = http_headers_get(&r->headers, "Content-Type");
    const char *date = http_headers_get(&r->headers, "Date");
    const char *retry_after = http_headers_get(&r->headers, "Retry-After");
    struct http_response out = {.status = r->status,
                                .body = r->body ? r->body : "",
                                .body_length = r->length,
                                .content_type = type ? type : "",
                                .url = r->url,
                                .headers = &r->headers};
    if (date && !http_date_parse(date, &out.server_time_us))
        out.server_time_us = 0;
    if (retry_after)
        out.retry_after_ms =
            retry_after_ms(retry_after, out.server_time_us ? out.server_time_us : clock_now_us());
    judge(r, &out);
    learn(r, &out);
    r->done(r->context, &out);
}
