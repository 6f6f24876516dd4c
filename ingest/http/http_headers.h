/* The header section of an answer, bounded. Pure. */
#ifndef MOOC_INGEST_HTTP_HEADERS_H
#define MOOC_INGEST_HTTP_HEADERS_H

#include "../../common/base.h"

#define HTTP_HEADERS_MAX_BYTES 65536 /* as they came, over all answers to one request */
#define HTTP_HEADERS_MAX_COUNT 256

/* Zeroed is empty. */
struct http_headers {
    char *data; /* "name\0value\0" for each name */
    size_t length, capacity, bytes, count;
};

void http_headers_free(struct http_headers *headers);
/* One line as it came, status line too, not NUL-terminated. A status line starts anew: what an interim answer (100, 103) said does
 * not count. False when there are too many. */
bool http_headers_add(struct http_headers *headers, const char *line, size_t length) MUST_CHECK;
/* The value of a name in any case; several lines of one name are joined by ", " (RFC 9110 §5.3). NULL if absent; valid until the
 * next line is added. */
const char *http_headers_get(const struct http_headers *headers, const char *name);

#endif
