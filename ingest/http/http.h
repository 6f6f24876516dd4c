/* HTTP by libcurl's multi interface: the only file that knows curl. One struct http per process, one struct http_origin per
 * source: its origin (scheme, host, port) is pinned, its request budget kept, its Retry-After obeyed; one slow or broken source
 * never delays another. HTTPS only, except http to loopback or where `allow_http`; no redirects; no environment proxies; CA
 * verification always on; body, time and header sizes bounded. */
#ifndef MOOC_INGEST_HTTP_H
#define MOOC_INGEST_HTTP_H

#include "../../common/base.h"
#include "../../common/error.h"

struct http;
struct http_origin;

struct http_origin_settings {
    const char *base_url; /* "https://lms.example[:port][/path]" */
    const char *ca_file;  /* NULL = system's */
    bool allow_http;
    double requests_per_minute; /* the declared budget */
    int max_concurrent;
    int64_t timeout_ms, max_body_bytes;
};

struct http_response {
    long status;      /* 0 when there was none */
    const char *body; /* NUL-terminated, valid during the callback */
    size_t body_length;
    const char *content_type;
    int64_t server_time_us; /* from Date; 0 if absent */
    int64_t retry_after_ms; /* clamped to [1 s, 1 h]; 0 if absent */
    /* Transport failure, 429 and 5xx: retriable ERROR_UNREACHABLE. A redirect or an over-size body: ERROR_SOURCE. Else
     * ERROR_NONE, whatever the status. Messages name the host, never path or query: those can hold user names. */
    struct error error;
};

typedef void (*http_done)(void *context, const struct http_response *response);

struct http *http_new(struct error *err);
void http_free(struct http *http);
struct http_origin *http_origin_new(struct http *http, const struct http_origin_settings *settings,
                                    struct error *err);
void http_origin_free(struct http_origin *origin); /* cancels what is under way without calling back */

/* path_or_url: a path with query on the origin, or a whole URL as a `next` link gives it; a URL off the origin is refused
 * with ERROR_SOURCE and nothing is sent. headers: NULL-terminated lines. form: NULL = GET, else POST of this body. */
bool http_submit(struct http_origin *origin, const char *path_or_url, const char *const *headers,
                 const char *form, http_done done, void *context, struct error *err) MUST_CHECK;

/* Where a link in an answer to `from` leads, as http_submit takes it: a relative one made whole; one that names our host by
 * another scheme, as a platform behind a proxy that ends TLS does, brought back to the configured origin; any other as it is, for
 * http_submit to judge. Caller frees. */
char *http_follow(const struct http_origin *origin, const char *from, const char *link);

/* Drops the origin's requests of this context, waiting or running, without calling back. */
void http_cancel(struct http_origin *origin, const void *context);

/* Waits up to timeout_ms for something to happen, then runs callbacks. http_wakeup may be called from any thread. */
void http_poll(struct http *http, int timeout_ms);
void http_wakeup(struct http *http);

/* Requests waiting for budget or running. */
size_t http_origin_pending(const struct http_origin *origin);
/* How long the origin stands still because of Retry-After or an empty budget, ms; 0 = it does not. */
int64_t http_origin_wait_ms(struct http_origin *origin);
/* Percent-encodes a path or query component (RFC 3986 unreserved kept). Caller frees. */
char *http_escape(const char *text);

#endif
