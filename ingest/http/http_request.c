#include "http_request.h"

#include <stdlib.h>
#include <string.h>

#include "lines.h"

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

void http_request_free(struct http_request *r)
{
    if (r->content)
        explicit_bzero(r->content, r->content_length);
    http_config_drop(r->config);
    http_headers_free(&r->headers);
    lines_free(r->lines);
    free(r->url);
    free(r->content);
    free(r->body);
    free(r);
}

bool http_request_add_body(struct http_request *r, const char *data, size_t length)
{
    size_t max = r->config->max_body;
    r->body_began = true;
    if (length > max || r->length > max - length) {
        r->too_large = true;
        return false;
    }
    if (r->length + length + 1 > r->capacity) {
        size_t capacity = r->capacity ? r->capacity : 16384;
        while (capacity < r->length + length + 1)
            capacity *= 2;
        capacity = capacity <= max ? capacity : max + 1;
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

bool http_request_add_header(struct http_request *r, const char *line, size_t length)
{
    if (r->body_began)
        r->headers.bytes += length;
    if (r->body_began ? r->headers.bytes <= HTTP_HEADERS_MAX_BYTES
                      : http_headers_add(&r->headers, line, length))
        return true;
    r->too_many_headers = true;
    return false;
}
