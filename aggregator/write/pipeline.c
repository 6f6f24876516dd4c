#include "pipeline.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "../../common/timed_wait.h"

/* One batch is being folded, the next is ready, the third read. */
#define BATCHES 3

/* Archive rows of as many batches are read and not sent yet: what a transaction can take at most, and what memory it takes. */
#define ROWS 7

/* After the last transaction's own marks were passed, the offsets are written once things are quiet, so that "behind" is 0. */
#define IDLE_MS 500

struct pipeline {
    struct log_reader *reader;
    struct metrics *metrics;
    struct writer_metrics *figures;
    size_t max_records, max_bytes;
    int64_t linger_ms;

    pthread_t thread;
    bool running;
    atomic_bool parking;

    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct batch *spare[BATCHES];
    size_t spare_count;
    struct archive_rows *spare_rows[ROWS];
    size_t spare_rows_count;
    struct batch *ready;
    bool writer_waits;
    struct error failure;
};

struct pipeline *pipeline_new(const struct options *options, size_t cache_bytes,
                              struct log_reader *reader, struct metrics *metrics,
                              struct writer_metrics *figures)
{
    struct pipeline *p = calloc(1, sizeof(*p));
    if (!p)
        abort();
    p->reader = reader;
    p->metrics = metrics;
    p->figures = figures;
    p->max_records = (size_t)options_number(options, "batch.records");
    size_t in_cache = cache_bytes / CACHE_BYTES_PER_RECORD;
    if (p->max_records > in_cache)
        p->max_records = in_cache;
    p->max_bytes = (size_t)options_number(options, "batch.bytes");
    p->linger_ms = options_number(options, "batch.linger");
    pthread_mutex_init(&p->mutex, NULL);
    timed_wait_init(&p->changed);
    return p;
}

static void drop_batches(struct pipeline *p)
{
    while (p->spare_count)
        batch_free(p->spare[--p->spare_count]);
    while (p->spare_rows_count)
        archive_rows_free(p->spare_rows[--p->spare_rows_count]);
    batch_free(p->ready);
    p->ready = NULL;
}

void pipeline_free(struct pipeline *p)
{
    if (!p)
        return;
    pipeline_park(p);
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->mutex);
    free(p);
}

/* Reading thread --------------------------------------------------------------------------------------------------------- */

static bool full(const struct pipeline *p, const struct batch *batch)
{
    return batch->records >= p->max_records || batch->bytes >= p->max_bytes;
}

static bool writer_waits(struct pipeline *p)
{
    pthread_mutex_lock(&p->mutex);
    bool waits = p->writer_waits && !p->ready;
    pthread_mutex_unlock(&p->mutex);
    return waits;
}

static void note_kafka(struct pipeline *p, const struct error *err, bool *away)
{
    bool now_away = err->kind != ERROR_NONE;
    metrics_ready(p->metrics, "kafka", now_away ? err->message : NULL);
    if (now_away && !*away)
        log_error("reading is interrupted and goes on by itself", err);
    *away = now_away;
}

static bool fail(struct pipeline *p, const struct error *err)
{
    pthread_mutex_lock(&p->mutex);
    p->failure = *err;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->mutex);
    return false;
}

/* Servers that were gone may come back with an older copy, and be written to beyond where we are before we ask again: what is read from
 * there on is dropped, and the next session compares the log with the archive first. */
static bool end_at_return(struct pipeline *p, struct batch *batch)
{
    struct error err = {0};
    batch_clear(batch, NULL);
    error_set(&err, ERROR_UNREACHABLE, true,
              "Kafka was away and answers again: its log is compared with the archive first");
    return fail(p, &err);
}

/* Reads until the batch is full, or the writer has nothing to do and no more comes at once. False: reading ends here. */
static bool fill(struct pipeline *p, struct batch *batch, bool *away)
{
    int64_t until = 0, reached_ms = 0;
    while (!p->parking && !full(p, batch)) {
        struct error err = {0};
        int wait_ms = batch->records == 0 ? 100 : 1;
        enum log_read read = log_reader_read(p->reader, batch, wait_ms, &err);
        if (log_reader_came_back(p->reader))
            return end_at_return(p, batch);
        if (read == LOG_READ_FAILED)
            return fail(p, &err);
        if (*away || err.kind != ERROR_NONE)
            note_kafka(p, &err, away);
        if (read == LOG_READ_RECORD) {
            if (batch->records == 1)
                until = clock_monotonic_ms() + p->linger_ms;
            continue;
        }
        int64_t now = clock_monotonic_ms();
        if (batch->reached && !reached_ms)
            reached_ms = now;
        bool enough = (batch->records && now >= until) || (reached_ms && now - reached_ms > IDLE_MS);
        if (enough && writer_waits(p))
            break;
    }
    return true;
}

