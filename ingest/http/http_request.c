#include "http_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http_date.h"

#define MAX_HEADER_BYTES 65536

void http_request_list_init(struct http_request_list *list)
{
    *list = (struct http_request_list){.end = NULL};
    list->end = &list->first;
}

void http_request_list_append(struct http_request_list *list, struct http_request *request)
{
    request->next = NULL;
    *list->end = request;
    list->end = &request->next;
    list->count++;
}

static struct http_request *unlink_at(struct http_request_list *list, struct http_request **at)
{
    struct http_request *r = *at;
    *at = r->next;
    if (list->end == &r->next)
        list->end = at;
    list->count--;
    return r;
}

struct http_request *http_request_list_take(struct http_request_list *list,
                                            const struct http_origin *origin, const void *context)
{
    for (struct http_request **at = &list->first; *at; at = &(*at)->next) {
        if ((!origin || (*at)->origin == origin) && (!context || (*at)->context == context))
            return unlink_at(list, at);
    }
    return NULL;
}

void http_request_list_remove(struct http_request_list *list, const struct http_request *request)
{
    for (struct http_request **at = &list->first; *at; at = &(*at)->next) {
        if (*at == request) {
            unlink_at(list, at);
            return;
        }
    }
}

bool http_request_add_body(struct http_request *r, const char *data, size_t length)
{
    if (length > r->max_body || r->length > r->max_body - length) {
        r->too_large = true;
        return false;
    }
    if (r->length + length + 1 > r->capacity) {
        size_t capacity = r->capacity ? r->capacity : 16384;
        while (capacity < r->length + length + 1)
            capacity *= 2;
        char *larger = realloc(r->body, capacity);
        if (!larger)
            return false;
        r->body = larger;
        r->capacity = capacity;
    }
    memcpy(r->body + r->length, data, length);
    r->length += length;
    r->body[r->length] = '\0';
    return true;
}

static bool take_value(char *out, size_t size, const char *name, const char *line, size_t length)
{
    size_t n = strlen(name);
    if (length <= n || strncasecmp(line, name, n) != 0)
        return false;
    line += n;
    length -= n;
    while (length > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        length--;
    }
    while (length > 0 && strchr(" \t\r\n", line[length - 1]))
        length--;
    snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), line);
    return true;
}

bool http_request_add_header(struct http_request *r, const char *line, size_t length)
{
    r->header_bytes += length;
    if (r->header_bytes > MAX_HEADER_BYTES) {
        r->too_large = true;
        return false;
    }
    char date[64];
    if (take_value(date, sizeof date, "date:", line, length) &&
        !http_date_parse(date, &r->server_time_us))
        r->server_time_us = 0;
    (void)take_value(r->retry_after, sizeof r->retry_after, "retry-after:", line, length);
    (void)take_value(r->content_type, sizeof r->content_type, "content-type:", line, length);
    return true;
}
