#include "committer.h"

#include <pthread.h>
#include <stdlib.h>

#include "../../common/clock.h"
#include "pg_binary.h"
#include "sql.h"

struct committer {
    struct committer_settings settings;
    struct pg_array months;
    struct month held; /* the archive has its partition: the batch before wrote into it */

    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool ending, failed;
    struct batch *batch; /* under way; NULL = idle */
    struct store_writes *writes;
    struct error error;
};

/* One batch -------------------------------------------------------------------------------------------------------------- */

static bool ensure_months(struct committer *c, const struct batch *batch, struct error *err)
{
    if (batch->month_count == 1 && batch->months[0].begins == c->held.begins && c->held.ends)
        return true;
    pg_array_start(&c->months, PG_TIMESTAMPTZ);
    for (size_t i = 0; i < batch->month_count; i++)
        pg_array_instant(&c->months, batch->months[i].begins);
    struct pg_parameter months = pg_array_parameter(&c->months);
    struct pg_rows *rows = pg_query_binary(c->settings.pg, sql_ensure_months, 1, &months, err);
    pg_rows_free(rows);
    return rows != NULL;
}

static bool archive_batch(struct committer *c, const struct batch *batch, struct error *err)
{
    struct pg *pg = c->settings.pg;
    return batch->archived == 0 ||
           (ensure_months(c, batch, err) &&
            pg_copy_in(pg, sql_copy_archive, batch->archive.data, batch->archive.length, err));
}

/* The whole delivery guarantee: archive, states, tallies and offsets are one transaction, and its first statement is the fence. */
static bool write_batch(struct committer *c, struct batch *batch, struct store_writes *writes,
                        struct error *err)
{
    struct pg *pg = c->settings.pg;
    if (!pg_begin(pg, err) || !vector_advance(c->settings.vector, pg, batch, err) ||
        !archive_batch(c, batch, err) || !store_write(c->settings.store, pg, writes, err) ||
        !pg_commit(pg, err))
        return false;
    vector_confirm(c->settings.vector, batch);
    if (batch->month_count > 0)
        c->held = batch->months[batch->month_count - 1];
    return true;
}

/* The thread ------------------------------------------------------------------------------------------------------------- */

static void *commit_until_ended(void *context)
{
    struct committer *c = context;
    pthread_mutex_lock(&c->mutex);
    for (;;) {
        while (!c->batch && !c->ending)
            pthread_cond_wait(&c->changed, &c->mutex);
        if (!c->batch)
            break;
        struct batch *batch = c->batch;
        pthread_mutex_unlock(&c->mutex);
        struct error err = {0};
        int64_t began_ms = clock_monotonic_ms();
        bool durable = write_batch(c, batch, c->writes, &err);
        c->settings.ended(c->settings.context, batch, durable, clock_monotonic_ms() - began_ms);
        pthread_mutex_lock(&c->mutex);
        c->batch = NULL;
        c->failed = !durable;
        c->error = err;
        pthread_cond_broadcast(&c->changed);
    }
    pthread_mutex_unlock(&c->mutex);
    return NULL;
}

struct committer *committer_new(const struct committer_settings *settings)
{
    struct committer *c = calloc(1, sizeof(*c));
    if (!c)
        abort();
    c->settings = *settings;
    pg_observe(settings->pg, writer_metrics_statement, settings->figures);
    pthread_mutex_init(&c->mutex, NULL);
    pthread_cond_init(&c->changed, NULL);
    if (pthread_create(&c->thread, NULL, commit_until_ended, c) != 0)
        abort();
    return c;
}

void committer_free(struct committer *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->mutex);
    c->ending = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->mutex);
    pthread_join(c->thread, NULL);
    pg_observe(c->settings.pg, NULL, NULL);
    pg_array_release(&c->months);
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->mutex);
    free(c);
}

static bool report(const struct committer *c, struct error *err)
{
    if (c->failed)
        *err = c->error;
    return !c->failed;
}

bool committer_submit(struct committer *c, struct batch *batch, struct store_writes *writes,
                      struct error *err)
{
    pthread_mutex_lock(&c->mutex);
    while (c->batch)
        pthread_cond_wait(&c->changed, &c->mutex);
    bool ok = report(c, err);
    if (ok) {
        c->batch = batch;
        c->writes = writes;
        pthread_cond_broadcast(&c->changed);
    }
    pthread_mutex_unlock(&c->mutex);
    return ok;
}

bool committer_check(struct committer *c, bool *idle, struct error *err)
{
    pthread_mutex_lock(&c->mutex);
    *idle = c->batch == NULL;
    bool ok = report(c, err);
    pthread_mutex_unlock(&c->mutex);
    return ok;
}

bool committer_wait(struct committer *c, struct error *err)
{
    pthread_mutex_lock(&c->mutex);
    while (c->batch)
        pthread_cond_wait(&c->changed, &c->mutex);
    bool ok = report(c, err);
    pthread_mutex_unlock(&c->mutex);
    return ok;
}
