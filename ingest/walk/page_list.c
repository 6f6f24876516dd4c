#include "page_list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../common/allocate.h"
#include "../../common/json_slices.h"
#include "../../common/text_buffer.h"
#include "walk_page.h"

struct page_list {
    struct page_place place;
    char *body;
    size_t length;
    struct json *root;
    struct json_slices *slices; /* NULL: the root holds the records */
    struct json *element;       /* of the slices: the one asked for last */
    struct json *single;        /* the one record as a list */
    const struct json *records; /* without slices */
    const struct json *next;    /* without slices: the record of number next_index */
    size_t next_index;
};

static bool begins_as_html(const char *body, size_t length)
{
    size_t i = 0;
    while (i < length && strchr(" \t\r\n", body[i]) && body[i])
        i++;
    return i < length && body[i] == '<';
}

static bool html(struct error *err)
{
    return error_set(err, ERROR_SOURCE, false,
                     "an HTML page came instead of JSON (a login or maintenance page?)");
}

static bool unusable(struct error *err, const struct error *why)
{
    return error_set(err, ERROR_SOURCE, false, "the answer is not usable JSON: %.300s", why->message);
}

/* A root that is an array has no members, and one that is an object is no array. */
static bool may_lead(const struct page_list *list, const char *pointer)
{
    size_t i = strspn(list->body, " \t\r\n");
    return i < list->length && (list->body[i] == '[') == (*pointer == '\0');
}

/* The unit of a \uXXXX at `at`; -1 where there is none. */
static int escaped_unit(const char *body, size_t length, size_t at)
{
    char digits[5] = {0};
    if (length - at < 6 || body[at] != '\\' || body[at + 1] != 'u')
        return -1;
    memcpy(digits, body + at + 2, 4);
    bool hex = strspn(digits, "0123456789ABCDEFabcdef") == 4;
    return hex ? (int)strtoul(digits, NULL, 16) : -1;
}

/* A text cut in the middle of an emoji, or with a NUL in it, is a fault of one record, not of the list: U+FFFD stands for it. */
static void mend_escapes(char *body, size_t length)
{
    for (size_t at = 0; at + 1 < length; at++) {
        if (body[at] != '\\')
            continue;
        int unit = escaped_unit(body, length, at);
        bool high = unit >= 0xD800 && unit < 0xDC00, low = unit >= 0xDC00 && unit < 0xE000;
        int next = high ? escaped_unit(body, length, at + 6) : -1;
        bool pair = next >= 0xDC00 && next < 0xE000;
        if (unit == 0 || low || (high && !pair))
            memcpy(body + at, "\\uFFFD", 6);
        at += pair ? 11 : 1;
    }
}

static bool parse(struct page_list *list, struct error *err)
{
    for (size_t i = 0;
         !list->place.record && i < PAGE_POINTERS && list->place.pointers[i] && !list->slices; i++)
        if (may_lead(list, list->place.pointers[i]) &&
            !json_slices_of(list->body, list->length, list->place.pointers[i], &list->slices, err))
            return false;
    list->root = list->slices ? json_slices_rest(list->slices, err)
                              : json_parse_exact(list->body, list->length, err);
    return list->root != NULL;
}

/* Bytes of a letter whose rest was cut off before the closing quotation mark; 0 where there are none. */
static size_t cut_letter(const char *at)
{
    unsigned char lead = (unsigned char)at[0];
    size_t whole = lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, have = 1;
    while (have < whole && ((unsigned char)at[have] & 0xC0U) == 0x80)
        have++;
    return have < whole && at[have] == '"' ? have : 0;
}

/* A text that a database cut by its bytes, in the middle of its last letter. Other bytes that are no UTF-8 mean another encoding, in
 * which every text would be read wrong. */
static void mend_cut_letters(struct page_list *list)
{
    struct text_buffer mended = {.data = NULL};
    size_t from = 0;
    for (size_t at = 0; at < list->length; at++) {
        size_t cut = (unsigned char)list->body[at] < 0xC2 ? 0 : cut_letter(list->body + at);
        if (cut == 0)
            continue;
        text_buffer_add(&mended, list->body + from, at - from);
        text_buffer_add_text(&mended, "\xEF\xBF\xBD");
        from = at + cut;
        at = from - 1;
    }
    if (from == 0)
        return;
    text_buffer_add(&mended, list->body + from, list->length - from);
    json_slices_free(list->slices); /* they point into it */
    list->slices = NULL;
    free(list->body);
    list->body = mended.data; /* ends in a NUL */
    list->length = mended.length;
}

