/* Writing of the JSON Schema, member by member. */
#ifndef MOOC_CONNECTOR_SCHEMA_WRITER_H
#define MOOC_CONNECTOR_SCHEMA_WRITER_H

#include "../../common/text_buffer.h"
#include "language.h"

struct writer {
    struct text_buffer *out;
    int depth;
    bool first; /* of the object or array under way */
};

void schema_line(struct writer *w); /* before an item of an array */
void schema_key(struct writer *w, const char *name);
void schema_open(struct writer *w, const char *bracket);
void schema_close(struct writer *w, const char *bracket);
void schema_text(struct writer *w, const char *name, const char *value);
void schema_raw(struct writer *w, const char *name, const char *json);
void schema_number(struct writer *w, const char *name, double value);
void schema_choices(struct writer *w, const char *names); /* "a|b|c" as ["a", "b", "c"] */
void schema_reference_to(struct writer *w, const char *mapping);

/* language_schema_key.c: the schema of one key's value. */
void schema_of_key(struct writer *w, const struct language_key *key);
/* language_schema.c: a mapping under a name, with further keys. */
void schema_of_mapping(struct writer *w, const char *name, const struct language_mapping *mapping,
                       const struct language_key *more, size_t more_count);

#endif
