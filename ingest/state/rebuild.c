#define _GNU_SOURCE /* memmem */
/* Writes the state topic anew from the events and dead letters that were published: every shard is taken over first, so that nobody
 * publishes meanwhile; the record that makes a state whole (m|meta) is taken away before and written
 * last. What stood there is forgotten, but for what no log holds. */
#include "rebuild.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../engine.h"
#include "../connector/placing.h"
#include "ledger.h"
#include "memory.h"
#include "replayed.h"
#include "../keys/rotate.h"
#include "../shard/shard.h"
#include "../shard/shard_writers.h"
#include "../sources.h"

#define WINDOW_BACK_US INT64_C(86400000000)

struct rebuilding {
    const struct options *options;
    const struct sources *sources;
    struct shard_writers writers;
    struct key_set *keys; /* that the log knows */
    struct erased_keys erased;
    struct memory **marks; /* sub-streams with their last marks, by shard */
    struct ledger *newest; /* revisions */
    struct event_decoder *decoder;
    struct text_buffer scratch;
    struct placing *placing;
    struct placed placed;     /* of the record at hand */
    int64_t read, unreadable; /* records of the log */
};

/* ---- who was erased: said by the state, or by the log where the state was lost ---- */

static bool visit_erasure(void *context, const struct log_record *record, struct error *err)
{
    static const char type[] = "learner.erased";
    struct rebuilding *r = context;
    struct event e;
    (void)err;
    event_decoder_reset(r->decoder);
    if (record->value && memmem(record->value, record->value_length, type, strlen(type)) &&
        event_decode(r->decoder, record->value, record->value_length, &e, NULL) &&
        e.type == EVENT_LEARNER_ERASED)
        erased_keys_add(&r->erased, e.subject_key);
    return true;
}

static bool put_erased(struct rebuilding *r, int32_t p, struct error *err)
{
    struct batch *batch = &r->writers.batches[p];
    for (size_t i = 0; i < r->erased.count; i++) {
        size_t at = shard_writers_add(&r->writers, p);
        state_erased_key(r->erased.keys[i], &batch->arena);
        batch_begin_value(batch, at);
        state_erased_value(clock_now_us(), &batch->arena);
        batch_end_value(batch, at);
        if (!shard_writers_send_some(&r->writers, p, err))
            return false;
    }
    return true;
}

/* ---- the log ---- */

static void note_mark(struct rebuilding *r, int32_t p, const struct event *e)
{
    struct substream *substream =
        memory_substream(r->marks[p], e->source, e->stream, e->substream ? e->substream : "");
    struct state_substream *kept = &substream->kept;
    if (e->revision > kept->revision) {
        kept->revision = e->revision;
        kept->through_us = e->through;
    }
    if (e->partition >= kept->partitions)
        kept->partitions = e->partition + 1;
}

static void note_key(void *context, const char *key, size_t length)
{
    key_set_add(context, key_hash(key, length));
}

static bool place(struct rebuilding *r, const struct event *e, struct replayed *out)
{
    struct event created = *e;
    created.type = event_type_created(e->type);
    if (created.type == EVENT_UNKNOWN)
        return false;
    placing_find(r->placing, &created, &r->placed);
    if (!replayed_entity(e, r->placed.total, &r->scratch, out))
        return false;
    if (r->placed.stream && e->type != EVENT_RECORD_REJECTED) {
        out->entity.stream = r->placed.stream;
        out->entity.substream = r->placed.substream;
    }
    return true;
}

/* Partitions are read one after another, and after the topic has grown an entity's newer events may stand in an earlier one. */
static bool is_newest(struct rebuilding *r, const struct event *e)
{
    struct key128 key = key128_of(e->entity, strlen(e->entity));
    uint32_t index = ledger_find(r->newest, key);
    if (index == LEDGER_NONE)
        index = ledger_insert(r->newest, key);
    struct ledger_entry *entry = ledger_at(r->newest, index);
    if (entry->revision > e->revision)
        return false;
    entry->revision = e->revision;
    return true;
}

