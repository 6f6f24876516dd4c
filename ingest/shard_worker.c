#include "shard_worker.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../common/clock.h"
#include "../common/log.h"
#include "../common/stop.h"
#include "log_reader.h"
#include "publisher.h"
#include "removal.h"
#include "shard_checks.h"
#include "state_scan.h"

#define INIT_MS 30000
#define PATIENCE_MS 15000

static int64_t patience(const struct shard_settings *settings)
{
    return settings->patience_ms ? settings->patience_ms : PATIENCE_MS;
}

struct shard_worker {
    const struct shard_settings *settings;
    char transactional_id[300];
    struct publisher *publisher;
    struct log_reader *reader;

    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum shard_job job; /* under way, or finished and not collected */
    bool finished, ended;
    struct batch *batch;
    struct shard_result result;
};

/* ---- JOB_LOAD ---- */

struct loading {
    struct memory *memory;
    struct state_record record; /* used again and again */
};

static bool visit_state(void *context, const struct log_record *r, struct error *err)
{
    struct loading *loading = context;
    struct state_record record;
    if (state_entity_scan(r->key, r->key_length, r->value, r->value_length, &loading->record)) {
        memory_apply(loading->memory, &loading->record, r->offset);
        return true;
    }
    if (!state_record_decode(r->key, r->key_length, r->value, r->value_length, &record, err))
        return error_context(err, "offset %lld", (long long)r->offset);
    memory_apply(loading->memory, &record, r->offset);
    state_record_free(&record);
    return true;
}

/* One transaction with one record: whose shard it is from now on, or whose state. Returns its offset, -1 on failure. */
static int64_t send_record(struct shard_worker *w, bool meta, int64_t *clock_offset, struct error *err)
{
    struct batch batch = {0};
    size_t at = batch_add(&batch, BATCH_STATE, w->settings->partition, BATCH_NO_ENTRY);
    batch_begin_key(&batch, at);
    if (meta)
        state_meta_key(&batch.arena);
    else
        state_owner_key(&batch.arena);
    batch_begin_value(&batch, at);
    if (meta)
        state_meta_value(&(struct state_meta){w->settings->hmac_fingerprint,
                                              w->settings->key_version, w->settings->connectors},
                         &batch.arena);
    else
        state_owner_value(w->settings->instance, clock_now_us(), &batch.arena);
    batch_end_value(&batch, at);
    int64_t offset = publisher_send(w->publisher, &batch, err) ? batch.records[at].offset : -1;
    *clock_offset = batch.broker_time_us ? batch.delivered_us - batch.broker_time_us : 0;
    batch_free(&batch);
    return offset;
}

struct search {
    struct event_decoder *decoder;
    int32_t partition, partitions;
    char found[64];
};

static bool visit_event(void *context, const struct log_record *r, struct error *err)
{
    struct search *search = context;
    struct event e;
    event_decoder_reset(search->decoder);
    (void)err;
    if (!r->value || !event_decode(search->decoder, r->value, r->value_length, &e, NULL) ||
        !e.source || shard_of_source(e.source, search->partitions) != search->partition)
        return true;
    snprintf(search->found, sizeof(search->found), "%s", e.source);
    return false;
}

/* Nothing is known of this shard: fine only if the log has no event of a source that lives here. */
static bool check_fresh(struct shard_worker *w, int32_t partitions, struct error *err)
{
    struct search search = {.decoder = event_decoder_new(),
                            .partition = w->settings->partition,
                            .partitions =
                                log_reader_partitions(w->reader, w->settings->state_topic, err)};
    bool fine = search.partitions > 0;
    for (int32_t p = 0; fine && p < partitions && !search.found[0]; p++) {
        int64_t low, high;
        fine = log_reader_range(w->reader, w->settings->events_topic, p, &low, &high, err);
        if (fine && high > low)
            fine = log_reader_read(w->reader, w->settings->events_topic, p, high,
                                   patience(w->settings), visit_event, &search, err);
    }
    event_decoder_free(search.decoder);
    if (fine && search.found[0])
        return error_set(
            err, ERROR_STATE, false,
            "the state of shard %d is empty, but events of source %s exist: publishing "
            "would double them. Run `mooc-ingest state rebuild`, then start again",
            (int)w->settings->partition, search.found);
    return fine;
}

