/* PostgreSQL's binary forms: array parameters for unnest, and COPY rows. No libpq in here: bytes only (PostgreSQL documentation,
 * "COPY / Binary Format"; src/include/catalog/pg_type.dat for the type oids). */
#ifndef MOOC_WRITE_PG_BINARY_H
#define MOOC_WRITE_PG_BINARY_H

#include "../../common/crypto.h"
#include "../../common/text_buffer.h"
#include "../pg.h"

enum pg_type {
    PG_BOOL = 16,
    PG_BYTEA = 17,
    PG_INT8 = 20,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_DATE = 1082,
    PG_TIMESTAMPTZ = 1184,
    PG_UUID = 2950,
};

struct pg_array {
    struct text_buffer bytes;
    enum pg_type type;
    uint32_t count;
};

void pg_array_start(struct pg_array *array, enum pg_type type);
void pg_array_release(struct pg_array *array);
/* The parameter borrows the array until it is started again. */
struct pg_parameter pg_array_parameter(struct pg_array *array);

/* One element or COPY field each: length, then the value. */
void pg_put_null(struct text_buffer *out);
void pg_put_bool(struct text_buffer *out, bool value);
void pg_put_int2(struct text_buffer *out, int16_t value);
void pg_put_int4(struct text_buffer *out, int32_t value);
void pg_put_date(struct text_buffer *out, int32_t day); /* since 1970; INT32_MAX = infinity */
void pg_put_int8(struct text_buffer *out, int64_t value);
void pg_put_bytes(struct text_buffer *out, const void *bytes, size_t length);
void pg_put_text(struct text_buffer *out, const char *text); /* NULL = SQL NULL */
void pg_put_instant(struct text_buffer *out, int64_t us);
void pg_put_key(struct text_buffer *out, struct key128 key);

void pg_array_bool(struct pg_array *array, bool value);
void pg_array_int4(struct pg_array *array, int32_t value);
void pg_array_int8(struct pg_array *array, int64_t value);
void pg_array_date(struct pg_array *array, int32_t day); /* since 1970; INT32_MAX = infinity */
void pg_array_null(struct pg_array *array);
void pg_array_text(struct pg_array *array, const char *text);
void pg_array_bytes(struct pg_array *array, const void *bytes, size_t length);
void pg_array_instant(struct pg_array *array, int64_t us);
void pg_array_key(struct pg_array *array, struct key128 key);

/* COPY … WITH (FORMAT binary): start, then per row its field count and fields, then end. */
void pg_copy_start(struct text_buffer *out);
void pg_copy_row(struct text_buffer *out, int16_t fields);
void pg_copy_end(struct text_buffer *out);

/* Reading binary results. */
struct key128 pg_read_key(const char *value);
int32_t pg_read_int4(const char *value);
int64_t pg_read_int8(const char *value);
/* The elements of an integer[] without NULLs, at most `max`: how many; SIZE_MAX if it is none such. */
size_t pg_read_int4_array(const char *value, size_t length, int32_t *out, size_t max);

#endif
