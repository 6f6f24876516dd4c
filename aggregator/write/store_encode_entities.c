/* Entities without a learner as statements and their parameters: published totals, marks, rejected and unreadable records. */
#include <stdio.h>
#include <stdlib.h>

#include "store_sql.h"

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void put_count(struct pg_array *array, const struct event *event, enum event_field field,
                      int64_t value)
{
    if (event_has(event, field))
        pg_array_int8(array, value);
    else
        pg_array_null(array);
}

/* Figures of no training: a unit's, or nobody's. */
static void put_changed(struct store_writes *out, const char *unit)
{
    store_put_changed(out, "", unit != NULL && *unit != '\0' ? unit : STORE_NO_UNIT, false);
}

static void encode_totals(const struct changes *changes, struct store_writes *out)
{
    struct pg_array *a =
        STORE_ADD(out, SAVE_TOTALS, PG_UUID, PG_TEXT, PG_BOOL, PG_INT8, PG_INT8, PG_TEXT,
                  PG_TIMESTAMPTZ, PG_TEXT, PG_TEXT, PG_INT8, PG_INT8, PG_INT8);
    for (size_t i = 0; i < changes->entities.count; i++) {
        const struct event *e = changes->entities.items[i].event;
        if (e->type != EVENT_TOTALS_PUBLISHED && e->type != EVENT_TOTALS_WITHDRAWN)
            continue;
        pg_array_key(&a[0], changes->entities.items[i].entity);
        pg_array_text(&a[1], e->wave);
        pg_array_bool(&a[2], e->type == EVENT_TOTALS_PUBLISHED);
        put_count(&a[3], e, FIELD_COUNT_REGISTERED, e->count_registered);
        put_count(&a[4], e, FIELD_COUNT_PASSED, e->count_passed);
        pg_array_text(&a[5], e->source);
        pg_array_instant(&a[6], e->time);
        pg_array_text(&a[7], or_empty(e->file));
        pg_array_text(&a[8], or_empty(e->sheet));
        pg_array_int8(&a[9], e->row);
        pg_array_int8(&a[10], e->revision);
        pg_array_int8(&a[11], (int64_t)e->hash);
        put_changed(out, NULL);
    }
}

/* text[] as a literal: audiences are codes of few letters, but any text may stand there. */
static void put_text_list(struct pg_array *array, const struct event_list *list,
                          struct text_buffer *scratch)
{
    text_buffer_clear(scratch);
    text_buffer_add(scratch, "{", 1);
    for (size_t i = 0; i < list->count; i++) {
        text_buffer_add_text(scratch, i ? ",\"" : "\"");
        for (const char *at = list->items[i]; *at; at++) {
            if (*at == '"' || *at == '\\')
                text_buffer_add(scratch, "\\", 1);
            text_buffer_add(scratch, at, 1);
        }
        text_buffer_add(scratch, "\"", 1);
    }
    text_buffer_add(scratch, "}", 1);
    pg_array_bytes(array, scratch->data, scratch->length);
}

static void encode_headcounts(const struct changes *changes, struct store_writes *out)
{
    struct text_buffer audiences = {0};
    struct pg_array *a = STORE_ADD(out, SAVE_HEADCOUNTS, PG_UUID, PG_BOOL, PG_TEXT, PG_TEXT,
                                   PG_TEXT, PG_DATE, PG_TEXT, PG_INT8, PG_TEXT, PG_TIMESTAMPTZ,
                                   PG_TEXT, PG_TEXT, PG_INT8, PG_INT8, PG_INT8);
    for (size_t i = 0; i < changes->entities.count; i++) {
        const struct event *e = changes->entities.items[i].event;
        if (e->type != EVENT_ATTENDANCE_RECORDED && e->type != EVENT_ATTENDANCE_WITHDRAWN)
            continue;
        pg_array_key(&a[0], changes->entities.items[i].entity);
        pg_array_bool(&a[1], e->type == EVENT_ATTENDANCE_RECORDED);
        pg_array_text(&a[2], or_empty(e->wave));
        pg_array_text(&a[3], or_empty(e->unit));
        pg_array_text(&a[4], or_empty(e->class_name));
        if (event_has(e, FIELD_DAY))
            pg_array_date(&a[5], e->day);
        else
            pg_array_null(&a[5]);
        put_text_list(&a[6], &e->audience, &audiences);
        pg_array_int8(&a[7], e->headcount);
        pg_array_text(&a[8], e->source);
        pg_array_instant(&a[9], e->time);
        pg_array_text(&a[10], or_empty(e->file));
        pg_array_text(&a[11], or_empty(e->sheet));
        pg_array_int8(&a[12], e->row);
        pg_array_int8(&a[13], e->revision);
        pg_array_int8(&a[14], (int64_t)e->hash);
        put_changed(out, e->unit);
    }
    text_buffer_free(&audiences);
}

