#include "month_rows.h"

#include <string.h>

#define SIGNATURE "PGCOPY\n\377\r\n" /* and a NUL */
#define SIGNATURE_LENGTH 11
#define HEADER_LENGTH 19
#define FIELDS 5
#define MAX_FIELDS 13
#define SINCE_2000_US INT64_C(946684800000000)

void month_rows_free(struct month_rows *rows)
{
    text_buffer_free(&rows->pending);
}

void month_rows_add(struct month_rows *rows, const char *data, size_t length)
{
    size_t left = rows->pending.length - rows->at;
    if (rows->at > 0 && left > 0)
        memmove(rows->pending.data, rows->pending.data + rows->at, left);
    rows->pending.length = left;
    rows->at = 0;
    text_buffer_add(&rows->pending, data, length);
}

static int64_t number(const char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | (uint8_t)at[i];
    return bytes == 8   ? (int64_t)value
           : bytes == 4 ? (int32_t)(uint32_t)value
                        : (int16_t)(uint16_t)value;
}

struct field {
    const char *data; /* NULL: SQL NULL */
    size_t length;
};

/* 1, 0 or -1 as month_rows_next; *taken: bytes of the row. */
static int take_fields(const char *data, size_t length, int count, struct field fields[MAX_FIELDS],
                       size_t *taken)
{
    size_t at = 2;
    for (int i = 0; i < count; i++) {
        if (length - at < 4)
            return 0;
        int64_t bytes = number(data + at, 4);
        at += 4;
        if (bytes < -1)
            return -1;
        fields[i] = (struct field){bytes < 0 ? NULL : data + at, bytes < 0 ? 0 : (size_t)bytes};
        if (length - at < fields[i].length)
            return 0;
        at += fields[i].length;
    }
    *taken = at;
    return 1;
}

/* Partition, offset, time, id come first, the value last. */
static bool to_record(const struct field *fields, int count, struct archive_record *record)
{
    if (fields[0].length != 4 || fields[1].length != 8 || fields[2].length != 8)
        return false;
    record->partition = (int32_t)number(fields[0].data, 4);
    record->offset = number(fields[1].data, 8);
    record->log_time_us = number(fields[2].data, 8) + SINCE_2000_US;
    const struct field *content = fields[count - 1].data ? &fields[count - 1] : &fields[3];
    record->content = fields[count - 1].data ? ARCHIVE_VALUE
                      : fields[3].data       ? ARCHIVE_ERASED
                                             : ARCHIVE_TOMBSTONE;
    record->value = content->data;
    record->length = content->length;
    return true;
}

int month_rows_next(struct month_rows *rows, struct archive_record *record, struct error *err)
{
    struct field fields[MAX_FIELDS] = {{NULL, 0}};
    const int count = rows->fields ? rows->fields : FIELDS;
    const char *data = rows->pending.data + rows->at;
    size_t left = rows->pending.length - rows->at, taken = 0;
    if (rows->ended || left < (rows->begun ? 2 : HEADER_LENGTH))
        return 0;
    if (!rows->begun) {
        if (memcmp(data, SIGNATURE, SIGNATURE_LENGTH) != 0 || number(data + 15, 4) != 0)
            return error_set(err, ERROR_INTERNAL, false, "PostgreSQL sent no COPY data"), -1;
        rows->begun = true;
        rows->at += HEADER_LENGTH;
        return month_rows_next(rows, record, err);
    }
    if (number(data, 2) == -1) {
        rows->ended = true;
        return 0;
    }
    int found = number(data, 2) == count ? take_fields(data, left, count, fields, &taken) : -1;
    if (found < 0 || (found > 0 && !to_record(fields, count, record)))
        return error_set(err, ERROR_INTERNAL, false, "PostgreSQL sent another kind of row"), -1;
    rows->at += taken;
    return found;
}
