#include "http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "http_date.h"
#include "http_request.h"
#include "origin.h"
#include "rate_budget.h"

#define MAX_URL_BYTES 16384
#define CONNECT_TIMEOUT_MS 10000L
#define CONNECTION_LIFETIME_S 3600L /* so that certificates are verified again */
#define SLOW_BYTES_PER_S 64L
#define SLOW_SECONDS 20L

_Static_assert(sizeof(((struct http_request *)0)->detail) >= CURL_ERROR_SIZE,
               "curl writes this much");

struct http_origin {
    struct http *http;
    struct http_origin *next;
    char *base, *ca_file;
    struct origin_parts parts;
    bool plain;
    size_t max_concurrent;
    int64_t timeout_ms;
    size_t max_body;
    struct rate_budget budget;
    struct http_request_list waiting, running;
};

struct http {
    CURLM *multi;
    struct http_origin *origins;
    struct http_request_list finished; /* their callbacks have not run yet */
};

static void request_free(struct http_request *r)
{
    if (r->handle) {
        curl_multi_remove_handle(r->origin->http->multi, r->handle);
        curl_easy_cleanup(r->handle);
    }
    for (struct curl_slist *h = r->headers; h; h = h->next)
        explicit_bzero(h->data, strlen(h->data)); /* Authorization */
    curl_slist_free_all(r->headers);
    free(r->url);
    free(r->form);
    free(r->body);
    free(r);
}

struct http *http_new(struct error *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        error_set(err, ERROR_INTERNAL, false, "libcurl does not start");
        return NULL;
    }
    struct http *http = calloc(1, sizeof *http);
    if (http)
        http->multi = curl_multi_init();
    if (!http || !http->multi) {
        error_set(err, ERROR_INTERNAL, false, "out of memory for the HTTP client");
        free(http);
        return NULL;
    }
    http_request_list_init(&http->finished);
    return http;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    while (http->origins)
        http_origin_free(http->origins);
    curl_multi_cleanup(http->multi);
    free(http);
    curl_global_cleanup();
}

static bool parse_origin(const char *url, struct origin_parts *parts)
{
    *parts = (struct origin_parts){.scheme = NULL};
    CURLU *u = curl_url();
    char *s = NULL, *h = NULL, *p = NULL;
    bool ok = u && strlen(url) <= MAX_URL_BYTES &&
              !curl_url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) &&
              !curl_url_get(u, CURLUPART_SCHEME, &s, 0) && !curl_url_get(u, CURLUPART_HOST, &h, 0) &&
              !curl_url_get(u, CURLUPART_PORT, &p, CURLU_DEFAULT_PORT);
    if (ok) {
        *parts = (struct origin_parts){strdup(s), strdup(h), strdup(p)};
        ok = parts->scheme && parts->host && parts->port;
    }
    curl_free(s);
    curl_free(h);
    curl_free(p);
    curl_url_cleanup(u);
    return ok;
}

struct http_origin *http_origin_new(struct http *http, const struct http_origin_settings *settings,
                                    struct error *err)
{
    struct http_origin *origin = calloc(1, sizeof *origin);
    if (!origin) {
        error_set(err, ERROR_INTERNAL, false, "out of memory");
        return NULL;
    }
    origin->http = http;
    http_request_list_init(&origin->waiting);
    http_request_list_init(&origin->running);
    origin->next = http->origins;
    http->origins = origin;
    origin->base = strdup(settings->base_url);
    origin->ca_file = settings->ca_file ? strdup(settings->ca_file) : NULL;
    if (!origin->base || strpbrk(origin->base, "?#") || !parse_origin(origin->base, &origin->parts)) {
        error_set(err, ERROR_CONFIG, false,
                  "url: not a web address; expected something like https://lms.example");
        goto failed;
    }
    if (!origin_check_scheme(&origin->parts, settings->allow_http, err))
        goto failed;
    origin->plain = strcmp(origin->parts.scheme, "http") == 0;
    for (size_t n = strlen(origin->base); n > 0 && origin->base[n - 1] == '/'; n--)
        origin->base[n - 1] = '\0';
    origin->max_concurrent = settings->max_concurrent > 0 ? (size_t)settings->max_concurrent : 1;
    origin->timeout_ms = settings->timeout_ms > 0 ? settings->timeout_ms : 60000;
    origin->max_body = settings->max_body_bytes > 0 ? (size_t)settings->max_body_bytes : 32U << 20;
    rate_budget_init(&origin->budget, settings->requests_per_minute, clock_monotonic_ms());
    return origin;
failed:
    http_origin_free(origin);
    return NULL;
}

