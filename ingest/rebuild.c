/* Writes the state topic anew from the events and dead letters that were published: every shard is taken over first, so that nobody
 * publishes meanwhile; the record that makes a state whole (m|meta) is taken away before and written
 * last. What stood there is forgotten, but for what no log holds. */
#include "rebuild.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/clock.h"
#include "../common/log.h"
#include "../common/stop.h"
#include "engine.h"
#include "log_reader.h"
#include "memory.h"
#include "publisher.h"
#include "replayed.h"
#include "sources.h"

#define SEND_RECORDS 5000
#define PATIENCE_MS 30000

struct rebuilding {
    const struct options *options;
    const struct sources *sources;
    struct log_reader *reader;
    int32_t partitions;
    struct publisher **publishers;
    struct batch *batches;
    struct memory **marks; /* sub-streams with their last marks, by shard */
    struct event_decoder *decoder;
    struct text_buffer scratch;
    int64_t events, records, unreadable;
};

static bool send(struct rebuilding *r, int32_t p, struct error *err)
{
    struct batch *batch = &r->batches[p];
    if (batch_is_empty(batch))
        return true;
    if (!publisher_send(r->publishers[p], batch, err)) {
        if (err->kind == ERROR_FENCED)
            return error_set(err, ERROR_FENCED, false,
                             "a running mooc-ingest took shard %d back: stop it, then run `state "
                             "rebuild` again",
                             (int)p);
        return false;
    }
    r->records += (int64_t)batch->count;
    batch_clear(batch);
    return true;
}

