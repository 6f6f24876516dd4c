/* The members of a JSON text's outermost object, and those of one of its members, without a tree: for records that come by the million
 * and have two levels. */
#ifndef MOOC_JSON_OUTLINE_H
#define MOOC_JSON_OUTLINE_H

#include "json.h"

enum json_kind {
    JSON_NONE, /* no such member */
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

/* A value where it stands in the text; borrowed. */
struct json_slice {
    const char *text; /* of a string: what is between its quotes */
    uint32_t length;
    uint8_t kind; /* enum json_kind */
    bool escaped; /* a string with backslashes: json_unescape first */
};

struct json_member {
    struct json_slice key, value;
};

struct json_members {
    struct json_member *items; /* in the order of the text */
    size_t count, capacity;
};

struct json_outline {
    bool is_object;                    /* the text is an object */
    struct json_members members;       /* its members */
    struct json_slice inner;           /* the value of the member asked for */
    struct json_members inner_members; /* if that is an object */
    bool nested;                       /* there are further objects */
};

void json_outline_release(struct json_outline *outline);

/* Refuses what json_parse refuses, with the same words; a second member of the name `inner` is not_json already. *out may have served
 * before: its memory is used again. Texts up to 1 GiB. */
bool json_outline_of(const char *text, size_t length, const char *inner, struct json_outline *out,
                     struct error *err) MUST_CHECK;

/* The bytes that an escaped string stands for, into `out`, which has room for its length; returns how many. */
size_t json_unescape(struct json_slice string, char *out);

/* Of a number: the double next to it, as json_number gives it. */
double json_slice_number(struct json_slice number);
/* Exact integers within ±2^53 only. */
bool json_slice_integer(struct json_slice value, int64_t *out) MUST_CHECK;

/* The elements of an array, one by one: *at begins as 0. False behind the last one. Of an array or object among them only the kind
 * is told, and nothing can follow it: the caller stops there. */
bool json_slice_next(struct json_slice array, size_t *at, struct json_slice *element);

#endif