void http_cancel(struct http_origin *origin, const void *context)
{
    struct http_request_list *lists[] = {&origin->waiting, &origin->running, &origin->http->finished};
    struct http_request *r;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        while ((r = http_request_list_take(lists[i], origin, context)))
            request_free(r);
    }
}

void http_origin_free(struct http_origin *origin)
{
    if (!origin)
        return;
    http_cancel(origin, NULL);
    for (struct http_origin **at = &origin->http->origins; *at; at = &(*at)->next) {
        if (*at == origin) {
            *at = origin->next;
            break;
        }
    }
    free(origin->base);
    origin_parts_free(&origin->parts);
    free(origin->ca_file);
    free(origin);
}

/* The whole URL of a request, checked against the pinned origin. Parsed by curl's own parser, the one that will also connect: a
 * second parser could read another host from the same bytes. */
static char *pinned_url(const struct http_origin *origin, const char *path_or_url, struct error *err)
{
    const struct origin_parts *own = &origin->parts;
    struct origin_parts parts = {.scheme = NULL};
    char *url = origin_join(origin->base, path_or_url);
    bool parsed = url && parse_origin(url, &parts), same = parsed && origin_same(&parts, own);
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
    char *whole = origin_relative(origin->base, from, link);
    if (!whole) {
        struct origin_parts parts = {.scheme = NULL};
        bool own = parse_origin(link, &parts) && origin_means_own(&parts, &origin->parts);
        whole = own ? origin_rebase(origin->base, link) : strdup(link);
        origin_parts_free(&parts);
    }
    if (!whole)
        abort();
    return whole;
}

bool http_submit(struct http_origin *origin, const char *path_or_url, const char *const *headers,
                 const char *form, http_done done, void *context, struct error *err)
{
    char *url = pinned_url(origin, path_or_url, err);
    if (!url)
        return false;
    struct http_request *r = calloc(1, sizeof *r);
    if (!r) {
        free(url);
        return error_set(err, ERROR_INTERNAL, false, "out of memory");
    }
    r->origin = origin;
    r->max_body = origin->max_body;
    r->url = url;
    r->done = done;
    r->context = context;
    r->form = form ? strdup(form) : NULL;
    bool ok = !form || r->form;
    for (size_t i = 0; ok && headers && headers[i]; i++) {
        struct curl_slist *longer = curl_slist_append(r->headers, headers[i]);
        ok = longer != NULL;
        r->headers = ok ? longer : r->headers;
    }
    if (!ok) {
        request_free(r);
        return error_set(err, ERROR_INTERNAL, false, "out of memory");
    }
    http_request_list_append(&origin->waiting, r);
    return true;
}

/* Called with decompressed bytes, so a small bomb cannot become a large body. */
static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    return http_request_add_body(context, data, size * count) ? size * count : 0;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    return http_request_add_header(context, data, size * count) ? size * count : 0;
}

static void set_security_options(CURL *easy, const struct http_origin *origin)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, origin->plain ? "http" : "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, CONNECTION_LIFETIME_S);
    if (origin->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, origin->ca_file);
}

static bool start(struct http_request *r)
{
    struct http_origin *origin = r->origin;
    CURL *easy = r->handle = curl_easy_init();
    if (!easy)
        return false;
    set_security_options(easy, origin);
    curl_easy_setopt(easy, CURLOPT_URL, r->url);
    /* A few connections are enough for a budget of requests, and HTTP/2 streams are known to stall. */
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "mooc-ingest/" MOOC_PULSE_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, r->headers);
    if (r->form) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(r->form));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, r->form);
    }
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)origin->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES_PER_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, r);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, r);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, r->detail);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, r);
    return curl_multi_add_handle(origin->http->multi, easy) == CURLM_OK;
}

/* Starts what the origin's budget and concurrency allow; returns how long until more may start (INT64_MAX = on an answer). */
static int64_t start_due(struct http_origin *origin, int64_t now)
{
    while (origin->waiting.count > 0 && origin->running.count < origin->max_concurrent) {
        if (!rate_budget_take(&origin->budget, now))
            return rate_budget_wait_ms(&origin->budget, now);
        struct http_request *r = http_request_list_take(&origin->waiting, NULL, NULL);
        if (start(r)) {
            http_request_list_append(&origin->running, r);
        } else {
            r->result = CURLE_FAILED_INIT;
            http_request_list_append(&origin->http->finished, r);
        }
    }
    return INT64_MAX;
}

