#include "json_slices.h"

#include <stdlib.h>
#include <string.h>

#include "allocate.h"
#include "json_internal.h"

struct json_slices {
    const char *text;
    size_t length;
    struct json_elements found;
};

bool json_slices_of(const char *text, size_t length, const char *pointer, struct json_slices **out,
                    struct error *err)
{
    struct json_slices *s = must_have(calloc(1, sizeof *s));
    s->text = text;
    s->length = length;
    bool fine = json_check_elements(text, length, pointer, &s->found, err);
    *out = fine && s->found.found ? s : NULL;
    if (!*out)
        json_slices_free(s);
    return fine;
}

void json_slices_free(struct json_slices *s)
{
    if (!s)
        return;
    free(s->found.elements.items);
    free(s->found.inexact.items);
    free(s);
}

size_t json_slices_count(const struct json_slices *s)
{
    return s->found.elements.count;
}

const char *json_slices_text(const struct json_slices *s, size_t index, size_t *length)
{
    const struct json_span *span = &s->found.elements.items[index];
    *length = span->end - span->begin;
    return s->text + span->begin;
}

struct json *json_slices_element(const struct json_slices *s, size_t index, struct error *err)
{
    return json_parse_span(s->text, s->found.elements.items[index], &s->found.inexact, err);
}

struct json *json_slices_rest(const struct json_slices *s, struct error *err)
{
    size_t before = s->found.array.begin + 1, after = s->found.array.end - 1;
    char *rest = must_have(malloc(before + s->length - after));
    memcpy(rest, s->text, before);
    memcpy(rest + before, s->text + after, s->length - after);
    struct json *root = json_parse_exact(rest, before + s->length - after, err);
    free(rest);
    return root;
}
