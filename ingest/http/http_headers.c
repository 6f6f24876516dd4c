#include "http_headers.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../common/allocate.h"

void http_headers_free(struct http_headers *headers)
{
    free(headers->data);
    *headers = (struct http_headers){.data = NULL};
}

/* Where the entry of this name begins; NULL if there is none. */
static char *entry_of(const struct http_headers *h, const char *name, size_t length)
{
    if (!h->data)
        return NULL;
    for (char *at = h->data, *end = h->data + h->length; at < end;) {
        size_t n = strlen(at);
        if (n == length && strncasecmp(at, name, n) == 0)
            return at;
        at += n + 1;
        at += strlen(at) + 1;
    }
    return NULL;
}

const char *http_headers_get(const struct http_headers *headers, const char *name)
{
    const char *entry = entry_of(headers, name, strlen(name));
    return entry ? entry + strlen(entry) + 1 : NULL;
}

static void reserve(struct http_headers *h, size_t more)
{
    if (h->length + more <= h->capacity)
        return;
    while (h->capacity < h->length + more)
        h->capacity = h->capacity ? h->capacity * 2 : 1024;
    h->data = must_have(realloc(h->data, h->capacity));
}

/* Makes room in the middle for what is added to the value of an entry. */
static void join(struct http_headers *h, char *entry, const char *value, size_t length)
{
    size_t at = (size_t)(entry - h->data);
    reserve(h, length + 2);
    char *end = h->data + at;
    end += strlen(end) + 1;
    end += strlen(end);
    memmove(end + length + 2, end, h->length - (size_t)(end - h->data));
    memcpy(end, ", ", 2);
    memcpy(end + 2, value, length);
    h->length += length + 2;
}

static void append(struct http_headers *h, const char *name, size_t name_length, const char *value,
                   size_t length)
{
    reserve(h, name_length + length + 2);
    char *at = h->data + h->length;
    memcpy(at, name, name_length);
    at[name_length] = '\0';
    memcpy(at + name_length + 1, value, length);
    at[name_length + 1 + length] = '\0';
    h->length += name_length + length + 2;
}

bool http_headers_add(struct http_headers *headers, const char *line, size_t length)
{
    headers->bytes += length;
    if (headers->bytes > HTTP_HEADERS_MAX_BYTES)
        return false;
    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        headers->length = headers->count = 0;
        return true;
    }
    const char *nul = memchr(line, '\0', length);
    length = nul ? (size_t)(nul - line) : length;
    const char *colon = memchr(line, ':', length);
    if (!colon || colon == line)
        return true; /* the empty line at the end, or what is no header */
    if (++headers->count > HTTP_HEADERS_MAX_COUNT)
        return false;
    size_t name_length = (size_t)(colon - line);
    const char *value = colon + 1, *end = line + length;
    while (value < end && strchr(" \t\r\n", *value))
        value++;
    while (value < end && strchr(" \t\r\n", end[-1]))
        end--;
    char *entry = entry_of(headers, line, name_length);
    if (entry)
        join(headers, entry, value, (size_t)(end - value));
    else
        append(headers, line, name_length, value, (size_t)(end - value));
    return true;
}
