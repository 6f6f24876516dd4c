/* The HTTP client of all sources. One struct http per process, one struct http_origin per source: its origin (scheme, host, port)
 * is pinned, its request budget kept, its Retry-After obeyed; one slow or broken source never delays another. HTTPS only, except
 * http to loopback or where `allow_http`; no redirects; no proxies from the environment; CA verification always on; body, time and
 * header sizes bounded. */
#ifndef MOOC_INGEST_HTTP_H
#define MOOC_INGEST_HTTP_H

#include "../../common/base.h"
#include "../../common/crypto.h"
#include "../../common/error.h"
#include "quiet_hours.h"

struct http;
struct http_origin;
struct http_headers;

/* Another way of saying "you ask too often" than 429: this status with this text in the body (any case). */
struct http_throttle {
    long status;
    const char *says;
};

/* Everything is copied. What is 0 or NULL has the default named. */
struct http_origin_settings {
    const char *base_url; /* "https://lms.example[:port][/path]" */
    const char *ca_file;  /* NULL = system's */
    bool allow_http;
    double requests_per_minute; /* the declared budget; 0 = no such bound */
    int max_concurrent;         /* 0 = 1; what is really used adapts below it */
    int64_t timeout_ms;         /* of a whole request; 0 = 60,000 */
    int64_t max_body_bytes;     /* decompressed; 0 = 32 MiB */

    double requests_per_second; /* kept beside the other budgets; 0 = no such bound */
    uint64_t requests_per_day;  /* a day of Asia/Ho_Chi_Minh; 0 = no such bound */
    struct quiet_hours quiet;   /* {0} = none; what is under way ends, nothing new starts */
    const char *proxy; /* "http://[user:pw@]host:port", also https, socks4, socks4a, socks5, socks5h; NULL = direct */
    const char *const *resolve; /* "host:port:address[,address]" each, NULL-terminated; this origin's alone */
    const char *contact; /* goes into User-Agent: "mooc-pulse/0.1.0 (+contact)"; NULL = none */
    bool http1;          /* HTTP/1.1 even where TLS offers HTTP/2 */
    const struct http_throttle *throttles; /* beside 429, and 403 that speaks of a rate limit */
    size_t throttle_count;
};

struct http_response {
    long status;      /* 0 when there was none */
    const char *body; /* NUL-terminated, valid during the callback */
    size_t body_length;
    const char *content_type; /* "" if absent */
    int64_t server_time_us;   /* from Date, as it is: the caller judges; 0 if absent */
    int64_t retry_after_ms;   /* clamped to [1 s, 1 h]; 0 if absent */
    bool throttled;           /* an answer that says we ask too often; the error is set */
    bool not_modified;        /* 304 to a conditional request: no error, no body */
    const char *url;          /* as it was asked for, whole */
    const struct http_headers *headers;
    /* Transport failure, throttling and 5xx: retriable ERROR_UNREACHABLE. A redirect, an over-size body or headers: ERROR_SOURCE.
     * Else ERROR_NONE, whatever the status. Messages name the host, never path or query: those can hold user names. */
    struct error error;
};

typedef void (*http_done)(void *context, const struct http_response *response);

/* The value of an answer's header, name in any case; several of one name are joined by ", " (RFC 9110 §5.3). NULL if absent.
 * Valid during the callback. */
const char *http_response_header(const struct http_response *response, const char *name);

struct http *http_new(struct error *err);
void http_free(struct http *http);
struct http_origin *http_origin_new(struct http *http, const struct http_origin_settings *settings,
                                    struct error *err);
/* Could there be an origin with these settings? ERROR_CONFIG names the setting; nothing is reached. */
bool http_origin_check(const struct http_origin_settings *settings, struct error *err) MUST_CHECK;
void http_origin_free(struct http_origin *origin); /* cancels what is under way without calling back */

struct http_call {
    /* A path with query on the origin, or a whole URL as a `next` link gives it; a URL off the origin is refused with
     * ERROR_SOURCE and nothing is sent. */
    const char *path_or_url;
    const char *const *headers; /* NULL-terminated lines; NULL = none */
    const char *body;           /* NULL = GET, else POST */
    size_t body_length;
    const char *content_type; /* of the body; NULL = application/x-www-form-urlencoded */
    /* GET only: ask with what http_remember keeps of this URL for this reader, if anything; NULL = unconditionally. */
    const char *reader;
    http_done done;
    void *context;
};

/* Copies all of the call. done runs from http_poll, once, unless cancelled. */
bool http_send(struct http_origin *origin, const struct http_call *call, struct error *err)
    MUST_CHECK;
/* http_send of GET, or of POST with a NUL-terminated form. */
bool http_submit(struct http_origin *origin, const char *path_or_url, const char *const *headers,
                 const char *form, http_done done, void *context, struct error *err) MUST_CHECK;

/* What tells one version of a page from the next. Kept by the caller's will only: once it has done all that the page asks of it,
 * since "not modified" then takes the page's place. Readers that do different things with one page have names of their own: what
 * one has done of it says nothing of the other. */
struct http_validator {
    struct key128 page; /* of reader and URL */
    char etag[128], modified[64];
};

/* False when the answer has none, or is not a plain 200. Last-Modified counts only where it is a minute older than the answer: it
 * has seconds, and a page may change twice in one. */
bool http_response_validator(const struct http_response *response, const char *reader,
                             struct http_validator *out) MUST_CHECK;
/* In memory, of the latest 1024 pages of an origin, for an hour: then the page is asked for whole again, so that a platform whose
 * ETag does not follow the content hides a change no longer than that. */
void http_remember(struct http_origin *origin, const struct http_validator *validator);
/* All of them: after a change of mapping, credentials or state, when every page must be read again. */
void http_forget(struct http_origin *origin);

/* Where a link in an answer to `from` leads, as http_submit takes it: a relative one made whole; one that names our host by
 * another scheme, as a platform behind a proxy that ends TLS does, brought back to the configured origin; any other as it is, for
 * http_submit to judge. Caller frees. */
char *http_follow(const struct http_origin *origin, const char *from, const char *link);

/* Drops the origin's requests of this context, waiting or running, without calling back. */
void http_cancel(struct http_origin *origin, const void *context);

/* Waits up to timeout_ms for something to happen, then runs callbacks. http_wakeup may be called from any thread. */
void http_poll(struct http *http, int timeout_ms);
void http_wakeup(struct http *http);

enum http_hold { HTTP_FREE, HTTP_BUDGET, HTTP_RETRY_AFTER, HTTP_DAY_SPENT, HTTP_QUIET };

/* For status and /metrics. Requests are counted when they are sent, on this instance. */
struct http_usage {
    uint64_t requests, refused; /* since the origin was made; refused = throttled or 5xx */
    uint64_t this_hour, today;  /* of Asia/Ho_Chi_Minh */
    int64_t today_since_us; /* today counts from then on, as nothing carries it over a restart; 0 = the whole day */
    int64_t left_today;             /* -1 = no daily bound */
    double rate;                    /* share of the declared rate now in use, 1/32 to 1 */
    int concurrent, concurrent_now; /* bound now in use, running */
    size_t waiting;
    enum http_hold hold; /* why nothing new may start now, and for how long */
    int64_t hold_ms;
};
void http_origin_usage(struct http_origin *origin, struct http_usage *usage);
/* Carries the day's count over a restart or from another instance: at least so many requests were sent on this day (clock_day). */
void http_origin_used(struct http_origin *origin, int32_t day, uint64_t requests);

/* Percent-encodes a path or query component (RFC 3986 unreserved kept). Caller frees. */
char *http_escape(const char *text);

#endif