static void encode_marks(const struct changes *changes, struct store_writes *out)
{
    struct pg_array *a = STORE_ADD(out, SAVE_MARKS, PG_UUID, PG_TEXT, PG_TEXT, PG_TEXT, PG_INT4,
                                   PG_TIMESTAMPTZ, PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_INT8);
    for (size_t i = 0; i < changes->entities.count; i++) {
        const struct event *e = changes->entities.items[i].event;
        if (e->type != EVENT_SOURCE_SWEPT)
            continue;
        pg_array_key(&a[0], changes->entities.items[i].entity);
        pg_array_text(&a[1], e->source);
        pg_array_text(&a[2], e->stream);
        pg_array_text(&a[3], or_empty(e->substream));
        pg_array_int4(&a[4], (int32_t)e->partition);
        pg_array_instant(&a[5], e->through);
        pg_array_int8(&a[6], e->records);
        pg_array_int8(&a[7], e->dead);
        pg_array_int8(&a[8], e->revision);
        pg_array_int8(&a[9], (int64_t)e->hash);
        pg_array_int8(&a[10], e->every);
    }
}

static void put_position(struct pg_array *a, const struct log_position *position)
{
    pg_array_text(&a[0], position->topic);
    pg_array_int4(&a[1], position->partition);
    pg_array_int8(&a[2], position->offset);
}

static void put_rejected(struct pg_array *a, const struct entity_change *change,
                         const struct log_position *position)
{
    const struct event *e = change->event;
    pg_array_key(&a[0], change->entity);
    pg_array_bool(&a[1], e->type == EVENT_RECORD_REJECTED);
    pg_array_text(&a[2], e->source);
    pg_array_text(&a[3], or_empty(e->reason));
    pg_array_text(&a[4], or_empty(e->detail));
    pg_array_text(&a[5], or_empty(e->stream));
    pg_array_text(&a[6], or_empty(e->wave));
    pg_array_text(&a[7], or_empty(e->unit));
    pg_array_text(&a[8], or_empty(e->file));
    pg_array_text(&a[9], or_empty(e->sheet));
    pg_array_int8(&a[10], e->row);
    put_position(&a[11], position);
    pg_array_int8(&a[14], e->revision);
    pg_array_int8(&a[15], (int64_t)e->hash);
}

static void put_unreadable(struct pg_array *a, const struct unreadable_record *record)
{
    /* A key that no entity can have, whatever it is called: no event's text holds a NUL. */
    char entity[EVENT_MAX_KEY + 64] = {0};
    int length =
        snprintf(entity + 1, sizeof(entity) - 1, "unreadable:%s:%d:%lld", record->position.topic,
                 record->position.partition, (long long)record->position.offset);
    pg_array_key(&a[0], key128_of(entity, (size_t)length + 1));
    pg_array_bool(&a[1], true);
    pg_array_text(&a[2], "");
    pg_array_text(&a[3], record->reason);
    pg_array_text(&a[4], record->detail);
    for (int i = 5; i < 10; i++)
        pg_array_text(&a[i], "");
    pg_array_int8(&a[10], 0);
    put_position(&a[11], &record->position);
    pg_array_int8(&a[14], 0);
    pg_array_int8(&a[15], 0);
}

static void encode_dead_letters(const struct changes *changes, const struct store_batch *batch,
                                struct store_writes *out)
{
    struct pg_array *a = STORE_ADD(out, SAVE_DEAD_LETTERS, PG_UUID, PG_BOOL, PG_TEXT, PG_TEXT,
                                   PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_INT8,
                                   PG_TEXT, PG_INT4, PG_INT8, PG_INT8, PG_INT8);
    for (size_t i = 0; i < changes->entities.count; i++) {
        const struct entity_change *change = &changes->entities.items[i];
        if (change->event->type != EVENT_RECORD_REJECTED &&
            change->event->type != EVENT_RECORD_ACCEPTED)
            continue;
        put_rejected(a, change, &batch->positions[change->event - batch->events]);
        put_changed(out, change->event->unit);
    }
    for (size_t i = 0; i < batch->unreadable_count; i++)
        put_unreadable(a, &batch->unreadable[i]);
    if (batch->unreadable_count > 0)
        put_changed(out, NULL);
}

void store_encode_entities(const struct changes *changes, const struct store_batch *batch,
                           struct store_writes *out)
{
    if (changes->entities.count == 0 && batch->unreadable_count == 0)
        return;
    encode_totals(changes, out);
    encode_headcounts(changes, out);
    encode_marks(changes, out);
    encode_dead_letters(changes, batch, out);
}