static void collect(struct http *http)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(http->multi, &left))) {
        struct http_request *r = NULL;
        if (message->msg != CURLMSG_DONE ||
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&r) != CURLE_OK)
            continue;
        r->result = (int)message->data.result;
        http_request_list_remove(&r->origin->running, r);
        http_request_list_append(&http->finished, r);
    }
}

static void fill_error(const struct http_request *r, struct http_response *out)
{
    const char *host = r->origin->parts.host;
    if (r->too_large) {
        error_set(&out->error, ERROR_SOURCE, false,
                  "%s: the answer is larger than %zu bytes; refused", host, r->origin->max_body);
    } else if (r->result == CURLE_PEER_FAILED_VERIFICATION || r->result == CURLE_SSL_CACERT_BADFILE) {
        error_set(&out->error, ERROR_UNREACHABLE, true,
                  "%s: its certificate is not trusted (%s); set ca_file if the platform has a "
                  "certificate authority of its own",
                  host, r->detail);
    } else if (r->result != CURLE_OK) {
        error_set(&out->error, ERROR_UNREACHABLE, true, "%s: %s", host,
                  *r->detail ? r->detail : curl_easy_strerror((CURLcode)r->result));
    } else if (out->status == 429) {
        error_set(&out->error, ERROR_UNREACHABLE, true,
                  "%s: the platform says we ask too often (429); waiting, at half the rate", host);
    } else if (out->status >= 500) {
        error_set(&out->error, ERROR_UNREACHABLE, true, "%s: the platform has a fault (HTTP %ld)",
                  host, out->status);
    } else if (out->status >= 300 && out->status < 400) {
        error_set(&out->error, ERROR_SOURCE, false,
                  "%s: answers with a redirect (HTTP %ld), which is not followed; write the final "
                  "address as url (or is a login page in the way?)",
                  host, out->status);
    }
}

static void deliver(struct http_request *r)
{
    struct http_response out = {.body = r->body ? r->body : "",
                                .body_length = r->length,
                                .content_type = r->content_type,
                                .server_time_us = r->server_time_us};
    if (r->handle)
        curl_easy_getinfo(r->handle, CURLINFO_RESPONSE_CODE, &out.status);
    int64_t reference = r->server_time_us ? r->server_time_us : clock_now_us();
    out.retry_after_ms = *r->retry_after ? retry_after_ms(r->retry_after, reference) : 0;
    fill_error(r, &out);
    struct rate_budget *budget = &r->origin->budget;
    if (r->result == CURLE_OK && (out.status == 429 || out.status >= 500))
        rate_budget_refused(budget, clock_monotonic_ms(),
                            out.retry_after_ms || out.status != 429 ? out.retry_after_ms
                                                                    : RETRY_AFTER_MIN_MS);
    else if (r->result == CURLE_OK)
        rate_budget_accepted(budget);
    r->done(r->context, &out);
}

void http_poll(struct http *http, int timeout_ms)
{
    int64_t now = clock_monotonic_ms(), wait = timeout_ms;
    for (struct http_origin *o = http->origins; o; o = o->next) {
        int64_t due = start_due(o, now);
        wait = due < wait ? due : wait;
    }
    int running;
    curl_multi_perform(http->multi, &running);
    collect(http);
    if (http->finished.count == 0 && wait > 0) {
        curl_multi_poll(http->multi, NULL, 0, (int)wait, NULL);
        curl_multi_perform(http->multi, &running);
        collect(http);
    }
    /* A callback may submit, cancel, even free its origin: each request leaves the list before its callback runs. */
    struct http_request *r;
    while ((r = http_request_list_take(&http->finished, NULL, NULL))) {
        if (r->handle)
            curl_multi_remove_handle(http->multi, r->handle);
        deliver(r);
        if (r->handle)
            curl_easy_cleanup(r->handle);
        r->handle = NULL;
        request_free(r);
    }
}

void http_wakeup(struct http *http)
{
    curl_multi_wakeup(http->multi);
}

size_t http_origin_pending(const struct http_origin *origin)
{
    return origin->waiting.count + origin->running.count;
}

int64_t http_origin_wait_ms(struct http_origin *origin)
{
    return rate_budget_wait_ms(&origin->budget, clock_monotonic_ms());
}

char *http_escape(const char *text)
{
    char *escaped = curl_easy_escape(NULL, text, 0);
    char *out = escaped ? strdup(escaped) : NULL;
    curl_free(escaped);
    if (!out)
        abort();
    return out;
}
