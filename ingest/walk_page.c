#include "walk_page.h"

#include <string.h>
#include <strings.h>

#include "../common/text_buffer.h"

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

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
    size_t length = strlen(text);
    uint64_t word;
    for (; length >= sizeof(word); length -= sizeof(word), text += sizeof(word)) {
        memcpy(&word, text, sizeof(word));
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, text, length);
    return mix(hash, word ^ (uint64_t)length << 56);
}

/* Tells a page that came before: an error of the server's, not an attack, so no cryptographic hash is needed. */
static uint64_t digest(uint64_t hash, const struct json *node)
{
    if (json_is_object(node) || json_is_array(node)) {
        hash = mix(hash, json_is_object(node) ? '{' : '[');
        for (const struct json *item = json_first(node); item; item = json_next(item)) {
            if (json_is_object(node))
                hash = mix_text(hash, json_key(item));
            hash = digest(hash, item);
        }
        return mix(hash, ']');
    }
    if (json_is_string(node))
        return mix_text(mix(hash, 's'), json_string(node));
    double number = json_number(node, 0);
    uint64_t bits;
    memcpy(&bits, &number, sizeof(bits));
    return mix(mix(hash, json_is_number(node)    ? 'n'
                         : json_is_null(node)    ? '0'
                         : json_boolean(node, 0) ? 't'
                                                 : 'f'),
               bits);
}

static bool looks_like_html(const char *body, size_t length, const char *content_type)
{
    if (strncasecmp(content_type, "text/html", 9) == 0)
        return true;
    size_t i = 0;
    while (i < length && strchr(" \t\r\n", body[i]) && body[i])
        i++;
    return i < length && body[i] == '<';
}

static const struct json *find_records(const struct json *root, const char *records)
{
    if (json_is_array(root))
        return root;
    const struct json *list = json_get(root, records);
    return json_is_array(list) ? list : NULL;
}

static bool find_next(const struct json *root, const char **next, struct error *err)
{
    *next = NULL;
    if (!json_is_object(root))
        return true;
    const struct json *link = json_get(root, "next");
    if (!link)
        link = json_get(json_get(root, "pagination"), "next");
    if (link && !json_is_null(link) && !json_is_string(link))
        return error_set(err, ERROR_SOURCE, false, "its `next` is neither a link nor null");
    *next = json_string(link);
    return true;
}

bool page_decode(const char *body, size_t length, const char *content_type, const char *records,
                 struct decoded_page *out, struct error *err)
{
    *out = (struct decoded_page){.root = NULL};
    if (looks_like_html(body, length, content_type))
        return error_set(err, ERROR_SOURCE, false,
                         "an HTML page came instead of JSON (a login or maintenance page?)");
    struct error inner = {.kind = ERROR_NONE};
    struct json *root = json_parse(body, length, &inner);
    if (!root)
        return error_set(err, ERROR_SOURCE, false, "the answer is not usable JSON: %.300s",
                         inner.message);
    const struct json *list = find_records(root, records);
    if (!list) {
        json_free(root);
        return error_set(err, ERROR_SOURCE, false,
                         "the answer has status 200 but no list `%s` in it (an error message in "
                         "its place?)",
                         records);
    }
    if (!find_next(root, &out->next, err)) {
        json_free(root);
        return false;
    }
    out->root = root;
    out->records = list;
    out->digest = digest(0, list);
    return true;
}