static bool open_clients(struct shard_worker *w, struct error *err)
{
    const struct shard_settings *s = w->settings;
    const struct publisher_settings settings = {
        .options = s->options,
        .brokers = s->brokers,
        .transactional_id = w->transactional_id,
        .topics =
            {[BATCH_EVENTS] = s->events_topic, [BATCH_STATE] = s->state_topic, [BATCH_DEAD] = s->dead_topic},
        .transaction_timeout_ms = s->transaction_timeout_ms};
    publisher_free(w->publisher);
    w->publisher = publisher_new(&settings, err);
    log_reader_free(w->reader);
    w->reader = w->publisher ? log_reader_new(s->options, s->brokers, true, err) : NULL;
    return w->reader != NULL;
}

/* Takes over: whoever held the transactional id can publish no more. Then a record of our own is committed behind all that was
 * ever written here, and the state is read until that record is seen: no shape of the log's end can hide anything before it. */
static bool load(struct shard_worker *w, struct shard_result *result, struct error *err)
{
    const struct shard_settings *s = w->settings;
    if (!open_clients(w, err) || !publisher_init(w->publisher, INIT_MS, err))
        return false;
    result->events_partitions = publisher_partitions(w->publisher, BATCH_EVENTS, err);
    if (result->events_partitions == 0)
        return false;
    int64_t own = send_record(w, false, &result->clock_offset_us, err);
    if (own < 0 || !shard_check_clock(s->partition, result->clock_offset_us, err))
        return false;
    result->memory = memory_new();
    struct loading loading = {.memory = result->memory};
    bool read = log_reader_read(w->reader, s->state_topic, s->partition, own + 1, patience(s),
                                visit_state, &loading, err);
    state_record_free(&loading.record);
    if (!read)
        return false;
    if (result->memory->has_meta)
        return shard_check_meta(s, &result->memory->meta, err);
    if (ledger_count(result->memory->ledger) > 0)
        return error_set(
            err, ERROR_STATE, false,
            "the state of shard %d has entities but no m|meta record: it is not whole. "
            "Run `mooc-ingest state rebuild`, then start again",
            (int)s->partition);
    return check_fresh(w, result->events_partitions, err) &&
           send_record(w, true, &result->clock_offset_us, err) >= 0;
}

/* ---- JOB_SEND ---- */

struct filling {
    struct batch *batch;
    struct batch_removal **order;
    size_t next;
};

static int by_offset(const void *a, const void *b)
{
    int64_t left = (*(struct batch_removal *const *)a)->stored_offset,
            right = (*(struct batch_removal *const *)b)->stored_offset;
    return left < right ? -1 : left > right;
}

static bool visit_stored(void *context, const struct log_record *r, struct error *err)
{
    struct filling *f = context;
    return removal_fill(f->batch, f->order[f->next++], r->key, r->key_length, r->value,
                        r->value_length, err);
}

static bool fill_from_batch(struct batch *batch, const struct batch_removal *removal,
                            struct error *err)
{
    /* copied: the arena grows while the removal is filled in */
    const struct batch_record *r = &batch->records[removal->stored_record];
    struct text_buffer stored = {0};
    text_buffer_add(&stored, batch_key(batch, r), r->key_length);
    text_buffer_add(&stored, batch_value(batch, r), r->value_length);
    bool fine = removal_fill(batch, removal, stored.data, r->key_length,
                             stored.data + r->key_length, r->value_length, err);
    text_buffer_free(&stored);
    return fine;
}

/* Two removals never name one stored record: the second would find the entity gone. */
static bool fill_removals(struct shard_worker *w, struct batch *batch, struct error *err)
{
    size_t count = 0;
    bool fine = true;
    if (batch->removal_count == 0)
        return true;
    struct batch_removal **order = malloc(batch->removal_count * sizeof(struct batch_removal *));
    int64_t *offsets = malloc(batch->removal_count * sizeof(*offsets));
    if (!order || !offsets)
        abort();
    for (size_t i = 0; i < batch->removal_count && fine; i++) {
        if (batch->removals[i].stored_record >= 0)
            fine = fill_from_batch(batch, &batch->removals[i], err);
        else
            order[count++] = &batch->removals[i];
    }
    qsort(order, count, sizeof(*order), by_offset);
    for (size_t i = 0; i < count; i++)
        offsets[i] = order[i]->stored_offset;
    struct filling filling = {batch, order, 0};
    if (fine && count > 0 && !w->reader)
        w->reader = log_reader_new(w->settings->options, w->settings->brokers, false, err);
    fine = fine && (count == 0 || w->reader) &&
           log_reader_fetch(w->reader, w->settings->state_topic, w->settings->partition, offsets,
                            count, patience(w->settings), visit_stored, &filling, err);
    free(order);
    free(offsets);
    if (!fine && err->kind != ERROR_STOPPED) /* nothing was sent, but what we hold is doubtful */
        err->kind = ERROR_UNKNOWN_OUTCOME;
    return fine;
}

