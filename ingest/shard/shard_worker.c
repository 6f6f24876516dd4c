#include "shard_worker.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/timed_wait.h"
#include "../state/log_reader.h"
#include "log_ends.h"
#include "publisher.h"
#include "removal.h"
#include "shard_load.h"

#define COUNT_MS 10000

struct shard_worker {
    struct shard_clients clients;

    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum shard_job job; /* under way, or finished and not collected */
    bool finished, ended;
    struct batch *batch;
    const struct erased_keys *learners;
    struct shard_result result;
};

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
    if (fine && count > 0 && !w->clients.reader)
        w->clients.reader =
            log_reader_new(w->clients.settings->options, w->clients.settings->brokers, false, err);
    fine = fine && (count == 0 || w->clients.reader) &&
           log_reader_fetch(w->clients.reader, w->clients.settings->state_topic,
                            w->clients.settings->partition, offsets, count,
                            shard_patience_ms(w->clients.settings), visit_stored, &filling, err);
    free(order);
    free(offsets);
    if (!fine && err->kind != ERROR_STOPPED) /* nothing was sent, but what we hold is doubtful */
        err->kind = ERROR_UNKNOWN_OUTCOME;
    return fine;
}

/* ---- JOB_FIND ---- */

struct finding {
    const struct erased_keys *learners;
    struct text_buffer *entities;
};

static bool visit_learner(void *context, const struct log_record *r, struct error *err)
{
    struct finding *f = context;
    struct state_record record;
    if (!r->value || r->key_length < 2 || memcmp(r->key, "e|", 2) != 0)
        return true;
    if (!state_record_decode(r->key, r->key_length, r->value, r->value_length, &record, err))
        return error_context(err, "offset %lld", (long long)r->offset);
    const struct event *e = &record.entity.event;
    if (record.kind == STATE_ENTITY &&
        erased_keys_has_text(f->learners, e->subject ? e->subject : e->entity))
        text_buffer_add(f->entities, e->entity, strlen(e->entity) + 1);
    state_record_free(&record);
    return true;
}

static bool find_learners(struct shard_worker *w, struct shard_result *result, struct error *err)
{
    const struct shard_settings *s = w->clients.settings;
    struct finding finding = {w->learners, &result->entities};
    struct log_reader *reader = log_reader_new(s->options, s->brokers, true, err);
    int64_t low, high;
    bool fine = reader && log_reader_range(reader, s->state_topic, s->partition, &low, &high, err) &&
                log_reader_read(reader, s->state_topic, s->partition, high, shard_patience_ms(s),
                                visit_learner, &finding, err);
    log_reader_free(reader);
    return fine;
}

/* A topic may be given more partitions at any time, and each of them waits for its mark. */
static int32_t count_partitions(struct shard_clients *c)
{
    struct error unanswered = {0};
    int64_t now = clock_monotonic_ms();
    if (now - c->counted_ms < COUNT_MS)
        return 0;
    c->counted_ms = now;
    return publisher_partitions(c->publisher, BATCH_EVENTS, &unanswered);
}

/* ---- the thread ---- */

static void work(struct shard_worker *w, enum shard_job job, struct shard_result *result)
{
    struct error *err = &result->error;
    result->job = job;
    if (job == JOB_LOAD) {
        if (!shard_load(&w->clients, result, err)) {
            memory_free(result->memory);
            result->memory = NULL;
        }
        log_reader_free(w->clients.reader); /* made for bulk */
        w->clients.reader = NULL;
    } else if (job == JOB_FIND) {
        (void)find_learners(w, result, err);
    } else if (fill_removals(w, w->batch, err) &&
               publisher_send(w->clients.publisher, w->batch, err)) {
        (void)log_ends_advance(&w->clients.reached, w->batch);
        result->events_partitions = count_partitions(&w->clients);
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
        if (w->clients.settings->wake)
            w->clients.settings->wake(w->clients.settings->wake_context);
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
    w->clients.settings = settings;
    shard_transactional_id(settings->state_topic, settings->partition, w->clients.transactional_id);
    pthread_mutex_init(&w->lock, NULL);
    timed_wait_init(&w->changed);
    if (pthread_create(&w->thread, NULL, run, w) != 0) {
        error_set(err, ERROR_INTERNAL, false, "a thread could not be started");
        free(w);
        return NULL;
    }
    return w;
}

bool shard_worker_free(struct shard_worker *w, int64_t patience_ms)
{
    struct timespec until = timed_wait_until(patience_ms);
    pthread_mutex_lock(&w->lock);
    while (w->job != JOB_NONE && !w->finished && timed_wait(&w->changed, &w->lock, until))
        ;
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
    text_buffer_free(&w->result.entities);
    publisher_free(w->clients.publisher);
    log_reader_free(w->clients.reader);
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

void shard_worker_find(struct shard_worker *w, const struct erased_keys *learners)
{
    w->learners = learners; /* the lock of submit hands it over */
    submit(w, JOB_FIND, NULL);
}

void shard_worker_want(struct shard_worker *w, bool wanted)
{
    atomic_store(&w->clients.unwanted, !wanted);
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