static bool parse_mended(struct page_list *list, struct error *err)
{
    struct error inner = {.kind = ERROR_NONE};
    bool fine = parse(list, &inner);
    if (!fine && strncmp(inner.message, "not_utf8: invalid UTF-8", 23) == 0) {
        error_clear(&inner);
        mend_cut_letters(list);
        fine = parse(list, &inner);
    }
    if (!fine && (strncmp(inner.message, "nul_character: \\u", 17) == 0 ||
                  strncmp(inner.message, "not_utf8: lone surrogate", 24) == 0)) {
        error_clear(&inner);
        mend_escapes(list->body, list->length);
        mend_cut_letters(list);
        fine = parse(list, &inner);
    }
    return fine || unusable(err, &inner);
}

struct page_list *page_list_open(const char *body, size_t length, const char *content_type,
                                 const struct page_place *place, struct error *err)
{
    if (length >= 3 && memcmp(body, "\xEF\xBB\xBF", 3) == 0) { /* a BOM: RFC 8259, 8.1 */
        body += 3;
        length -= 3;
    }
    if (begins_as_html(body, length)) {
        (void)html(err);
        return NULL;
    }
    struct page_list *list = must_have(calloc(1, sizeof *list));
    list->place = *place;
    list->body = must_have(malloc(length + 1));
    memcpy(list->body, body, length);
    list->body[length] = '\0';
    list->length = length;
    struct error inner = {.kind = ERROR_NONE};
    if (parse_mended(list, &inner))
        return list;
    page_list_free(list);
    /* PHP says text/html of whatever a script prints that says nothing else: only what is no JSON is judged by that. */
    if (strncasecmp(content_type, "text/html", 9) == 0)
        (void)html(err);
    else if (err)
        *err = inner;
    return NULL;
}

void page_list_free(struct page_list *list)
{
    if (!list)
        return;
    json_list_free(list->single);
    json_free(list->element);
    json_free(list->root);
    json_slices_free(list->slices);
    free(list->body);
    free(list);
}

const struct json *page_list_root(const struct page_list *list)
{
    return list->root;
}

bool page_list_find(struct page_list *list, struct error *err)
{
    if (list->slices || list->records)
        return true;
    if (list->place.record)
        list->records = list->single = page_record(list->root, list->place.record, err);
    else
        list->records = page_records(list->root, list->place.pointers, err);
    list->next = json_first(list->records);
    return list->records != NULL;
}

size_t page_list_count(const struct page_list *list)
{
    return list->slices ? json_slices_count(list->slices) : json_size(list->records);
}

const char *page_list_text(const struct page_list *list, size_t index, size_t *length)
{
    return list->slices ? json_slices_text(list->slices, index, length) : NULL;
}

/* The bytes of a record as one text. */
static struct json *record_as_text(const struct page_list *list, size_t index, struct error *err)
{
    size_t length;
    const char *bytes = json_slices_text(list->slices, index, &length);
    char *copy = must_have(strndup(bytes, length));
    struct text_buffer text = {.data = NULL};
    text_buffer_add_json_string(&text, copy);
    struct json *node = json_parse(text.data, text.length, err);
    text_buffer_free(&text);
    free(copy);
    return node;
}

const struct json *page_list_record(struct page_list *list, size_t index, struct error *err)
{
    struct error inner = {.kind = ERROR_NONE};
    if (list->slices) {
        json_free(list->element);
        list->element = json_slices_element(list->slices, index, &inner);
        if (!list->element) { /* a key for the second time: a fault of this record, not of the list */
            error_clear(&inner);
            list->element = record_as_text(list, index, &inner);
        }
        if (!list->element)
            unusable(err, &inner);
        return list->element;
    }
    if (index < list->next_index) {
        list->next = json_first(list->records);
        list->next_index = 0;
    }
    for (; list->next_index < index; list->next_index++)
        list->next = json_next(list->next);
    return list->next;
}

uint64_t page_list_digest(const struct page_list *list, struct siphash_key key)
{
    if (!list->slices)
        return json_fingerprint(list->records).hi;
    size_t count = json_slices_count(list->slices), length = 0, rest;
    const char *first = count ? json_slices_text(list->slices, 0, &rest) : "";
    const char *last = count ? json_slices_text(list->slices, count - 1, &length) : first;
    return siphash(key, first, (size_t)(last - first) + length);
}
