#include "shard_writers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "publisher.h"
#include "shard.h"

#define SEND_RECORDS 5000
#define PATIENCE_MS 30000

bool shard_writers_open(struct shard_writers *w, const struct options *options, struct error *err)
{
    *w = (struct shard_writers){.options = options};
    w->reader = log_reader_new(options, NULL, true, err);
    w->partitions =
        w->reader ? log_reader_partitions(w->reader, options_text(options, "state_topic"), err) : 0;
    if (w->partitions == 0)
        return false;
    w->publishers = must_have(calloc((size_t)w->partitions, sizeof(struct publisher *)));
    w->batches = must_have(calloc((size_t)w->partitions, sizeof(*w->batches)));
    return true;
}

void shard_writers_close(struct shard_writers *w)
{
    for (int32_t p = 0; w->publishers && p < w->partitions; p++) {
        publisher_free(w->publishers[p]);
        batch_free(&w->batches[p]);
    }
    free(w->publishers);
    free(w->batches);
    log_reader_free(w->reader);
}

size_t shard_writers_add(struct shard_writers *w, int32_t p)
{
    size_t at = batch_add(&w->batches[p], BATCH_STATE, p, BATCH_NO_ENTRY);
    batch_begin_key(&w->batches[p], at);
    return at;
}

bool shard_writers_send(struct shard_writers *w, int32_t p, struct error *err)
{
    struct batch *batch = &w->batches[p];
    if (batch_is_empty(batch))
        return true;
    if (!publisher_send(w->publishers[p], batch, err)) {
        if (err->kind == ERROR_FENCED)
            return error_set(err, ERROR_FENCED, false,
                             "a running mooc-ingest took shard %d back: stop every instance, then "
                             "give the command again",
                             (int)p);
        return false;
    }
    w->records += (int64_t)batch->count;
    batch_clear(batch);
    return true;
}

bool shard_writers_send_some(struct shard_writers *w, int32_t p, struct error *err)
{
    return w->batches[p].count < SEND_RECORDS || shard_writers_send(w, p, err);
}

bool shard_writers_take_over(struct shard_writers *w, struct error *err)
{
    const struct options *o = w->options;
    for (int32_t p = 0; p < w->partitions; p++) {
        char id[300];
        shard_transactional_id(options_text(o, "state_topic"), p, id);
        const struct publisher_settings settings = {
            .options = o,
            .transactional_id = id,
            .topics = {[BATCH_EVENTS] = options_text(o, "events_topic"),
                       [BATCH_STATE] = options_text(o, "state_topic"),
                       [BATCH_DEAD] = options_text(o, "dead_topic")}};
        w->publishers[p] = publisher_new(&settings, err);
        if (!w->publishers[p] || !publisher_init(w->publishers[p], PATIENCE_MS, err))
            return false;
        size_t at = shard_writers_add(w, p);
        state_meta_key(&w->batches[p].arena);
        batch_begin_value(&w->batches[p], at); /* no value: a tombstone */
        if (!shard_writers_send(w, p, err))
            return false;
    }
    return true;
}

bool shard_writers_make_whole(struct shard_writers *w, int32_t p, const struct state_meta *meta,
                              struct error *err)
{
    struct batch *batch = &w->batches[p];
    size_t at = shard_writers_add(w, p);
    state_meta_key(&batch->arena);
    batch_begin_value(batch, at);
    state_meta_value(meta, &batch->arena);
    batch_end_value(batch, at);
    return shard_writers_send(w, p, err);
}

static bool visit_meta(void *context, const struct log_record *record, struct error *err)
{
    struct shard_meta *meta = (struct shard_meta *)context + record->partition;
    struct state_record decoded;
    if (record->key_length != 6 || memcmp(record->key, "m|meta", 6) != 0 || !record->value)
        return true;
    if (!state_record_decode(record->key, 6, record->value, record->value_length, &decoded, err))
        return false;
    meta->seen = true;
    meta->key_version = decoded.meta.key_version;
    snprintf(meta->hmac, sizeof(meta->hmac), "%s", decoded.meta.hmac);
    state_record_free(&decoded);
    return true;
}

bool shard_writers_metas(struct shard_writers *w, struct shard_meta *out, struct error *err)
{
    return shard_writers_read(w, options_text(w->options, "state_topic"), visit_meta, out, err);
}

/* ---- keys ---- */

struct chunking {
    struct shard_writers *writers;
    uint64_t chunk[STATE_KEYS_EACH];
    size_t count;
    int64_t number;
    struct error *err;
    bool failed;
};

static void put_chunk(struct chunking *c)
{
    for (int32_t p = 0; c->count && !c->failed && p < c->writers->partitions; p++) {
        struct batch *batch = &c->writers->batches[p];
        size_t at = shard_writers_add(c->writers, p);
        state_keys_key(c->number, &batch->arena);
        batch_begin_value(batch, at);
        state_keys_value(c->chunk, c->count, &batch->arena);
        batch_end_value(batch, at);
        c->failed = batch->arena.length > 4U << 20 && !shard_writers_send(c->writers, p, c->err);
    }
    c->number++;
    c->count = 0;
}

static void put_key(void *context, uint64_t hash)
{
    struct chunking *c = context;
    c->chunk[c->count++] = hash;
    if (c->count == STATE_KEYS_EACH)
        put_chunk(c);
}

bool shard_writers_put_keys(struct shard_writers *w, const struct key_set *keys, struct error *err)
{
    struct chunking *c = must_have(calloc(1, sizeof(*c)));
    c->writers = w;
    c->err = err;
    key_set_each(keys, put_key, c);
    put_chunk(c);
    bool fine = !c->failed;
    free(c);
    return fine;
}

bool shard_writers_read(struct shard_writers *w, const char *topic, log_visit visit, void *context,
                        struct error *err)
{
    int32_t partitions = log_reader_partitions(w->reader, topic, err);
    for (int32_t p = 0; p < partitions; p++) {
        int64_t low, high;
        if (!log_reader_range(w->reader, topic, p, &low, &high, err) ||
            (high > low &&
             !log_reader_read(w->reader, topic, p, high, PATIENCE_MS, visit, context, err)))
            return false;
    }
    return partitions > 0;
}
