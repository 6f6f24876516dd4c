/* One array inside a JSON text, element by element: for lists of which few elements need a tree. */
#ifndef MOOC_JSON_SLICES_H
#define MOOC_JSON_SLICES_H

#include "json.h"

struct json_slices;

/* Checks the text as json_parse_exact does and looks for the array at the pointer (RFC 6901; members of objects only). False: the
 * text is refused. *out NULL: no array is found there. The text must outlive the slices; duplicate keys are only found by what builds
 * a tree of the object that has them. */
bool json_slices_of(const char *text, size_t length, const char *pointer, struct json_slices **out,
                    struct error *err) MUST_CHECK;
void json_slices_free(struct json_slices *slices);

size_t json_slices_count(const struct json_slices *slices);
/* The bytes of an element, as they were sent. */
const char *json_slices_text(const struct json_slices *slices, size_t index, size_t *length);
/* Trees, as json_parse_exact makes them: of an element; of the text with the array empty. The caller frees. */
struct json *json_slices_element(const struct json_slices *slices, size_t index, struct error *err);
struct json *json_slices_rest(const struct json_slices *slices, struct error *err);

#endif
