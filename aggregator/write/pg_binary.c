#include "pg_binary.h"

#include <stdlib.h>

/* 2000-01-01, PostgreSQL's epoch, in µs since 1970. */
#define POSTGRES_EPOCH 946684800000000LL
#define POSTGRES_EPOCH_DAY 10957
#define ARRAY_HEADER 20

static void put32(uint8_t *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void put64(uint8_t *out, uint64_t value)
{
    put32(out, (uint32_t)(value >> 32));
    put32(out + 4, (uint32_t)value);
}

static void put_value(struct text_buffer *out, const uint8_t *value, size_t length)
{
    uint8_t raw[20];
    put32(raw, (uint32_t)length);
    memcpy(raw + 4, value, length);
    text_buffer_add(out, raw, length + 4);
}

void pg_put_null(struct text_buffer *out)
{
    uint8_t raw[4];
    put32(raw, 0xffffffffU);
    text_buffer_add(out, raw, 4);
}

void pg_put_bool(struct text_buffer *out, bool value)
{
    uint8_t raw = value;
    put_value(out, &raw, 1);
}

void pg_put_int2(struct text_buffer *out, int16_t value)
{
    uint8_t raw[2] = {(uint8_t)((uint16_t)value >> 8), (uint8_t)value};
    put_value(out, raw, 2);
}

void pg_put_date(struct text_buffer *out, int32_t day)
{
    pg_put_int4(out, day == INT32_MAX ? day : day - POSTGRES_EPOCH_DAY);
}

void pg_put_int4(struct text_buffer *out, int32_t value)
{
    uint8_t raw[4];
    put32(raw, (uint32_t)value);
    put_value(out, raw, 4);
}

void pg_put_int8(struct text_buffer *out, int64_t value)
{
    uint8_t raw[8];
    put64(raw, (uint64_t)value);
    put_value(out, raw, 8);
}

void pg_put_bytes(struct text_buffer *out, const void *bytes, size_t length)
{
    uint8_t raw[4];
    put32(raw, (uint32_t)length);
    text_buffer_add(out, raw, 4);
    text_buffer_add(out, bytes, length);
}

void pg_put_text(struct text_buffer *out, const char *text)
{
    if (text)
        pg_put_bytes(out, text, strlen(text));
    else
        pg_put_null(out);
}

void pg_put_instant(struct text_buffer *out, int64_t us)
{
    pg_put_int8(out, us - POSTGRES_EPOCH);
}

void pg_put_key(struct text_buffer *out, struct key128 key)
{
    uint8_t raw[16];
    key128_store(key, raw);
    put_value(out, raw, 16);
}

/* Arrays ----------------------------------------------------------------------------------------------------------------- */

static uint32_t array_oid(enum pg_type type)
{
    switch (type) {
    case PG_BOOL:
        return 1000;
    case PG_BYTEA:
        return 1001;
    case PG_INT8:
        return 1016;
    case PG_INT4:
        return 1007;
    case PG_TEXT:
        return 1009;
    case PG_DATE:
        return 1182;
    case PG_TIMESTAMPTZ:
        return 1185;
    case PG_UUID:
        return 2951;
    }
    abort();
}

void pg_array_start(struct pg_array *array, enum pg_type type)
{
    static const uint8_t room[ARRAY_HEADER] = {0};
    array->type = type;
    array->count = 0;
    text_buffer_clear(&array->bytes);
    text_buffer_add(&array->bytes, room, sizeof(room));
}

void pg_array_release(struct pg_array *array)
{
    text_buffer_free(&array->bytes);
}

struct pg_parameter pg_array_parameter(struct pg_array *array)
{
    uint8_t *header = (uint8_t *)array->bytes.data;
    put32(header, array->count ? 1 : 0); /* dimensions */
    put32(header + 4, 1);                /* may hold NULLs */
    put32(header + 8, (uint32_t)array->type);
    put32(header + 12, array->count);
    put32(header + 16, 1); /* lower bound */
    size_t length = array->count ? array->bytes.length : 12;
    return (struct pg_parameter){array_oid(array->type), array->bytes.data, length};
}

void pg_array_bool(struct pg_array *array, bool value)
{
    pg_put_bool(&array->bytes, value);
    array->count++;
}

void pg_array_int4(struct pg_array *array, int32_t value)
{
    pg_put_int4(&array->bytes, value);
    array->count++;
}

void pg_array_date(struct pg_array *array, int32_t day)
{
    pg_put_date(&array->bytes, day);
    array->count++;
}

void pg_array_int8(struct pg_array *array, int64_t value)
{
    pg_put_int8(&array->bytes, value);
    array->count++;
}

void pg_array_null(struct pg_array *array)
{
    pg_put_null(&array->bytes);
    array->count++;
}

void pg_array_text(struct pg_array *array, const char *text)
{
    pg_put_text(&array->bytes, text);
    array->count++;
}

void pg_array_bytes(struct pg_array *array, const void *bytes, size_t length)
{
    pg_put_bytes(&array->bytes, bytes, length);
    array->count++;
}

void pg_array_instant(struct pg_array *array, int64_t us)
{
    pg_put_instant(&array->bytes, us);
    array->count++;
}

void pg_array_key(struct pg_array *array, struct key128 key)
{
    pg_put_key(&array->bytes, key);
    array->count++;
}

/* COPY ------------------------------------------------------------------------------------------------------------------- */

void pg_copy_start(struct text_buffer *out)
{
    static const char header[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
    text_buffer_clear(out);
    text_buffer_add(out, header, sizeof(header));
}

void pg_copy_row(struct text_buffer *out, int16_t fields)
{
    uint8_t raw[2] = {(uint8_t)(fields >> 8), (uint8_t)fields};
    text_buffer_add(out, raw, 2);
}

void pg_copy_end(struct text_buffer *out)
{
    pg_copy_row(out, -1);
}

/* Results ---------------------------------------------------------------------------------------------------------------- */

static uint64_t get64(const char *value)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | (uint8_t)value[i];
    return number;
}

int32_t pg_read_int4(const char *value)
{
    uint32_t number = 0;
    for (int i = 0; i < 4; i++)
        number = number << 8 | (uint8_t)value[i];
    return (int32_t)number;
}

size_t pg_read_int4_array(const char *value, size_t length, int32_t *out, size_t max)
{
    if (length < 12)
        return SIZE_MAX;
    if (pg_read_int4(value) == 0)
        return 0;
    size_t count = length < ARRAY_HEADER ? SIZE_MAX : (uint32_t)pg_read_int4(value + 12);
    if (count > max || pg_read_int4(value) != 1 || pg_read_int4(value + 8) != PG_INT4 ||
        length != ARRAY_HEADER + count * 8)
        return SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (pg_read_int4(value + ARRAY_HEADER + i * 8) != 4)
            return SIZE_MAX;
        out[i] = pg_read_int4(value + ARRAY_HEADER + i * 8 + 4);
    }
    return count;
}

struct key128 pg_read_key(const char *value)
{
    return (struct key128){get64(value), get64(value + 8)};
}

int64_t pg_read_int8(const char *value)
{
    return (int64_t)get64(value);
}
