#include "letters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/crypto.h"
#include "sql.h"

/* In the order of sql/dead_letters.sql. */
enum column {
    ENTITY,
    TOPIC,
    PARTITION,
    OFFSET,
    IS_UNREADABLE,
    SOURCE,
    REASON,
    LABEL,
    ADVICE,
    DETAIL,
    STREAM,
    WAVE,
    UNIT,
    FILE_NAME,
    SHEET,
    ROW,
    SINCE,
    DROPPED_AT,
    DROPPED_BY,
    DROPPED_FOR,
    IS_ARCHIVED
};

static const char *text_at(const struct pg_rows *rows, size_t row, enum column column)
{
    const char *text = pg_rows_value(rows, row, column);
    return text != NULL ? text : "";
}

static enum letter_kind kind_of(const struct pg_rows *rows, size_t row)
{
    if (text_at(rows, row, IS_UNREADABLE)[0] != 't')
        return LETTER_REJECTED;
    return text_at(rows, row, IS_ARCHIVED)[0] == 't' ? LETTER_UNREADABLE_EVENT
                                                     : LETTER_UNREADABLE_REPORT;
}

static struct letter letter_of(const struct pg_rows *rows, size_t row)
{
    return (struct letter){
        .kind = kind_of(rows, row),
        .entity = text_at(rows, row, ENTITY),
        .topic = text_at(rows, row, TOPIC),
        .partition = pg_rows_integer(rows, row, PARTITION, 0),
        .offset = pg_rows_integer(rows, row, OFFSET, 0),
        .source = text_at(rows, row, SOURCE),
        .reason = text_at(rows, row, REASON),
        .label = text_at(rows, row, LABEL),
        .advice = text_at(rows, row, ADVICE),
        .detail = text_at(rows, row, DETAIL),
        .stream = text_at(rows, row, STREAM),
        .wave = text_at(rows, row, WAVE),
        .unit = text_at(rows, row, UNIT),
        .file = text_at(rows, row, FILE_NAME),
        .sheet = text_at(rows, row, SHEET),
        .row = pg_rows_integer(rows, row, ROW, 0),
        .since = pg_rows_value(rows, row, SINCE),
        .dropped_at = pg_rows_value(rows, row, DROPPED_AT),
        .dropped_by = pg_rows_value(rows, row, DROPPED_BY),
        .dropped_for = pg_rows_value(rows, row, DROPPED_FOR),
    };
}

bool letters_read(struct pg *pg, const struct letters_filter *filter, struct letters *letters,
                  struct error *err)
{
    char partition[24] = "", offset[24] = "";
    const struct letter_name *name = filter->name;
    bool by_place = name != NULL && name->entity[0] == '\0';
    if (by_place) {
        snprintf(partition, sizeof(partition), "%lld", (long long)name->partition);
        snprintf(offset, sizeof(offset), "%lld", (long long)name->offset);
    }
    const char *const parameters[] = {filter->source,
                                      filter->reason,
                                      filter->wave,
                                      filter->unit,
                                      filter->dropped ? "t" : "f",
                                      name != NULL && !by_place ? name->entity : NULL,
                                      by_place ? name->topic : NULL,
                                      by_place ? partition : NULL,
                                      by_place ? offset : NULL,
                                      filter->vietnamese ? "t" : "f"};
    struct pg_rows *rows = pg_query(pg, sql_dead_letters, ARRAY_LEN(parameters), parameters, err);
    if (rows == NULL)
        return false;
    letters->rows = array_room(letters->rows, letters->row_sets, &letters->row_capacity,
                               sizeof(struct pg_rows *));
    letters->rows[letters->row_sets++] = rows;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        letters->items =
            array_room(letters->items, letters->count, &letters->capacity, sizeof(*letters->items));
        letters->items[letters->count++] = letter_of(rows, i);
    }
    return true;
}

size_t letters_leave_out_dropped(struct letters *letters)
{
    size_t kept = 0, count = letters->count;
    for (size_t i = 0; i < count; i++)
        if (letters->items[i].dropped_at == NULL)
            letters->items[kept++] = letters->items[i];
    letters->count = kept;
    return count - kept;
}

void letters_free(struct letters *letters)
{
    for (size_t i = 0; i < letters->row_sets; i++)
        pg_rows_free(letters->rows[i]);
    free(letters->rows);
    free(letters->items);
    *letters = (struct letters){0};
}

/* ---- records ---- */

/* partition, "offset", log_time, length, hexadecimal digits. */
static void take_record(const struct pg_rows *rows, size_t row, struct letter_record *record)
{
    const char *hex = pg_rows_value(rows, row, 4);
    record->found = true;
    snprintf(record->log_time, sizeof(record->log_time), "%s", pg_rows_value(rows, row, 2));
    if (hex == NULL || record->value != NULL)
        return;
    record->length = pg_rows_length(rows, row, 4) / 2;
    record->value = must_have(malloc(record->length + 1));
    record->kept = hex_decode(hex, record->length, (uint8_t *)record->value);
    record->value[record->length] = '\0';
}

static bool read_archived(struct pg *pg, const struct letters *letters, const char *partitions,
                          const char *offsets, struct letter_record *records, struct error *err)
{
    const char *const parameters[] = {partitions, offsets};
    struct pg_rows *rows = pg_query(pg, sql_dead_archived, 2, parameters, err);
    if (rows == NULL)
        return false;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        const int64_t partition = pg_rows_integer(rows, i, 0, -1);
        const int64_t offset = pg_rows_integer(rows, i, 1, -1);
        for (size_t j = 0; j < letters->count; j++) {
            if (records[j].asked && letters->items[j].offset == offset &&
                letters->items[j].partition == partition)
                take_record(rows, i, &records[j]);
        }
    }
    pg_rows_free(rows);
    return true;
}

struct letter_record *letter_records_read(struct pg *pg, const struct letters *letters,
                                          struct error *err)
{
    struct letter_record *records = must_have(calloc(letters->count + 1, sizeof(*records)));
    struct text_buffer partitions = {0}, offsets = {0};
    for (size_t i = 0; i < letters->count; i++) {
        const struct letter *letter = &letters->items[i];
        records[i].asked = letter->kind == LETTER_UNREADABLE_EVENT;
        if (!records[i].asked)
            continue;
        const char *comma = partitions.length > 0 ? "," : "{";
        text_buffer_add_format(&partitions, "%s%lld", comma, (long long)letter->partition);
        text_buffer_add_format(&offsets, "%s%lld", comma, (long long)letter->offset);
    }
    bool fine = true;
    if (partitions.length > 0) {
        text_buffer_add_text(&partitions, "}");
        text_buffer_add_text(&offsets, "}");
        fine = read_archived(pg, letters, partitions.data, offsets.data, records, err);
    }
    text_buffer_free(&partitions);
    text_buffer_free(&offsets);
    if (fine)
        return records;
    letter_records_free(records, letters->count);
    return NULL;
}

void letter_records_free(struct letter_record *records, size_t count)
{
    for (size_t i = 0; records != NULL && i < count; i++)
        free(records[i].value);
    free(records);
}
