/* Differences between what is seen and what is remembered, into the batch in the making. */
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "removal.h"
#include "shard_internal.h"

static struct substream *find_substream(struct shard *shard, const char *source, const char *stream,
                                        const char *name)
{
    const struct substream *last = shard->last_substream;
    if (!last || strcmp(last->kept.substream, name) != 0 ||
        strcmp(last->kept.stream, stream) != 0 || strcmp(last->kept.source, source) != 0)
        shard->last_substream = memory_substream(shard->memory, source, stream, name);
    return shard->last_substream;
}

/* The event's hash as its readers will compute it: over type, 0x00 and data. data is left in scratch, behind the type. */
static uint64_t fingerprint(struct text_buffer *scratch, const struct event *e, size_t *data_at)
{
    const char *type = event_type_name(e->type);
    text_buffer_clear(scratch);
    text_buffer_add(scratch, type, strlen(type) + 1);
    *data_at = scratch->length;
    event_encode_data(e, scratch);
    return key128_of(scratch->data, scratch->length).hi;
}

struct look {
    struct key128 key;
    uint32_t index;
    struct ledger_sight sight;
    struct ledger_verdict verdict;
    size_t data_at; /* in shard->scratch */
};

/* A name that is too long for the contract is the source's mistake: it must be caught there, and is not published here. */
static bool is_sound(const struct shard *shard, const struct observation *o)
{
    const struct event *e = o->event;
    const char *name = o->total_entity ? o->total_entity : e->entity;
    bool sound = strlen(e->entity) <= EVENT_MAX_KEY && strlen(name) <= EVENT_MAX_KEY &&
                 (!e->subject || strlen(e->subject) <= EVENT_MAX_KEY) && e->type != EVENT_UNKNOWN;
    char day_entity[EVENT_MAX_KEY + 1];
    if (sound && o->total_entity)
        sound = event_has(e, FIELD_DAY) && removal_day_entity(name, e->day, day_entity) &&
                strcmp(day_entity, e->entity) == 0;
    if (!sound)
        LOG_WARN_EVENT("observation outside the contract left out", LOG_TEXT("source", e->source),
                       LOG_TEXT("stream", o->stream->name),
                       LOG_TEXT("type", event_type_name(e->type)),
                       LOG_NUMBER("shard", shard->settings.partition));
    return sound;
}

/* True when the event's data is not what was fingerprinted any more. */
static bool wrap_keys(struct shard *shard, struct event *e)
{
    struct key_ring *ring = shard->settings.keys;
    if (!ring || key_ring_version(ring) == 1)
        return false;
    key_ring_publish(ring, shard->memory->known_keys, e, &shard->keys);
    return true;
}

/* What was published under a newer key is known by its data as published, once the state was rebuilt from the log. */
static bool is_as_published(struct shard *shard, const struct observation *o,
                            const struct ledger_entry *entry)
{
    struct event e = *o->event;
    size_t data_at;
    return !o->total_entity && wrap_keys(shard, &e) &&
           fingerprint(&shard->scratch, &e, &data_at) == entry->fingerprint;
}

static struct look look_at(struct shard *shard, const struct observation *o)
{
    const char *name = o->total_entity ? o->total_entity : o->event->entity;
    struct look look = {.key = key128_of(name, strlen(name))};
    struct event seen = *o->event;
    if (o->total_entity)
        seen.present &= ~(UINT64_C(1) << FIELD_DAY);
    look.sight =
        (struct ledger_sight){.fingerprint = fingerprint(&shard->scratch, &seen, &look.data_at),
                              .now_us = clock_now_us(),
                              .seen_us = shard_seen_us(shard),
                              .status = o->status,
                              .dated = o->dated,
                              .total = o->total_entity != NULL,
                              .day = o->event->day};
    look.index = ledger_find(shard->memory->ledger, look.key);
    struct ledger_entry *entry =
        look.index == LEDGER_NONE ? NULL : ledger_at(shard->memory->ledger, look.index);
    look.verdict = ledger_compare(entry, &look.sight);
    if (entry && look.verdict.change == LEDGER_CHANGED && is_as_published(shard, o, entry)) {
        entry->fingerprint = look.sight.fingerprint;
        look.verdict = ledger_compare(entry, &look.sight);
    }
    return look;
}

