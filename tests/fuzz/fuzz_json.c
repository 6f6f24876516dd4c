/* json_check against itself, against cJSON (through json_parse) and against utf8_valid. */
#include <stdlib.h>
#include <string.h>

#include "../../common/json_outline.h"
#include "../../common/json_slices.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void walk(const struct json *node, int depth)
{
    must(depth <= JSON_MAX_DEPTH);
    const char *text = json_string(node);
    must(!text || utf8_valid(text, strlen(text)));
    int64_t integer;
    must(!json_integer(node, &integer) || (double)integer == json_number(node, 0.5));
    for (const struct json *item = json_first(node); item; item = json_next(item)) {
        if (json_is_object(node))
            must(json_get(node, json_key(item)) == item); /* no key stands there twice */
        walk(item, depth + 1);
    }
}

/* What the slices say of an array is what the tree says of it. */
static void slice(const char *text, size_t size, const char *pointer, const struct json *exact)
{
    struct json_slices *slices = NULL;
    bool passed = json_slices_of(text, size, pointer, &slices, NULL);
    must(passed || !exact);
    const struct json *array = exact ? json_pointer(exact, pointer) : NULL;
    must(!exact || !slices || json_is_array(array));
    must(!exact || slices || !json_is_array(array));
    if (exact && slices) {
        must(json_slices_count(slices) == json_size(array));
        const struct json *item = json_first(array);
        for (size_t i = 0; i < json_slices_count(slices); i++, item = json_next(item)) {
            struct json *element = json_slices_element(slices, i, NULL);
            must(element && json_size(element) == json_size(item));
            must(json_number(element, 0) == json_number(item, 0));
            json_free(element);
        }
        struct json *rest = json_slices_rest(slices, NULL);
        must(rest && json_size(rest) == (*pointer ? json_size(exact) : 0));
        json_free(rest);
    }
    json_slices_free(slices);
}

/* A member that stands in the text is a JSON text of its own, and the same one. */
static void inner(const struct json_slice *slice, const struct json *member)
{
    must((slice->kind != JSON_NONE) == (member != NULL));
    if (!member)
        return;
    size_t quote = slice->kind == JSON_STRING;
    struct json *part = json_parse(slice->text - quote, slice->length + 2 * quote, NULL);
    must(part && json_size(part) == json_size(member));
    must(json_is_string(part) == json_is_string(member));
    must(!json_is_string(part) || strcmp(json_string(part), json_string(member)) == 0);
    must(json_number(part, 0) == json_number(member, 0));
    json_free(part);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct error err = {0}, parse_err = {0};
    bool ok = json_check(text, size, &err);
    struct json *root = json_parse(text, size, &parse_err);
    struct json_outline outline = {0};
    must(json_outline_of(text, size, "data", &outline, NULL) == (root != NULL));
    must(!root || outline.is_object == json_is_object(root));
    must(!root || !outline.is_object || outline.members.count == json_size(root));
    must(!root || ok);
    must(!ok || utf8_valid(text, size));
    /* What the scan lets through, the parser takes; keys that occur twice are all it may refuse besides. */
    must(!ok || root || strstr(parse_err.message, "same key twice"));
    must(ok || strcmp(err.message, parse_err.message) == 0);
    /* The border for platforms lets in whatever the strict one does. */
    struct json *exact = json_parse_exact(text, size, NULL);
    must(!root || exact);
    if (exact)
        walk(exact, 0);
    slice(text, size, "", exact);
    slice(text, size, "/data", exact);
    slice(text, size, "/a/b", exact);
    json_free(exact);
    if (root) {
        walk(root, 0);
        inner(&outline.inner, json_get(root, "data"));
        json_free(root);
    }
    json_outline_release(&outline);
    return 0;
}
