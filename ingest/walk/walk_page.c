#include "walk_page.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/text_buffer.h"
#include "../http/link_header.h"

static void append_value(struct text_buffer *out, const struct json *node)
{
    if (json_is_object(node) || json_is_array(node)) {
        text_buffer_add_text(out, json_is_object(node) ? "{" : "[");
        for (const struct json *item = json_first(node); item; item = json_next(item)) {
            if (json_is_object(node))
                text_buffer_add(out, json_key(item), strlen(json_key(item)) + 1);
            append_value(out, item);
        }
        text_buffer_add_text(out, "]");
    } else if (json_is_string(node)) {
        text_buffer_add_text(out, "s");
        text_buffer_add(out, json_string(node), strlen(json_string(node)) + 1);
    } else if (json_is_number(node)) {
        text_buffer_add_text(out, "n");
        text_buffer_add_json_double(out, json_number(node, 0));
    } else {
        text_buffer_add_text(out, json_is_null(node) ? "0" : json_boolean(node, false) ? "t" : "f");
    }
}

struct key128 json_fingerprint(const struct json *node)
{
    struct text_buffer text = {.data = NULL};
    append_value(&text, node);
    struct key128 key = key128_of(text.data, text.length);
    text_buffer_free(&text);
    return key;
}

const struct json *page_records(const struct json *root, const char *const pointers[PAGE_POINTERS],
                                struct error *err)
{
    for (size_t i = 0; i < PAGE_POINTERS && pointers[i]; i++) {
        const struct json *list = json_pointer(root, pointers[i]);
        if (json_is_array(list))
            return list;
    }
    error_set(err, ERROR_SOURCE, false,
              "the answer has status 200 but no list `%s` in it (an error message in its place?)",
              pointers[0] ? pointers[0] : "");
    return NULL;
}

struct json *page_record(const struct json *root, const char *pointer, struct error *err)
{
    const struct json *record = json_pointer(root, pointer);
    if (json_is_object(record))
        return json_list_of(record);
    error_set(err, ERROR_SOURCE, false,
              "the answer has status 200 but no record `%s` in it (an error message in its place?)",
              pointer);
    return NULL;
}

/* ---- from page to page ---- */

void page_begin(struct page_position *position, const struct page_rules *rules)
{
    *position = (struct page_position){.page = rules->first, .offset = rules->first};
}

void page_end(struct page_position *position)
{
    free(position->link);
    free(position->cursor);
    position->link = position->cursor = NULL;
}

static char *copy_text(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

/* The text at one of the pointers; *text NULL at the end of the list. */
static bool read_next(const struct page_rules *rules, const struct json *root, const char **text,
                      struct text_buffer *room, struct error *err)
{
    const struct json *node = NULL;
    *text = NULL;
    for (size_t i = 0; i < PAGE_POINTERS && rules->next[i] && (!node || json_is_null(node)); i++)
        node = json_pointer(root, rules->next[i]);
    if (!node || json_is_null(node))
        return true;
    int64_t number;
    if (rules->rule == PAGES_CURSOR && json_integer(node, &number)) {
        text_buffer_add_number(room, number);
        *text = room->data;
        return true;
    }
    if (!json_is_string(node))
        return error_set(err, ERROR_SOURCE, false, "its `%s` is neither a link nor null",
                         rules->next[0]);
    *text = *json_string(node) ? json_string(node) : NULL;
    return true;
}

/* A count that the platform states; -1 = it states none. */
static int64_t stated(const struct json *root, const char *pointer)
{
    int64_t count;
    const struct json *node = pointer ? json_pointer(root, pointer) : NULL;
    return json_integer(node, &count) && count >= 0 ? count : -1;
}

/* Servers cut the size that was asked for and leave rows out of the middle, so a short page says nothing. Neither does an empty
 * one where the platform itself says that there is more. */
static bool counted_more(const struct page_position *position, const struct page_rules *rules,
                         const struct json *root, int64_t count)
{
    int64_t total = stated(root, rules->total), last = stated(root, rules->last);
    int64_t behind = position->offset - rules->first + count;
    if (total >= 0)
        return (rules->rule == PAGES_OFFSET ? behind : position->seen) < total;
    if (last >= 0)
        return position->page < last;
    return count > 0;
}

bool page_advance(struct page_position *position, const struct page_rules *rules,
                  const struct json *root, size_t records, const char *link_header, bool *more,
                  struct error *err)
{
    int64_t count = (int64_t)records;
    struct text_buffer room = {0};
    const char *text = NULL;
    char *next = NULL;
    *more = false;
    position->number++;
    position->seen += count;
    switch (rules->rule) {
    case PAGES_ONE:
        return true;
    case PAGES_NEXT:
    case PAGES_CURSOR:
        if (!read_next(rules, root, &text, &room, err))
            return false; /* room is empty then */
        next = text ? copy_text(text) : NULL;
        break;
    case PAGES_LINK:
        next = link_header ? link_header_find(link_header, "next") : NULL;
        break;
    case PAGES_NUMBER:
    case PAGES_OFFSET:
        *more = counted_more(position, rules, root, count);
        position->page += *more;
        position->offset += *more ? count - (count > rules->overlap ? rules->overlap : 0) : 0;
        return true;
    }
    page_end(position);
    *(rules->rule == PAGES_CURSOR ? &position->cursor : &position->link) = next;
    *more = next != NULL;
    text_buffer_free(&room);
    return true;
}