static void add_event(struct shard *shard, const struct event *e, const char *data, size_t length)
{
    struct batch *batch = shard->making;
    enum batch_topic topic = e->type == EVENT_RECORD_REJECTED ? BATCH_DEAD : BATCH_EVENTS;
    batch_put_event(batch, batch_add(batch, topic, BATCH_BY_KEY, BATCH_NO_ENTRY), e, data, length);
}

static void add_entity(struct shard *shard, uint32_t index, const struct state_entity *entity)
{
    struct batch *batch = shard->making;
    size_t at = batch_add(batch, BATCH_STATE, shard->settings.partition, index);
    batch_begin_key(batch, at);
    state_entity_key(entity->event.entity, &batch->arena);
    batch_begin_value(batch, at);
    state_entity_value(entity, &batch->arena);
    batch_end_value(batch, at);
    ledger_set(ledger_at(shard->memory->ledger, index), LEDGER_DIRTY, true);
}

/* The state record of what is seen; the event is published beside it unless only the sub-stream moved. */
static void store(struct shard *shard, const struct observation *o, const struct look *look,
                  const struct event *e)
{
    struct state_entity entity = {.event = *e,
                                  .stream = o->stream->name,
                                  .substream = o->substream,
                                  .fingerprint = look->sight.fingerprint,
                                  .since = look->verdict.since,
                                  .status = o->status,
                                  .total = look->sight.total};
    entity.event.revision = look->verdict.revision;
    if (o->total_entity) {
        entity.event.entity = o->total_entity;
        entity.event.day = (int32_t)look->verdict.since;
    }
    add_entity(shard, look->index, &entity);
}

static void publish(struct shard *shard, const struct observation *o, const struct look *look)
{
    struct event e = *o->event;
    size_t data_at = look->data_at;
    bool wrapped = wrap_keys(shard, &e);
    e.id = NULL;
    e.type_name = event_type_name(e.type);
    e.revision = look->verdict.revision;
    e.previous = look->verdict.previous;
    if (e.time_observed)
        e.time = look->sight.total ? look->sight.seen_us : (int64_t)look->verdict.since * 1000000;
    if (o->total_entity || wrapped)
        fingerprint(&shard->scratch, &e,
                    &data_at); /* the data again, with the day, with its keys as published */
    add_event(shard, &e, shard->scratch.data + data_at, shard->scratch.length - data_at);
    store(shard, o, look, &e);
}

static struct substream *substream_of(struct shard *shard, const struct observation *o)
{
    return find_substream(shard, o->event->source, o->stream->name, o->substream);
}

static uint32_t check_of(const struct ledger_entry *entry)
{
    return (uint32_t)(entry->fingerprint ^ entry->fingerprint >> 32) ^ entry->substream * 0x9E3779B1U;
}

/* Asked only of what would be published: nothing of an erased learner is held. */
static bool is_erased(struct shard *shard, const struct event *e)
{
    bool erased = shard_names_erased(shard, e);
    shard->counters.erased += erased;
    return erased;
}

/* A record before it in the same sweep took it back. Of a rejected record that needs no saying: it is told as such. */
static void note_withdrawn(struct substream *substream, const struct ledger_entry *entry)
{
    substream->contradicted +=
        memory_was_withdrawn(substream, entry) && !ledger_is(entry, LEDGER_DEAD);
}

static enum observe_result observe(struct shard *shard, const struct observation *o,
                                   struct shard_known *known_as)
{
    if (!shard->memory || !is_sound(shard, o))
        return OBSERVE_UNCHANGED;
    struct memory *memory = shard->memory;
    struct substream *substream = substream_of(shard, o);
    struct look look = look_at(shard, o);
    bool known = look.index != LEDGER_NONE;
    if (look.verdict.change != LEDGER_UNCHANGED && is_erased(shard, o->event))
        return OBSERVE_ERASED;
    if (!known)
        look.index = memory_add_entity(memory, look.key, substream);
    struct ledger_entry *entry = ledger_at(memory->ledger, look.index);
    bool moved = known && entry->substream != substream->index;
    if (moved)
        memory_move(memory, look.index, substream);
    bool told = o->once && memory_was_told(substream, entry);
    if (told && look.verdict.change != LEDGER_UNCHANGED)
        return OBSERVE_CONTRADICTED;
    if (o->once)
        note_withdrawn(substream, entry);
    if (look.verdict.change == LEDGER_UNCHANGED) {
        shard->counters.unchanged++;
        if (moved && !ledger_is(entry, LEDGER_GONE)) {
            struct event e = *o->event;
            wrap_keys(shard, &e);
            store(shard, o, &look, &e);
        }
        if (entry->status == LEDGER_STATUS_UNKNOWN)
            entry->status = o->status;
        if (!ledger_is(entry, LEDGER_GONE))
            memory_see(memory, entry);
        /* a total of a day that is not over yet may differ and be left alone */
        if (!ledger_is(entry, LEDGER_GONE) && entry->fingerprint == look.sight.fingerprint)
            *known_as = (struct shard_known){look.index, check_of(entry)};
        if (o->once)
            memory_tell(substream, entry);
        return OBSERVE_UNCHANGED;
    }
    publish(shard, o, &look);
    entry->fingerprint = look.sight.fingerprint;
    entry->revision = look.verdict.revision;
    entry->since = look.verdict.since;
    entry->status = o->status;
    ledger_set(entry, LEDGER_TOTAL, look.sight.total);
    memory_set_force(memory, entry, true, o->event->type == EVENT_RECORD_REJECTED);
    memory_see(memory, entry);
    *known_as = (struct shard_known){look.index, check_of(entry)};
    if (o->once)
        memory_tell(substream, entry);
    return look.verdict.change == LEDGER_NEW ? OBSERVE_NEW : OBSERVE_CHANGED;
}