/* ---- the thread ---- */

static void work(struct shard_worker *w, enum shard_job job, struct shard_result *result)
{
    struct error *err = &result->error;
    result->job = job;
    if (job == JOB_LOAD) {
        if (!load(w, result, err)) {
            memory_free(result->memory);
            result->memory = NULL;
        }
        log_reader_free(w->reader); /* made for bulk */
        w->reader = NULL;
    } else if (fill_removals(w, w->batch, err) && publisher_send(w->publisher, w->batch, err)) {
        if (w->batch->broker_time_us)
            result->clock_offset_us = w->batch->delivered_us - w->batch->broker_time_us;
    }
}

static void *run(void *context)
{
    struct shard_worker *w = context;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (w->job == JOB_NONE || (w->finished && w->job != JOB_EXIT))
            pthread_cond_wait(&w->changed, &w->lock);
        if (w->job == JOB_EXIT)
            break;
        struct shard_result result = {.job = w->job};
        enum shard_job job = w->job;
        pthread_mutex_unlock(&w->lock);
        work(w, job, &result);
        pthread_mutex_lock(&w->lock);
        w->result = result;
        w->finished = true;
        pthread_cond_broadcast(&w->changed);
        if (w->settings->wake)
            w->settings->wake(w->settings->wake_context);
    }
    w->ended = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

struct shard_worker *shard_worker_new(const struct shard_settings *settings, struct error *err)
{
    struct shard_worker *w = calloc(1, sizeof(*w));
    if (!w) {
        error_set(err, ERROR_INTERNAL, false, "out of memory");
        return NULL;
    }
    w->settings = settings;
    shard_transactional_id(settings->state_topic, settings->partition, w->transactional_id);
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&w->thread, NULL, run, w) != 0) {
        error_set(err, ERROR_INTERNAL, false, "a thread could not be started");
        free(w);
        return NULL;
    }
    return w;
}

bool shard_worker_free(struct shard_worker *w, int64_t patience_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += patience_ms / 1000;
    until.tv_nsec += (patience_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&w->lock);
    int late = 0;
    while (w->job != JOB_NONE && !w->finished && late == 0)
        late = pthread_cond_timedwait(&w->changed, &w->lock, &until);
    bool idle = w->job == JOB_NONE || w->finished;
    if (idle) {
        w->job = JOB_EXIT;
        pthread_cond_broadcast(&w->changed);
    }
    pthread_mutex_unlock(&w->lock);
    if (!idle)
        return false;
    pthread_join(w->thread, NULL);
    memory_free(w->result.memory);
    publisher_free(w->publisher);
    log_reader_free(w->reader);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
    return true;
}

static void submit(struct shard_worker *w, enum shard_job job, struct batch *batch)
{
    pthread_mutex_lock(&w->lock);
    w->job = job;
    w->batch = batch;
    w->finished = false;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

void shard_worker_load(struct shard_worker *w)
{
    submit(w, JOB_LOAD, NULL);
}

void shard_worker_send(struct shard_worker *w, struct batch *batch)
{
    submit(w, JOB_SEND, batch);
}

bool shard_worker_busy(const struct shard_worker *worker)
{
    struct shard_worker *w = (struct shard_worker *)(uintptr_t)worker;
    pthread_mutex_lock(&w->lock);
    bool busy = w->job != JOB_NONE;
    pthread_mutex_unlock(&w->lock);
    return busy;
}

bool shard_worker_collect(struct shard_worker *w, struct shard_result *result)
{
    pthread_mutex_lock(&w->lock);
    bool finished = w->job != JOB_NONE && w->finished;
    if (finished) {
        *result = w->result;
        w->result = (struct shard_result){0};
        w->job = JOB_NONE;
        w->finished = false;
    }
    pthread_mutex_unlock(&w->lock);
    return finished;
}
