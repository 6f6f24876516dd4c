#include "batch.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../common/allocate.h"

#define KEEP_ARENA ((size_t)16 << 20) /* a larger one is given back after an exceptional batch */

void batch_free(struct batch *batch)
{
    text_buffer_free(&batch->arena);
    free(batch->records);
    free(batch->removals);
    *batch = (struct batch){0};
}

void batch_clear(struct batch *batch)
{
    if (batch->arena.capacity > KEEP_ARENA)
        text_buffer_free(&batch->arena);
    text_buffer_clear(&batch->arena);
    batch->count = 0;
    batch->removal_count = 0;
    batch->begun_ms = 0;
    batch->broker_time_us = 0;
    batch->delivered_us = 0;
}

size_t batch_add(struct batch *batch, enum batch_topic topic, int32_t partition, uint32_t entry)
{
    if (batch->count == batch->room)
        batch->records =
            array_room(batch->records, batch->room, &batch->room, sizeof(*batch->records));
    batch->records[batch->count] =
        (struct batch_record){.entry = entry, .partition = partition, .offset = -1, .topic = topic};
    return batch->count++;
}

void batch_begin_key(struct batch *batch, size_t record)
{
    batch->records[record].key_at = batch->arena.length;
}

void batch_begin_value(struct batch *batch, size_t record)
{
    struct batch_record *r = &batch->records[record];
    r->key_length = (uint32_t)(batch->arena.length - r->key_at);
    r->value_at = batch->arena.length;
}

void batch_end_value(struct batch *batch, size_t record)
{
    struct batch_record *r = &batch->records[record];
    r->value_length = (uint32_t)(batch->arena.length - r->value_at);
}

struct batch_removal *batch_add_removal(struct batch *batch, int32_t state_partition, uint32_t entry)
{
    if (batch->removal_count == batch->removal_room)
        batch->removals = array_room(batch->removals, batch->removal_room, &batch->removal_room,
                                     sizeof(*batch->removals));
    struct batch_removal *removal = &batch->removals[batch->removal_count++];
    *removal = (struct batch_removal){.stored_offset = -1, .stored_record = -1};
    removal->record = batch_add(batch, BATCH_EVENTS, BATCH_BY_KEY, BATCH_NO_ENTRY);
    batch_add(batch, BATCH_STATE, state_partition, entry);
    return removal;
}

void batch_put_event(struct batch *batch, size_t record, const struct event *event,
                     const char *data, size_t length)
{
    batch_begin_key(batch, record);
    text_buffer_add_text(&batch->arena, event->subject ? event->subject : event->entity);
    batch_begin_value(batch, record);
    event_encode(event, data, length, &batch->arena);
    batch_end_value(batch, record);
}