static bool visit(void *context, const struct log_record *record, struct error *err)
{
    struct rebuilding *r = context;
    struct event e;
    struct replayed replayed;
    event_decoder_reset(r->decoder);
    r->read++;
    if (!record->value ||
        !event_decode(r->decoder, record->value, record->value_length, &e, NULL) || !e.source) {
        r->unreadable++;
        return true;
    }
    if (erased_keys_name(&r->erased, NULL, &e))
        return true;
    if (strcmp(e.source, KEYS_SOURCE) != 0)
        event_keys(&e, note_key, r->keys);
    int32_t p = shard_of_source(e.source, r->writers.partitions);
    if (e.type == EVENT_SOURCE_SWEPT) {
        note_mark(r, p, &e);
        return true;
    }
    if (!place(r, &e, &replayed) || !is_newest(r, &replayed.entity.event))
        return true;
    struct batch *batch = &r->writers.batches[p];
    size_t at = shard_writers_add(&r->writers, p);
    state_entity_key(replayed.entity.event.entity, &batch->arena);
    batch_begin_value(batch, at);
    state_entity_value(&replayed.entity, &batch->arena);
    batch_end_value(batch, at);
    return shard_writers_send_some(&r->writers, p, err);
}

static bool replay(struct rebuilding *r, const char *topic, struct error *err)
{
    int64_t before = r->read;
    bool fine = shard_writers_read(&r->writers, topic, visit, r, err);
    fprintf(stderr, "%s: %lld records read\n", topic, (long long)(r->read - before));
    return fine;
}

/* ---- what stands there ---- */

static bool check_key(struct rebuilding *r, struct error *err)
{
    const char *ours = r->sources->hmac_fingerprint;
    struct shard_meta *metas = must_have(calloc((size_t)r->writers.partitions, sizeof(*metas)));
    bool fine = shard_writers_metas(&r->writers, metas, err);
    for (int32_t p = 0; fine && p < r->writers.partitions; p++)
        if (metas[p].seen && strcmp(metas[p].hmac, ours) != 0)
            fine = error_set(err, ERROR_STATE, false,
                             "the state was made with another HMAC key (fingerprint %s, ours %s): "
                             "rebuilt with this one, everybody would be a new person. Give the key "
                             "files that belong to it, and their hmac_key_version",
                             metas[p].hmac, ours);
    free(metas);
    return fine;
}

/* Corrections and what persons decided about sources are in no log: they stay. */
static bool is_forgotten(const struct state_record *record)
{
    static const char *const cursors[] = {"hold:", "resume:", "head:", "window:"};
    if (record->kind == STATE_ENTITY || record->kind == STATE_SUBSTREAM || record->kind == STATE_LOG)
        return true;
    for (size_t i = 0; record->kind == STATE_CURSOR && i < ARRAY_LEN(cursors); i++)
        if (record->cursor.value && strncmp(record->cursor.name, cursors[i], strlen(cursors[i])) == 0)
            return true;
    return false;
}

static bool visit_old(void *context, const struct log_record *record, struct error *err)
{
    struct rebuilding *r = context;
    struct state_record decoded;
    int32_t p = record->partition;
    if (!record->value)
        return true;
    if (!state_record_decode(record->key, record->key_length, record->value, record->value_length,
                             &decoded, NULL))
        return true; /* what is damaged is written over or ignored */
    bool forgotten = is_forgotten(&decoded);
    if (decoded.kind == STATE_ERASED)
        erased_keys_add(&r->erased, decoded.erased);
    state_record_free(&decoded);
    if (!forgotten)
        return true;
    struct batch *batch = &r->writers.batches[p];
    size_t at = shard_writers_add(&r->writers, p);
    text_buffer_add(&batch->arena, record->key, record->key_length);
    batch_begin_value(batch, at); /* a tombstone */
    batch_end_value(batch, at);
    return shard_writers_send_some(&r->writers, p, err);
}

/* A window goes on from before the last mark. The place that was lost lay behind that by a delay, or at the newest record that was seen,
 * whose clock may be another one: what is read once more than need be is known. */