static size_t add(struct rebuilding *r, int32_t p)
{
    size_t at = batch_add(&r->batches[p], BATCH_STATE, p, BATCH_NO_ENTRY);
    batch_begin_key(&r->batches[p], at);
    return at;
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

static bool visit(void *context, const struct log_record *record, struct error *err)
{
    struct rebuilding *r = context;
    struct event e;
    struct replayed replayed;
    event_decoder_reset(r->decoder);
    r->events++;
    if (!record->value ||
        !event_decode(r->decoder, record->value, record->value_length, &e, NULL) || !e.source) {
        r->unreadable++;
        return true;
    }
    int32_t p = shard_of_source(e.source, r->partitions);
    if (e.type == EVENT_SOURCE_SWEPT) {
        note_mark(r, p, &e);
        return true;
    }
    if (!replayed_entity(&e, &r->scratch, &replayed))
        return true;
    struct batch *batch = &r->batches[p];
    size_t at = add(r, p);
    state_entity_key(replayed.entity.event.entity, &batch->arena);
    batch_begin_value(batch, at);
    state_entity_value(&replayed.entity, &batch->arena);
    batch_end_value(batch, at);
    return batch->count < SEND_RECORDS || send(r, p, err);
}

static bool replay(struct rebuilding *r, const char *topic, struct error *err)
{
    int32_t partitions = log_reader_partitions(r->reader, topic, err);
    for (int32_t p = 0; p < partitions; p++) {
        int64_t low, high;
        if (!log_reader_range(r->reader, topic, p, &low, &high, err) ||
            (high > low && !log_reader_read(r->reader, topic, p, high, PATIENCE_MS, visit, r, err)))
            return false;
        fprintf(stderr, "%s %d of %d: %lld records read\n", topic, (int)p + 1, (int)partitions,
                (long long)r->events);
    }
    return partitions > 0;
}

/* ---- what stands there ---- */

static bool visit_key(void *context, const struct log_record *record, struct error *err)
{
    const struct rebuilding *r = context;
    struct state_record decoded;
    if (record->key_length != 6 || memcmp(record->key, "m|meta", 6) != 0 || !record->value)
        return true;
    if (!state_record_decode(record->key, 6, record->value, record->value_length, &decoded, err))
        return false;
    const char *ours = r->sources->hmac_fingerprint;
    bool fine = strcmp(decoded.meta.hmac, ours) == 0 ||
                error_set(err, ERROR_STATE, false,
                          "the state was made with another HMAC key (fingerprint %s, ours %s): "
                          "rebuilt with this one, everybody would be a new person. Give the key "
                          "file that belongs to it",
                          decoded.meta.hmac, ours);
    state_record_free(&decoded);
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
    state_record_free(&decoded);
    if (!forgotten)
        return true;
    struct batch *batch = &r->batches[p];
    size_t at = add(r, p);
    text_buffer_add(&batch->arena, record->key, record->key_length);
    batch_begin_value(batch, at); /* a tombstone */
    batch_end_value(batch, at);
    return batch->count < SEND_RECORDS || send(r, p, err);
}

static bool read_state(struct rebuilding *r, log_visit look, struct error *err)
{
    const char *topic = options_text(r->options, "state_topic");
    for (int32_t p = 0; p < r->partitions; p++) {
        int64_t low, high;
        if (!log_reader_range(r->reader, topic, p, &low, &high, err) ||
            (high > low && !log_reader_read(r->reader, topic, p, high, PATIENCE_MS, look, r, err)))
            return false;
    }
    return true;
}

/* ---- the state ---- */

static bool take_over(struct rebuilding *r, struct error *err)
{
    const struct options *o = r->options;
    for (int32_t p = 0; p < r->partitions; p++) {
        char id[300];
        shard_transactional_id(options_text(o, "state_topic"), p, id);
        const struct publisher_settings settings = {
            .options = o,
            .transactional_id = id,
            .topics = {[BATCH_EVENTS] = options_text(o, "events_topic"),
                       [BATCH_STATE] = options_text(o, "state_topic"),
                       [BATCH_DEAD] = options_text(o, "dead_topic")}};
        r->publishers[p] = publisher_new(&settings, err);
        if (!r->publishers[p] || !publisher_init(r->publishers[p], PATIENCE_MS, err))
            return false;
        r->marks[p] = memory_new();
        size_t at = add(r, p);
        state_meta_key(&r->batches[p].arena);
        batch_begin_value(&r->batches[p], at); /* no value: a tombstone */
        if (!send(r, p, err))
            return false;
    }
    return true;
}

/* A window goes on from the last mark: what came behind it is read again. */
static void add_window(struct rebuilding *r, int32_t p, const struct state_substream *kept)
{
    char through[CLOCK_TEXT_SIZE];
    struct batch *batch = &r->batches[p];
    struct text_buffer name = {0};
    text_buffer_add_format(&name, "window:%s:%s", kept->stream, kept->substream);
    clock_format(kept->through_us, through);
    size_t at = add(r, p);
    state_cursor_key(kept->source, name.data, &batch->arena);
    batch_begin_value(batch, at);
    state_cursor_value(through, &batch->arena);
    batch_end_value(batch, at);
    text_buffer_free(&name);
}

static bool make_whole(struct rebuilding *r, struct error *err)
{
    for (int32_t p = 0; p < r->partitions; p++) {
        struct batch *batch = &r->batches[p];
        for (uint32_t i = 0; i < r->marks[p]->substream_count; i++) {
            const struct state_substream *kept = &r->marks[p]->substreams[i]->kept;
            size_t at = add(r, p);
            state_substream_key(kept->source, kept->stream, kept->substream, &batch->arena);
            batch_begin_value(batch, at);
            state_substream_value(kept, &batch->arena);
            batch_end_value(batch, at);
            add_window(r, p, kept);
        }
        size_t at = add(r, p);
        state_meta_key(&batch->arena);
        batch_begin_value(batch, at);
        state_meta_value(&(struct state_meta){r->sources->hmac_fingerprint,
                                              options_number(r->options, "hmac_key_version"),
                                              r->sources->connectors},
                         &batch->arena);
        batch_end_value(batch, at);
        if (!send(r, p, err))
            return false;
    }
    return true;
}

static bool rebuild(struct rebuilding *r, struct error *err)
{
    const struct options *o = r->options;
    r->reader = log_reader_new(o, NULL, true, err);
    r->partitions =
        r->reader ? log_reader_partitions(r->reader, options_text(o, "state_topic"), err) : 0;
    if (r->partitions == 0)
        return false;
    r->publishers = calloc((size_t)r->partitions, sizeof(struct publisher *));
    r->batches = calloc((size_t)r->partitions, sizeof(*r->batches));
    r->marks = calloc((size_t)r->partitions, sizeof(struct memory *));
    r->decoder = event_decoder_new();
    if (!r->publishers || !r->batches || !r->marks)
        return error_set(err, ERROR_INTERNAL, false, "out of memory");
    return read_state(r, visit_key, err) && take_over(r, err) && read_state(r, visit_old, err) &&
           replay(r, options_text(o, "events_topic"), err) &&
           replay(r, options_text(o, "dead_topic"), err) && make_whole(r, err);
}

static void clean_up(struct rebuilding *r)
{
    for (int32_t p = 0; p < r->partitions; p++) {
        if (r->publishers)
            publisher_free(r->publishers[p]);
        if (r->batches)
            batch_free(&r->batches[p]);
        if (r->marks)
            memory_free(r->marks[p]);
    }
    free(r->publishers);
    free(r->batches);
    free(r->marks);
    if (r->decoder)
        event_decoder_free(r->decoder);
    text_buffer_free(&r->scratch);
    log_reader_free(r->reader);
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
        printf("the state is rebuilt: %lld records from %lld events of the log (%lld unreadable)\n",
               (long long)r.records, (long long)r.events, (long long)r.unreadable);
    else
        fprintf(stderr, "mooc-ingest: %s\n", err.message);
    sources_close(sources);
    if (lock >= 0)
        close(lock);
    return error_exit_code(&err);
}
