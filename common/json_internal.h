/* Between what scans (json_check.c, json_scan.c, utf8.c) and what builds trees (json.c, json_slices.c). */
#ifndef MOOC_JSON_INTERNAL_H
#define MOOC_JSON_INTERNAL_H

#include "json.h"
#include "json_outline.h"

struct json_span {
    size_t begin, end;
};

struct json_spans {
    size_t count, capacity;
    struct json_span *items; /* the caller frees */
};

void json_spans_add(struct json_spans *spans, size_t begin, size_t end);

/* json_check, but numbers that a double cannot hold exactly, or at all, are noted instead of refused. */
bool json_check_inexact(const char *text, size_t length, struct json_spans *inexact,
                        struct error *err) MUST_CHECK;

struct json_elements {
    bool found;                          /* an array stands there */
    struct json_span array;              /* with its brackets */
    struct json_spans elements, inexact; /* inexact: of the whole text */
};
/* json_check_inexact, and where the elements of the array at the pointer stand. Looks for members of objects only: a pointer through
 * arrays, or with "~" in it, finds nothing. On failure, too, the caller frees the spans. */
bool json_check_elements(const char *text, size_t length, const char *pointer,
                         struct json_elements *out, struct error *err) MUST_CHECK;

/* json_check, and the members of the outermost object and of its member `inner`; *out is empty before. That member twice is not_json. */
bool json_check_outline(const char *text, size_t length, const char *inner,
                        struct json_outline *out, struct error *err) MUST_CHECK;

/* [span] of a text that json_check_inexact has passed, as a tree; inexact: of the whole text. */
struct json *json_parse_span(const char *text, struct json_span span,
                             const struct json_spans *inexact, struct error *err);

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* Length of the sequence at text (2 to 4), 0 if it is none. The first byte is >= 0x80. Table 3-7 of the Unicode standard. */
static inline size_t utf8_sequence(const unsigned char *text, size_t left)
{
    unsigned char first = text[0];
    if (first < 0xC2 || first > 0xF4)
        return 0;
    size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (left < length)
        return 0;
    unsigned char low = 0x80, high = 0xBF;
    if (first == 0xE0)
        low = 0xA0;
    else if (first == 0xED)
        high = 0x9F;
    else if (first == 0xF0)
        low = 0x90;
    else if (first == 0xF4)
        high = 0x8F;
    if (text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

#endif
