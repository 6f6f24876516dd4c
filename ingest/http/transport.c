#include "transport.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"

#define MAX_URL_BYTES 16384
#define CONNECT_TIMEOUT_MS 10000L
#define CONNECTION_LIFETIME_S 3600L /* so that certificates are verified again */
#define SLOW_BYTES_PER_S 64L
#define SLOW_SECONDS 20L

_Static_assert(sizeof(((struct http_request *)0)->detail) >= CURL_ERROR_SIZE,
               "curl writes this much");

struct transport {
    CURLM *multi;
};

struct transport_names {
    CURLSH *share;
    struct curl_slist *entries;
};

struct transport *transport_new(struct error *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        error_set(err, ERROR_INTERNAL, false, "libcurl does not start");
        return NULL;
    }
    struct transport *t = must_have(calloc(1, sizeof *t));
    t->multi = must_have(curl_multi_init());
    /* A connection serves one request at a time, over HTTP/2 too: what breaks it breaks one request, and streams that share one are
     * known to stall each other. */
    curl_multi_setopt(t->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    return t;
}

void transport_free(struct transport *transport)
{
    if (!transport)
        return;
    curl_multi_cleanup(transport->multi);
    free(transport);
    curl_global_cleanup();
}

void transport_keep(struct transport *transport, size_t connections)
{
    /* libcurl's own default follows the requests under way: platforms asked in turn would lose their connections. */
    curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS, (long)connections);
}

bool transport_parse(const char *url, struct origin_parts *parts)
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

char *transport_escape(const char *text)
{
    char *escaped = must_have(curl_easy_escape(NULL, text, 0));
    char *out = must_have(strdup(escaped));
    curl_free(escaped);
    return out;
}

static struct curl_slist *list_of(char *const *lines)
{
    struct curl_slist *list = NULL;
    for (size_t i = 0; lines[i]; i++)
        list = must_have(curl_slist_append(list, lines[i]));
    return list;
}

static void wipe_list(struct curl_slist *list)
{
    for (struct curl_slist *at = list; at; at = at->next)
        explicit_bzero(at->data, strlen(at->data)); /* Authorization */
    curl_slist_free_all(list);
}

struct transport_names *transport_names_new(char *const *entries)
{
    struct transport_names *names = must_have(calloc(1, sizeof *names));
    names->share = must_have(curl_share_init());
    curl_share_setopt(names->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    names->entries = list_of(entries);
    return names;
}

void transport_names_free(struct transport_names *names)
{
    if (!names)
        return;
    curl_share_cleanup(names->share);
    curl_slist_free_all(names->entries);
    free(names);
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

static void set_security(CURL *easy, const struct http_config *config)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, config->plain ? "http" : "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (config->ca_file) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, config->ca_file);
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, config->ca_file);
    }
}

/* Empty texts, since NULL would let http_proxy, https_proxy and no_proxy of the environment decide. */
static void set_route(CURL *easy, const struct http_request *r)
{
    const struct http_config *config = r->config;
    curl_easy_setopt(easy, CURLOPT_PROXY, config->proxy ? config->proxy : "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_SHARE, config->names->share);
    if (config->names->entries)
        curl_easy_setopt(easy, CURLOPT_RESOLVE, config->names->entries);
    long lifetime = CONNECTION_LIFETIME_S;
    if (r->connected_since_ms > 0) {
        /* libcurl finds an open connection by name, whatever address it leads to and whatever it speaks. */
        int64_t age_s = (clock_monotonic_ms() - r->connected_since_ms) / 1000;
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, age_s < 2 ? 1L : 0L);
        lifetime = age_s < 2 ? 1 : age_s < lifetime ? (long)age_s - 1 : lifetime;
    }
    curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, lifetime);
}

static void set_bounds(CURL *easy, const struct http_config *config)
{
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)config->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES_PER_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS);
}

static void set_request(CURL *easy, struct http_request *r)
{
    bool http2 = !r->config->http1 && !r->http1;
    r->sent_lines = list_of(r->lines);
    curl_easy_setopt(easy, CURLOPT_URL, r->url);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                     (long)(http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, r->config->user_agent);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, r->sent_lines);
    if (r->content) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->content_length);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, r->content);
    }
}

static void set_receivers(CURL *easy, struct http_request *r)
{
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, r);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, r);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, r->detail);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, r);
}

bool transport_start(struct transport *transport, struct http_request *r)
{
    CURL *easy = r->handle = must_have(curl_easy_init());
    set_security(easy, r->config);
    set_route(easy, r);
    set_bounds(easy, r->config);
    set_request(easy, r);
    set_receivers(easy, r);
    CURLMcode code = curl_multi_add_handle(transport->multi, easy);
    return code == CURLM_OK || error_set(&r->error, ERROR_UNREACHABLE, true, "%s: %s",
                                         r->config->parts.host, curl_multi_strerror(code));
}

void transport_stop(struct transport *transport, struct http_request *r)
{
    if (!r->handle)
        return;
    curl_multi_remove_handle(transport->multi, r->handle);
    curl_easy_cleanup(r->handle);
    wipe_list(r->sent_lines);
    r->handle = r->sent_lines = NULL;
}

void transport_run(struct transport *transport)
{
    int running;
    curl_multi_perform(transport->multi, &running);
}

void transport_wait(struct transport *transport, int timeout_ms)
{
    curl_multi_poll(transport->multi, NULL, 0, timeout_ms, NULL);
}

void transport_wakeup(struct transport *transport)
{
    curl_multi_wakeup(transport->multi);
}

static void explain(struct http_request *r, CURLcode code)
{
    const char *host = r->config->parts.host;
    if (r->too_large)
        error_set(&r->error, ERROR_SOURCE, false,
                  "%s: the answer is larger than %zu bytes; refused", host, r->config->max_body);
    else if (r->too_many_headers)
        error_set(&r->error, ERROR_SOURCE, false,
                  "%s: the headers of the answer are larger than %d bytes or more than %d; refused",
                  host, HTTP_HEADERS_MAX_BYTES, HTTP_HEADERS_MAX_COUNT);
    else if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
        error_set(&r->error, ERROR_UNREACHABLE, true,
                  "%s: its certificate is not trusted (%s); set ca_file if the platform has a "
                  "certificate authority of its own",
                  host, r->detail);
    else if (code != CURLE_OK)
        error_set(&r->error, ERROR_UNREACHABLE, true, "%s: %s", host,
                  *r->detail ? r->detail : curl_easy_strerror(code));
}

/* An answer over HTTP/2 that broke off for whatever reason counts: HTTP/1.1 costs little and is known better. */
static bool is_http2_failure(CURL *easy, CURLcode code)
{
    long version = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    return code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM ||
           (code != CURLE_OK && code != CURLE_WRITE_ERROR && version == CURL_HTTP_VERSION_2_0);
}

static double first_byte_ms(CURL *easy)
{
    curl_off_t sent_us = 0, first_us = 0;
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &sent_us);
    curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first_us);
    return first_us > sent_us ? (double)(first_us - sent_us) / 1000.0 : 0.0;
}

struct http_request *transport_ended(struct transport *transport)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(transport->multi, &left))) {
        struct http_request *r = NULL;
        CURL *easy = message->easy_handle;
        if (message->msg != CURLMSG_DONE ||
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&r) != CURLE_OK)
            continue;
        CURLcode code = message->data.result;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &r->status);
        r->latency_ms = first_byte_ms(easy);
        r->http2_failed = is_http2_failure(easy, code);
        explain(r, code);
        return r;
    }
    return NULL;
}
