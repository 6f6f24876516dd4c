#include "removal.h"

#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"

bool removal_day_entity(const char *total, int32_t day, char *out)
{
    char date[CLOCK_DATE_SIZE];
    clock_format_date(day, date);
    int length = snprintf(out, EVENT_MAX_KEY + 1, "%s:%s", total, date);
    return length > 0 && length <= EVENT_MAX_KEY;
}

static void fill_event(struct batch *batch, size_t record, const struct event *e)
{
    struct text_buffer data = {0};
    event_encode_data(e, &data);
    if (e->type == EVENT_RECORD_ACCEPTED)
        batch->records[record].topic = BATCH_DEAD;
    batch_put_event(batch, record, e, data.data, data.length);
    text_buffer_free(&data);
}

static void fill_state(struct batch *batch, size_t record, const struct state_entity *stored,
                       const struct batch_removal *removal)
{
    struct state_entity gone = *stored;
    gone.gone = true;
    gone.fingerprint = 0;
    gone.event.revision = removal->revision;
    if (!gone.total)
        gone.since = (uint32_t)(removal->seen_us / 1000000);
    batch_begin_key(batch, record);
    state_entity_key(stored->event.entity, &batch->arena);
    batch_begin_value(batch, record);
    state_entity_value(&gone, &batch->arena);
    batch_end_value(batch, record);
}

static bool out_of_step(struct error *err)
{
    return error_set(
        err, ERROR_UNKNOWN_OUTCOME, true,
        "a stored record is not the entity's that is removed; the state is read again");
}

bool removal_fill(struct batch *batch, const struct batch_removal *removal, const char *key,
                  size_t key_length, const char *value, size_t value_length, struct error *err)
{
    struct state_record record;
    if (!state_record_decode(key, key_length, value, value_length, &record, err))
        return false;
    const struct state_entity *stored = &record.entity;
    char day_entity[EVENT_MAX_KEY + 1];
    bool fine =
        record.kind == STATE_ENTITY &&
        key128_equal(key128_of(stored->event.entity, strlen(stored->event.entity)), removal->entity) &&
        (!stored->total || removal_day_entity(stored->event.entity, stored->event.day, day_entity));
    struct event e = stored->event;
    e.type = removal->type != EVENT_UNKNOWN ? removal->type : event_type_removing(e.type);
    if (!fine || e.type == EVENT_UNKNOWN) {
        state_record_free(&record);
        return out_of_step(err);
    }
    if (stored->total)
        e.entity = day_entity;
    e.type_name = event_type_name(e.type);
    e.revision = removal->revision;
    e.previous = removal->previous;
    e.time = removal->seen_us;
    e.time_observed = true;
    fill_event(batch, removal->record, &e);
    fill_state(batch, removal->record + 1, stored, removal);
    state_record_free(&record);
    return true;
}