static struct batch *take_spare(struct pipeline *p)
{
    struct batch *batch = NULL;
    pthread_mutex_lock(&p->mutex);
    while ((p->spare_count == 0 || p->spare_rows_count == 0) && !p->parking)
        pthread_cond_wait(&p->changed, &p->mutex);
    if (!p->parking) {
        batch = p->spare[--p->spare_count];
        batch_clear(batch, p->spare_rows[--p->spare_rows_count]);
    }
    pthread_mutex_unlock(&p->mutex);
    return batch;
}

/* With the mutex held. */
static void put_back(struct pipeline *p, struct batch *batch)
{
    if (batch->archive)
        p->spare_rows[p->spare_rows_count++] = batch->archive;
    batch->archive = NULL;
    p->spare[p->spare_count++] = batch;
}

static void hand_over(struct pipeline *p, struct batch *batch)
{
    pthread_mutex_lock(&p->mutex);
    while (p->ready && !p->parking)
        pthread_cond_wait(&p->changed, &p->mutex);
    if (p->ready || (batch->records == 0 && batch->reached == 0))
        put_back(p, batch);
    else
        p->ready = batch;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->mutex);
}

static void *read_until_parked(void *context)
{
    struct pipeline *p = context;
    bool away = false, ok = true;
    while (!p->parking && ok) {
        struct batch *batch = take_spare(p);
        if (!batch)
            break;
        int64_t began_us = clock_thread_cpu_us();
        ok = fill(p, batch, &away);
        batch_end(batch);
        writer_metrics_spent(p->figures, WRITER_READ, clock_thread_cpu_us() - began_us);
        hand_over(p, batch);
    }
    return NULL;
}

/* Writing side ----------------------------------------------------------------------------------------------------------- */

bool pipeline_start(struct pipeline *p, const int64_t *offsets, struct error *err)
{
    size_t count;
    const struct log_partition *partitions = log_reader_partitions(p->reader, &count);
    pipeline_park(p);
    if (!log_reader_assign(p->reader, offsets, err))
        return false;
    while (p->spare_count < BATCHES)
        p->spare[p->spare_count++] = batch_new(partitions, count);
    while (p->spare_rows_count < ROWS)
        p->spare_rows[p->spare_rows_count++] = archive_rows_new();
    error_clear(&p->failure);
    p->parking = false;
    if (pthread_create(&p->thread, NULL, read_until_parked, p) != 0)
        abort();
    p->running = true;
    return true;
}

void pipeline_park(struct pipeline *p)
{
    if (p->running) {
        pthread_mutex_lock(&p->mutex);
        p->parking = true;
        pthread_cond_broadcast(&p->changed);
        pthread_mutex_unlock(&p->mutex);
        pthread_join(p->thread, NULL);
        p->running = false;
    }
    drop_batches(p);
}

struct batch *pipeline_take(struct pipeline *p, int timeout_ms, struct error *err)
{
    struct timespec until = timed_wait_until(timeout_ms);
    pthread_mutex_lock(&p->mutex);
    p->writer_waits = true;
    while (!p->ready && p->failure.kind == ERROR_NONE && timed_wait(&p->changed, &p->mutex, until))
        continue;
    struct batch *batch = p->ready;
    p->ready = NULL;
    p->writer_waits = false;
    if (!batch && p->failure.kind != ERROR_NONE)
        *err = p->failure;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->mutex);
    return batch;
}

void pipeline_give_back(struct pipeline *p, struct batch *batch)
{
    pthread_mutex_lock(&p->mutex);
    put_back(p, batch);
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->mutex);
}

void pipeline_give_rows(struct pipeline *p, struct archive_rows *rows)
{
    pthread_mutex_lock(&p->mutex);
    p->spare_rows[p->spare_rows_count++] = rows;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->mutex);
}
