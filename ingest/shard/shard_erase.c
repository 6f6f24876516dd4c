/* Erasure of learners, the owner's part: what the state holds of them is forgotten, their hashes are kept, and nothing of them is
 * observed from then on. One transaction carries all of it, with learner.erased where this shard is the one that tells. */
#include <string.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "shard_internal.h"

bool shard_names_erased(const struct shard *shard, const struct event *event)
{
    return shard->memory && erased_keys_name(&shard->memory->erased, shard->settings.keys, event);
}

/* ---- asked ---- */

void shard_erase(struct shard *shard, const struct erased_keys *learners, bool tells)
{
    struct shard_erasure *e = &shard->erasure;
    if (!shard->memory || e->step != ERASURE_NONE)
        return;
    erased_keys_free(&e->wanted);
    erased_keys_free(&e->fresh);
    for (size_t i = 0; i < learners->count; i++) {
        erased_keys_add(&e->wanted, learners->keys[i]);
        /* From now on: what is observed already stands in a batch, which is sent before the state is read. */
        if (erased_keys_add(&shard->memory->erased, learners->keys[i]))
            erased_keys_add(&e->fresh, learners->keys[i]);
    }
    e->tells = tells;
    e->entities = 0;
    e->step = ERASURE_ASKED;
}

bool shard_is_erasing(const struct shard *shard)
{
    return shard->erasure.step != ERASURE_NONE;
}

int64_t shard_erased_entities(const struct shard *shard)
{
    return shard->erasure.entities;
}

void shard_erase_drop(struct shard *shard)
{
    erased_keys_free(&shard->erasure.wanted);
    erased_keys_free(&shard->erasure.fresh);
    shard->erasure.step = ERASURE_NONE;
}

/* ---- carried out ---- */

bool shard_erase_tick(struct shard *shard)
{
    struct shard_erasure *e = &shard->erasure;
    if (e->step == ERASURE_ASKED && !batch_is_empty(shard->making)) {
        shard->flush = true;
        e->step = ERASURE_FLUSHED;
        return false;
    }
    if (e->step != ERASURE_ASKED && e->step != ERASURE_FLUSHED)
        return false;
    e->step = ERASURE_READING;
    shard_worker_find(shard->worker, &e->wanted);
    return true;
}

static void add_state(struct shard *shard, struct key128 learner, int64_t now)
{
    struct batch *batch = shard->making;
    size_t at = batch_add(batch, BATCH_STATE, shard->settings.partition, BATCH_NO_ENTRY);
    batch_begin_key(batch, at);
    state_erased_key(learner, &batch->arena);
    batch_begin_value(batch, at);
    state_erased_value(now, &batch->arena);
    batch_end_value(batch, at);
}

static void add_event(struct shard *shard, struct key128 learner, int64_t now)
{
    struct batch *batch = shard->making;
    struct text_buffer data = {0};
    uint8_t bytes[16];
    char hex[33], entity[48] = "erased:";
    key128_store(learner, bytes);
    hex_encode(bytes, sizeof(bytes), hex);
    memcpy(entity + 7, hex, sizeof(hex));
    const struct event e = {.type = EVENT_LEARNER_ERASED,
                            .type_name = event_type_name(EVENT_LEARNER_ERASED),
                            .source = ERASURE_SOURCE,
                            .entity = entity,
                            .revision = now,
                            .time = now,
                            .time_observed = true,
                            .key = hex,
                            .present = UINT64_C(1) << FIELD_KEY};
    event_encode_data(&e, &data);
    batch_put_event(batch, batch_add(batch, BATCH_EVENTS, BATCH_BY_KEY, BATCH_NO_ENTRY), &e,
                    data.data, data.length);
    text_buffer_free(&data);
}

/* A tombstone, behind whatever the batch has of the entity. */
static void forget(struct shard *shard, const char *entity)
{
    struct batch *batch = shard->making;
    if (!memory_forget(shard->memory, key128_of(entity, strlen(entity))))
        return;
    size_t at = batch_add(batch, BATCH_STATE, shard->settings.partition, BATCH_NO_ENTRY);
    batch_begin_key(batch, at);
    state_entity_key(entity, &batch->arena);
    batch_begin_value(batch, at);
    batch_end_value(batch, at);
    shard->erasure.entities++;
}

void shard_erase_found(struct shard *shard, const struct text_buffer *entities)
{
    struct shard_erasure *e = &shard->erasure;
    int64_t now = clock_now_us();
    if (e->step != ERASURE_READING)
        return;
    for (const char *at = entities->data; at && at < entities->data + entities->length;
         at += strlen(at) + 1)
        forget(shard, at);
    for (size_t i = 0; i < e->fresh.count; i++) {
        add_state(shard, e->fresh.keys[i], now);
        if (e->tells)
            add_event(shard, e->fresh.keys[i], now);
    }
    shard->flush = true;
    LOG_INFO_EVENT("learners erased", LOG_NUMBER("shard", shard->settings.partition),
                   LOG_NUMBER("learners", (int64_t)e->wanted.count),
                   LOG_NUMBER("new", (int64_t)e->fresh.count), LOG_NUMBER("entities", e->entities));
    shard_erase_drop(shard);
}