static void add_window(struct rebuilding *r, int32_t p, const struct state_substream *kept)
{
    char through[CLOCK_TEXT_SIZE];
    struct batch *batch = &r->writers.batches[p];
    struct text_buffer name = {0};
    text_buffer_add_format(&name, "window:%s:%s", kept->stream, kept->substream);
    clock_format(kept->through_us - WINDOW_BACK_US, through);
    size_t at = shard_writers_add(&r->writers, p);
    state_cursor_key(kept->source, name.data, &batch->arena);
    batch_begin_value(batch, at);
    state_cursor_value(through, &batch->arena);
    batch_end_value(batch, at);
    text_buffer_free(&name);
}

static bool make_whole(struct rebuilding *r, struct error *err)
{
    for (int32_t p = 0; p < r->writers.partitions; p++) {
        struct batch *batch = &r->writers.batches[p];
        if (!put_erased(r, p, err))
            return false;
        for (uint32_t i = 0; i < r->marks[p]->substream_count; i++) {
            const struct state_substream *kept = &r->marks[p]->substreams[i]->kept;
            size_t at = shard_writers_add(&r->writers, p);
            state_substream_key(kept->source, kept->stream, kept->substream, &batch->arena);
            batch_begin_value(batch, at);
            state_substream_value(kept, &batch->arena);
            batch_end_value(batch, at);
            add_window(r, p, kept);
        }
        const struct state_meta meta = {r->sources->hmac_fingerprint,
                                        key_ring_version(r->sources->keys),
                                        r->sources->connectors.data};
        if (!shard_writers_make_whole(&r->writers, p, &meta, err))
            return false;
    }
    return true;
}

static bool rebuild(struct rebuilding *r, struct error *err)
{
    const struct options *o = r->options;
    const char *state = options_text(o, "state_topic");
    if (!shard_writers_open(&r->writers, o, err))
        return false;
    r->marks = must_have(calloc((size_t)r->writers.partitions, sizeof(struct memory *)));
    for (int32_t p = 0; p < r->writers.partitions; p++)
        r->marks[p] = memory_new();
    r->decoder = event_decoder_new();
    r->keys = key_set_new();
    r->newest = ledger_new();
    r->placing = placing_new(r->sources);
    return check_key(r, err) && shard_writers_take_over(&r->writers, err) &&
           shard_writers_read(&r->writers, state, visit_old, r, err) &&
           shard_writers_read(&r->writers, options_text(o, "events_topic"), visit_erasure, r, err) &&
           replay(r, options_text(o, "events_topic"), err) &&
           replay(r, options_text(o, "dead_topic"), err) &&
           (key_ring_version(r->sources->keys) == 1 ||
            shard_writers_put_keys(&r->writers, r->keys, err)) &&
           make_whole(r, err);
}

static void clean_up(struct rebuilding *r)
{
    for (int32_t p = 0; r->marks && p < r->writers.partitions; p++)
        memory_free(r->marks[p]);
    free(r->marks);
    if (r->decoder)
        event_decoder_free(r->decoder);
    key_set_free(r->keys);
    ledger_free(r->newest);
    placing_free(r->placing);
    erased_keys_free(&r->erased);
    text_buffer_free(&r->scratch);
    shard_writers_close(&r->writers);
}

int state_rebuild(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    struct rebuilding r = {.options = options};
    int lock = -1;
    struct sources *sources = sources_open(options, "", &err);
    r.sources = sources;
    bool fine = sources && (lock = engine_lock(options_text(options, "data_dir"), &err)) >= 0 &&
                rebuild(&r, &err);
    clean_up(&r);
    if (fine)
        printf(
            "the state is rebuilt: %lld records from %lld records of the log (%lld unreadable)\n",
            (long long)r.writers.records, (long long)r.read, (long long)r.unreadable);
    else
        fprintf(stderr, "mooc-ingest: %s\n", err.message);
    sources_close(sources);
    if (lock >= 0)
        close(lock);
    return error_exit_code(&err);
}
