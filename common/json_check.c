/* The scan of json_check: a loop over bytes with the kinds of the open containers in the bits of one word. On its way it finds one
 * value by its path, and where that value's elements stand. */
#include "json_scan.h"

#include <string.h>

#include "allocate.h"

static void skip_space(struct json_scan *s)
{
    while (s->at < s->length) {
        unsigned char c = s->text[s->at];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            return;
        s->at++;
    }
}

size_t utf8_encode(int code, unsigned char out[4])
{
    if (code < 0x80) {
        out[0] = (unsigned char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (unsigned char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (unsigned char)(marks[length] | code);
    return length;
}

/* Does the checked key in [begin, end), without its quotes, spell the name? */
static bool is_name(const struct json_scan *s, size_t begin, size_t end, const char *name,
                    size_t length)
{
    if (!s->escaped)
        return end - begin == length && memcmp(s->text + begin, name, length) == 0;
    size_t matched = 0;
    for (size_t at = begin; at < end;) {
        unsigned char bytes[4] = {s->text[at]};
        size_t count = 1, used = 1;
        if (bytes[0] == '\\') {
            static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
            const char *known = strchr(names, s->text[at + 1]);
            used = 2;
            if (known)
                bytes[0] = (unsigned char)values[known - names];
            else
                count = utf8_encode(json_scan_unicode(s, at, &used), bytes);
        }
        if (count > length - matched || memcmp(name + matched, bytes, count) != 0)
            return false;
        matched += count;
        at += used;
    }
    return matched == length;
}

/* The members that those of the container of this depth are noted with; NULL = they are not. */
static struct json_members *noted_members(const struct json_scan *s, unsigned depth)
{
    if (!s->outline || depth == 0 || depth > 2)
        return NULL;
    if (depth == 1)
        return &s->outline->members;
    return s->found && s->end == 0 ? &s->outline->inner_members : NULL;
}

static struct json_slice slice_of(const struct json_scan *s, size_t begin, size_t end)
{
    enum json_kind kind = json_kind_of(s->text[begin]);
    bool string = kind == JSON_STRING;
    return (struct json_slice){(const char *)s->text + begin + string,
                               (uint32_t)(end - begin - (string ? 2 : 0)), (uint8_t)kind,
                               string && s->escaped};
}

/* key: where its opening quote stands. Its value's place is noted when that ends. */
static void note_key(struct json_members *members, const struct json_scan *s, size_t key)
{
    members->items =
        array_room(members->items, members->count, &members->capacity, sizeof *members->items);
    members->items[members->count++].key = slice_of(s, key, s->at);
}

/* A key and its colon. Sets *on_path if its value is what is looked for, or holds it. */
static bool scan_key(struct json_scan *s, unsigned depth, bool *on_path)
{
    *on_path = false;
    if (s->at >= s->length || s->text[s->at] != '"')
        return json_scan_fail(s, "no key where one must be");
    size_t begin = ++s->at;
    if (!json_scan_string(s))
        return false;
    struct json_members *noted = noted_members(s, depth);
    if (noted)
        note_key(noted, s, begin - 1);
    if (depth == s->key_depth &&
        is_name(s, begin, s->at - 1, s->path[depth - 1].text, s->path[depth - 1].length)) {
        unsigned bit = 1U << (depth - 1);
        if (s->seen & bit)
            return json_scan_fail_at(s, "not_json", "a key for the second time", begin);
        s->seen |= bit;
        *on_path = true;
    }
    skip_space(s);
    if (s->at >= s->length || s->text[s->at] != ':')
        return json_scan_fail(s, "no colon after a key");
    s->at++;
    skip_space(s);
    if (noted)
        noted->items[noted->count - 1].value.text = (const char *)s->text + s->at;
    return true;
}

/* A value begins whose path has been met so far; depth: of the container that it stands in. */
static void follow_path(struct json_scan *s, unsigned depth)
{
    unsigned char c = s->at < s->length ? s->text[s->at] : 0;
    if (depth < s->path_length) {
        if (c == '{')
            s->key_depth = depth + 1;
        return;
    }
    s->found = true;
    s->depth = depth;
    s->start = s->at;
    if (s->elements && c == '[')
        s->element_depth = depth + 1;
}

static void close_container(struct json_scan *s, unsigned *depth)
{
    if (*depth == s->element_depth)
        s->element_depth = 0;
    if (*depth == s->key_depth) {
        s->seen &= ~(1U << (*depth - 1));
        s->key_depth--;
    }
    (*depth)--;
}

static void end_value(struct json_scan *s, unsigned depth)
{
    if (depth == s->element_depth && depth > 0)
        s->elements->items[s->elements->count - 1].end = s->at;
    struct json_members *noted = noted_members(s, depth);
    if (noted && noted->count > 0) {
        struct json_slice *value = &noted->items[noted->count - 1].value;
        *value = slice_of(s, (size_t)((const unsigned char *)value->text - s->text), s->at);
    }
    if (s->found && s->end == 0 && depth == s->depth)
        s->end = s->at;
}

/* Behind a value: closes what ends here, up to the comma before the next value or to the end of the text. */
static bool scan_after_value(struct json_scan *s, uint64_t objects, unsigned *depth)
{
    for (;;) {
        end_value(s, *depth);
        skip_space(s);
        if (*depth == 0)
            return s->at == s->length || json_scan_fail(s, "something behind the JSON text");
        if (s->at >= s->length)
            return json_scan_fail(s, "");
        bool object = (objects >> *depth) & 1U;
        unsigned char c = s->text[s->at];
        if (c != ',' && c != (object ? '}' : ']'))
            return json_scan_fail(s, "neither a comma nor the container's end");
        s->at++;
        if (c == ',') {
            skip_space(s);
            return true;
        }
        close_container(s, depth);
    }
}

/* depth: of the container that the object stands in */
static void note_object(struct json_outline *outline, unsigned depth, bool on_path)
{
    if (depth == 0)
        outline->is_object = true;
    else if (depth > 1 || !on_path)
        outline->nested = true;
}

/* A value, its key before it; opens containers until one has a first value, or is empty. *behind: a whole value lies behind us. */
static bool scan_value(struct json_scan *s, uint64_t *objects, unsigned *depth, bool *behind)
{
    bool on_path = *depth == 0 && s->seeks;
    if (*depth > 0 && ((*objects >> *depth) & 1U) && !scan_key(s, *depth, &on_path))
        return false;
    if (*depth > 0 && *depth == s->element_depth)
        json_spans_add(s->elements, s->at, 0);
    if (on_path)
        follow_path(s, *depth);
    *behind = true;
    if (s->at >= s->length)
        return json_scan_fail(s, "");
    unsigned char c = s->text[s->at];
    if (c != '{' && c != '[')
        return json_scan_scalar(s);
    if (*depth == JSON_MAX_DEPTH)
        return json_scan_fail_at(s, "too_deep", "more than 32 levels", s->at);
    if (s->outline && c == '{')
        note_object(s->outline, *depth, on_path);
    ++*depth;
    uint64_t bit = UINT64_C(1) << *depth;
    *objects = c == '{' ? *objects | bit : *objects & ~bit;
    s->at++;
    skip_space(s);
    *behind = s->at < s->length && s->text[s->at] == (c == '{' ? '}' : ']');
    if (*behind) {
        s->at++;
        close_container(s, depth);
    }
    return true;
}

static bool scan_text(struct json_scan *s)
{
    uint64_t objects = 0; /* bit d: the container of depth d is an object */
    unsigned depth = 0;
    bool behind;
    skip_space(s);
    do {
        if (!scan_value(s, &objects, &depth, &behind))
            return false;
        if (behind && !scan_after_value(s, objects, &depth))
            return false;
    } while (depth > 0);
    return true;
}

bool json_check(const char *text, size_t length, struct error *err)
{
    struct json_scan s = {.text = (const unsigned char *)text, .length = length, .err = err};
    return scan_text(&s);
}

bool json_check_inexact(const char *text, size_t length, struct json_spans *inexact, struct error *err)
{
    struct json_scan s = {
        .text = (const unsigned char *)text, .length = length, .err = err, .inexact = inexact};
    return scan_text(&s);
}

bool json_check_outline(const char *text, size_t length, const char *inner,
                        struct json_outline *out, struct error *err)
{
    struct json_scan s = {.text = (const unsigned char *)text,
                          .length = length,
                          .err = err,
                          .path = {{inner, strlen(inner)}},
                          .path_length = 1,
                          .seeks = true,
                          .outline = out};
    if (!scan_text(&s))
        return false;
    for (size_t i = 0; s.found && i < out->members.count; i++) {
        const struct json_slice *value = &out->members.items[i].value;
        if (value->text == text + s.start + (value->kind == JSON_STRING))
            out->inner = *value;
    }
    return true;
}

/* Names separated by slashes; false if it is no such pointer, or too long a one. */
static bool set_path(struct json_scan *s, const char *pointer)
{
    for (; *pointer == '/'; pointer += s->path[s->path_length++].length) {
        pointer++;
        if (s->path_length == JSON_MAX_PATH)
            return false;
        s->path[s->path_length].text = pointer;
        s->path[s->path_length].length = strcspn(pointer, "/");
        if (memchr(pointer, '~', s->path[s->path_length].length))
            return false;
    }
    return *pointer == '\0';
}

bool json_check_elements(const char *text, size_t length, const char *pointer,
                         struct json_elements *out, struct error *err)
{
    struct json_scan s = {.text = (const unsigned char *)text,
                          .length = length,
                          .err = err,
                          .inexact = &out->inexact,
                          .elements = &out->elements};
    s.seeks = set_path(&s, pointer);
    if (!scan_text(&s))
        return false;
    out->found = s.found && text[s.start] == '[';
    out->array = (struct json_span){s.start, s.end};
    return true;
}
