/* Inside json_check: the state of a scan, and the scan of one string, number or literal (json_scan.c). */
#ifndef MOOC_JSON_SCAN_H
#define MOOC_JSON_SCAN_H

#include "json_internal.h"

#define JSON_MAX_PATH 8

struct json_scan {
    const unsigned char *text;
    size_t length, at;
    struct error *err;
    bool escaped; /* the last string had a backslash */
    struct json_spans *inexact; /* numbers that a double cannot hold are noted here; NULL = they are refused or rounded */

    bool seeks; /* … the value at the end of these member names; of none: the root */
    struct {
        const char *text;
        size_t length;
    } path[JSON_MAX_PATH];
    unsigned path_length;
    unsigned key_depth; /* of the object whose keys are compared with the next name; 0 = of none */
    unsigned seen;      /* bit n: name n was met in the container that is open now */
    bool found;
    unsigned depth;    /* of the container that the value found stands in */
    size_t start, end; /* of that value */

    struct json_spans *elements; /* where the elements of that value stand, if it is an array; NULL = not wanted */
    unsigned element_depth; /* of that array while it is open; 0 = it is not */

    struct json_outline *outline; /* NULL = not wanted */
};

bool json_scan_fail_at(const struct json_scan *s, const char *reason, const char *what, size_t at);
bool json_scan_fail(const struct json_scan *s, const char *what);
/* at is behind the opening quote; afterwards behind the closing one. */
bool json_scan_string(struct json_scan *s);
bool json_scan_scalar(struct json_scan *s);
/* The code point of the \uXXXX (or pair) at `at`, which is the backslash; -1 with err set if there is none. */
int json_scan_unicode(const struct json_scan *s, size_t at, size_t *used);

/* Of a value, by its first byte. */
static inline enum json_kind json_kind_of(unsigned char first)
{
    switch (first) {
    case '"':
        return JSON_STRING;
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case 't':
        return JSON_TRUE;
    case 'f':
        return JSON_FALSE;
    case 'n':
        return JSON_NULL;
    default:
        return JSON_NUMBER;
    }
}

size_t utf8_encode(int code, unsigned char out[4]);

#endif
