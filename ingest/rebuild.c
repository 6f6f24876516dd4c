/* Writes the state topic anew from the events and dead letters that were published: every shard is taken over first, so that nobody
 * publishes meanwhile; the record that makes a state whole (m|meta) is taken away before and written last. */
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
    return take_over(r, err) && replay(r, options_text(o, "events_topic"), err) &&
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

/* ---- state show ---- */

static bool visit_state(void *context, const struct log_record *r, struct error *err)
{
    struct state_record record;
    if (!state_record_decode(r->key, r->key_length, r->value, r->value_length, &record, err))
        return error_context(err, "offset %lld", (long long)r->offset);
    memory_apply(context, &record, r->offset);
    state_record_free(&record);
    return true;
}

static void print(const struct memory *memory, int32_t shard)
{
    printf("shard %d: %lld records, %u entities, %zu cursors, key %s\n", (int)shard,
           (long long)memory->records, ledger_count(memory->ledger), memory->cursor_count,
           memory->has_meta ? memory->meta.hmac : "not set: the state is not whole");
    for (uint32_t i = 0; i < memory->substream_count; i++) {
        const struct substream *s = memory->substreams[i];
        char through[CLOCK_TEXT_SIZE] = "never";
        if (s->kept.through_us)
            clock_format(s->kept.through_us, through);
        printf("  %s %s %s: %lld in force, %lld rejected, complete through %s\n", s->kept.source,
               s->kept.stream, s->kept.substream[0] ? s->kept.substream : "-",
               (long long)s->in_force, (long long)s->dead, through);
    }
}

int state_show(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    const char *topic = options_text(options, "state_topic");
    struct log_reader *reader = log_reader_new(options, NULL, true, &err);
    int32_t partitions = reader ? log_reader_partitions(reader, topic, &err) : 0;
    bool fine = partitions > 0;
    for (int32_t p = 0; fine && p < partitions; p++) {
        int64_t low, high;
        struct memory *memory = memory_new();
        fine = log_reader_range(reader, topic, p, &low, &high, &err) &&
               (high <= low ||
                log_reader_read(reader, topic, p, high, PATIENCE_MS, visit_state, memory, &err));
        if (fine)
            print(memory, p);
        memory_free(memory);
    }
    log_reader_free(reader);
    if (!fine)
        fprintf(stderr, "mooc-ingest: %s\n", err.message);
    return error_exit_code(&err);
}
