/* JSON at the border. json_check runs before any parser sees the bytes: what it passes is valid UTF-8, is one JSON text
 * (RFC 8259) of depth <= 32, has no \u0000, no lone surrogates and no number of 1e308 or more. Keys that occur twice are
 * json_parse's to refuse. */
#ifndef MOOC_JSON_H
#define MOOC_JSON_H

#include "base.h"
#include "error.h"

#define JSON_MAX_DEPTH 32
#define JSON_MAX_NUMBER 60 /* characters */

struct json; /* a node; the root owns the tree */

/* text need not be NUL-terminated. Rejects what json_check rejects (same messages), and duplicate keys. */
struct json *json_parse(const char *text, size_t length, struct error *err);
/* The same for bytes that json_check has already passed. */
struct json *json_parse_checked(const char *text, size_t length, struct error *err);
/* For what comes from platforms: integers of more than 15 digits (ids), numbers of 1e308 and more and those of more than 60
 * characters become JSON strings of the digits that were sent, so that an id stays exact and a wild number spoils only the record
 * it stands in. Everything else as json_parse. */
struct json *json_parse_exact(const char *text, size_t length, struct error *err);
void json_free(struct json *root);
/* An array of the one node, which must outlive it: for whoever takes lists and is given one thing. Freed with json_list_free. */
struct json *json_list_of(const struct json *node);
void json_list_free(struct json *list);

const struct json *json_get(const struct json *object, const char *key); /* exact, NULL-safe */
const struct json *json_first(const struct json *container);
const struct json *json_next(const struct json *item);
size_t json_size(const struct json *container);
const char *json_key(const struct json *member);

bool json_is_object(const struct json *node);
bool json_is_array(const struct json *node);
bool json_is_null(const struct json *node);
bool json_is_string(const struct json *node);
bool json_is_number(const struct json *node);
bool json_is_boolean(const struct json *node);

const char *json_string(const struct json *node); /* NULL if no string */
double json_number(const struct json *node, double fallback);
/* Exact integers within ±2^53 only. */
bool json_integer(const struct json *node, int64_t *value) MUST_CHECK;
bool json_boolean(const struct json *node, bool fallback);

/* RFC 6901: "" is the root, "/results/0/id" a member of an element; NULL where it leads nowhere. Keys up to 255 bytes. */
const struct json *json_pointer(const struct json *root, const char *pointer);

/* Conveniences: member of an object. */
const char *json_get_string(const struct json *object, const char *key);

/* Checks bytes without building a tree: one forward scan, no recursion, no memory. On failure err is ERROR_DATA and its
 * message begins with "not_utf8: ", "too_deep: ", "nul_character: " or "not_json: " and names the byte (from 0), never the
 * content. Lone surrogates are not_utf8. */
bool json_check(const char *text, size_t length, struct error *err) MUST_CHECK;

/* Valid UTF-8 (no overlong forms, no surrogates)? */
bool utf8_valid(const char *text, size_t length);

#endif
