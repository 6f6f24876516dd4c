/* One HTTP request while it waits, runs and ends, and lists of them. Knows no library: what arrives is counted, bounded and kept
 * here. */
#ifndef MOOC_INGEST_HTTP_REQUEST_H
#define MOOC_INGEST_HTTP_REQUEST_H

#include "http.h"
#include "http_config.h"
#include "http_headers.h"

struct http_request {
    struct http_request *next;
    struct http_origin *origin;
    /* what is asked for */
    char *url, *content;
    size_t content_length;
    char **lines;
    bool conditional; /* validators went with it */
    http_done done;
    void *context;
    /* while it runs */
    struct http_config *config; /* started under these settings; NULL while it waits */
    bool http1;
    int64_t connected_since_ms; /* by connections made since then only; 0 = any */
    void *handle, *sent_lines;  /* the library's */
    char detail[256];
    /* what came */
    struct http_headers headers;
    char *body;
    size_t length, capacity;
    bool too_large, too_many_headers, body_began;
    /* how it ended */
    long status;
    double latency_ms; /* until the first byte */
    bool http2_failed;
    struct error error; /* no whole answer */
};

struct http_request_list {
    struct http_request *first, **end;
    size_t count;
};

void http_request_list_init(struct http_request_list *list);
void http_request_list_append(struct http_request_list *list, struct http_request *request);
/* Takes out the first that matches origin and context (NULL matches any); NULL if there is none. */
struct http_request *http_request_list_take(struct http_request_list *list,
                                            const struct http_origin *origin, const void *context);
void http_request_list_remove(struct http_request_list *list, const struct http_request *request);

/* Not under way any more. Wipes what may be a credential. */
void http_request_free(struct http_request *r);

/* Bytes of the body, decompressed; false when there are too many or memory is out. */
bool http_request_add_body(struct http_request *r, const char *data, size_t length) MUST_CHECK;
/* One header line, not NUL-terminated; false when the headers are too large. Trailers are counted, not kept. */
bool http_request_add_header(struct http_request *r, const char *line, size_t length) MUST_CHECK;

#endif
