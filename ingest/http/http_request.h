/* One HTTP request while http.c holds it, and lists of them. Knows no library: what arrives is counted, bounded and kept here. */
#ifndef MOOC_INGEST_HTTP_REQUEST_H
#define MOOC_INGEST_HTTP_REQUEST_H

#include "http.h"

struct curl_slist;

struct http_request {
    struct http_request *next;
    struct http_origin *origin;
    char *url, *form;
    struct curl_slist *headers;
    http_done done;
    void *context;
    void *handle; /* the library's */
    int result;   /* the library's code */
    char *body;
    size_t length, capacity, max_body, header_bytes;
    bool too_large;
    char retry_after[64], content_type[128];
    int64_t server_time_us;
    char detail[256];
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

/* Bytes of the body, decompressed; false when there are too many or memory is out. */
bool http_request_add_body(struct http_request *r, const char *data, size_t length) MUST_CHECK;
/* One header line, not NUL-terminated; false when the headers are too large. */
bool http_request_add_header(struct http_request *r, const char *line, size_t length) MUST_CHECK;

#endif
