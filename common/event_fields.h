/* The table of data fields: one for encoder, decoder and validator, and for who fills events by their fields' names. */
#ifndef MOOC_EVENT_FIELDS_H
#define MOOC_EVENT_FIELDS_H

#include "event.h"

enum field_kind {
    KIND_TEXT,
    KIND_BOOLEAN,
    KIND_INTEGER, /* 0 … 2^53 */
    KIND_DOUBLE,  /* finite */
    KIND_SHARE,   /* 0 … 1 */
    KIND_DATE,
    KIND_INSTANT,
    KIND_LIST, /* of texts */
};

struct field_spec {
    const char *name; /* in JSON; the table is sorted by it, which makes the encoding canonical */
    size_t name_length;
    enum event_field field;
    enum field_kind kind;
    size_t offset;
    uint64_t types; /* bit per event type that knows the field */
};

extern const struct field_spec event_field_table[];
extern const size_t event_field_table_size;

struct type_spec {
    const char *name;
    size_t name_length;
    bool has_subject;
    uint64_t required; /* bit per field */
};

extern const struct type_spec event_type_table[EVENT_TYPE_COUNT];

#endif