enum observe_result shard_observe_noting(struct shard *shard, const struct observation *o,
                                         struct shard_known *known)
{
    *known = (struct shard_known){.entry = SHARD_UNKNOWN};
    return observe(shard, o, known);
}

enum observe_result shard_observe(struct shard *shard, const struct observation *o)
{
    struct shard_known unused;
    return observe(shard, o, &unused);
}

bool shard_observe_known(struct shard *shard, const uint32_t *entries, size_t count, uint32_t check)
{
    struct memory *memory = shard->memory;
    uint32_t held = 0;
    if (!memory)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (entries[i] >= ledger_count(memory->ledger))
            return false;
        const struct ledger_entry *entry = ledger_at(memory->ledger, entries[i]);
        if (ledger_is(entry, LEDGER_GONE) || entry->status == LEDGER_STATUS_UNKNOWN)
            return false;
        held = shard_check_add(held, check_of(entry));
    }
    if (held != check)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct ledger_entry *entry = ledger_at(memory->ledger, entries[i]);
        struct substream *substream = memory->substreams[entry->substream];
        note_withdrawn(substream, entry);
        memory_see(memory, entry);
        memory_tell(substream, entry);
    }
    shard->counters.unchanged += (int64_t)count;
    return true;
}

uint64_t shard_births(const struct shard *shard)
{
    return shard->memory ? shard->memory->births : 0;
}

enum observe_result shard_peek(struct shard *shard, const struct observation *o)
{
    if (!shard->memory || !is_sound(shard, o))
        return OBSERVE_UNCHANGED;
    enum ledger_change change = look_at(shard, o).verdict.change;
    if (change != LEDGER_UNCHANGED && shard_names_erased(shard, o->event))
        return OBSERVE_ERASED;
    switch (change) {
    case LEDGER_NEW:
        return OBSERVE_NEW;
    case LEDGER_CHANGED:
        return OBSERVE_CHANGED;
    case LEDGER_UNCHANGED:
        break;
    }
    return OBSERVE_UNCHANGED;
}

void shard_reject(struct shard *shard, const struct observation *observation)
{
    (void)shard_observe(shard, observation);
}

/* ---- cursors ---- */

void shard_store_cursor(struct shard *shard, const char *source, const char *name, const char *value)
{
    struct batch *batch = shard->making;
    size_t at = batch_add(batch, BATCH_STATE, shard->settings.partition, BATCH_NO_ENTRY);
    batch_begin_key(batch, at);
    state_cursor_key(source, name, &batch->arena);
    batch_begin_value(batch, at);
    if (value)
        state_cursor_value(value, &batch->arena);
    batch_end_value(batch, at);
    memory_cursor_set(shard->memory, source, name, value);
}

void shard_cursor_set(struct shard *shard, const char *source, const char *name, const char *value)
{
    if (!shard->memory)
        return;
    const char *held = memory_cursor_get(shard->memory, source, name);
    if (!held || strcmp(held, value) != 0)
        shard_store_cursor(shard, source, name, value);
}

const char *shard_cursor_get(const struct shard *shard, const char *source, const char *name)
{
    return shard->memory ? memory_cursor_get(shard->memory, source, name) : NULL;
}
