#include "committer.h"

#include <pthread.h>
#include <stdlib.h>

#include "../../common/clock.h"
#include "pg_binary.h"
#include "sql.h"

struct committer {
    struct committer_settings settings;
    struct pg_array months;
    struct month held; /* the archive has its partition: a transaction before wrote into it */

    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool ending, failed;
    struct transaction *transaction; /* under way; NULL = idle */
    struct error error;
};

/* One transaction -------------------------------------------------------------------------------------------------------- */

static bool ensure_months(struct committer *c, const struct archive_rows *rows, struct error *err)
{
    if (rows->month_count == 1 && rows->months[0].begins == c->held.begins && c->held.ends)
        return true;
    pg_array_start(&c->months, PG_TIMESTAMPTZ);
    for (size_t i = 0; i < rows->month_count; i++)
        pg_array_instant(&c->months, rows->months[i].begins);
    struct pg_parameter months = pg_array_parameter(&c->months);
    struct pg_rows *made = pg_query_binary(c->settings.pg, sql_ensure_months, 1, &months, err);
    pg_rows_free(made);
    return made != NULL;
}

static bool archive(struct committer *c, const struct archive_rows *rows, struct error *err)
{
    return rows->count == 0 ||
           (ensure_months(c, rows, err) &&
            pg_copy_in(c->settings.pg, sql_copy_archive, rows->copy.data, rows->copy.length, err));
}

/* The last sent first: which of them goes when does not matter, and the list stays right as it shrinks. */
static bool archive_all(struct committer *c, struct transaction *t, struct month *month,
                        struct error *err)
{
    while (t->archive_count > 0) {
        struct archive_rows *rows = t->archive[t->archive_count - 1];
        if (!archive(c, rows, err))
            return false;
        if (rows->month_count > 0)
            *month = rows->months[rows->month_count - 1];
        t->archive_count--;
        c->settings.sent(c->settings.context, rows);
    }
    return true;
}

/* The whole delivery guarantee: archive, states, tallies and offsets are one transaction, and its first statement is the fence. */
static bool write_transaction(struct committer *c, struct transaction *t, struct error *err)
{
    struct pg *pg = c->settings.pg;
    struct month month = c->held;
    if (!pg_begin(pg, err) || !vector_advance(c->settings.vector, pg, t->ranges, err) ||
        !archive_all(c, t, &month, err) || !store_write(c->settings.store, pg, t->writes, err) ||
        !pg_commit(pg, err))
        return false;
    vector_confirm(c->settings.vector, t->ranges);
    c->held = month;
    return true;
}

/* The thread ------------------------------------------------------------------------------------------------------------- */

static void *commit_until_ended(void *context)
{
    struct committer *c = context;
    pthread_mutex_lock(&c->mutex);
    for (;;) {
        while (!c->transaction && !c->ending)
            pthread_cond_wait(&c->changed, &c->mutex);
        if (!c->transaction)
            break;
        struct transaction *transaction = c->transaction;
        pthread_mutex_unlock(&c->mutex);
        struct error err = {0};
        int64_t began_ms = clock_monotonic_ms();
        bool durable = write_transaction(c, transaction, &err);
        c->settings.ended(c->settings.context, transaction, durable, clock_monotonic_ms() - began_ms);
        pthread_mutex_lock(&c->mutex);
        c->transaction = NULL;
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

bool committer_submit(struct committer *c, struct transaction *transaction, struct error *err)
{
    pthread_mutex_lock(&c->mutex);
    while (c->transaction)
        pthread_cond_wait(&c->changed, &c->mutex);
    bool ok = report(c, err);
    if (ok) {
        c->transaction = transaction;
        pthread_cond_broadcast(&c->changed);
    }
    pthread_mutex_unlock(&c->mutex);
    return ok;
}

bool committer_check(struct committer *c, bool *idle, struct error *err)
{
    pthread_mutex_lock(&c->mutex);
    *idle = c->transaction == NULL;
    bool ok = report(c, err);
    pthread_mutex_unlock(&c->mutex);
    return ok;
}

bool committer_wait(struct committer *c, struct error *err)
{
    pthread_mutex_lock(&c->mutex);
    while (c->transaction)
        pthread_cond_wait(&c->changed, &c->mutex);
    bool ok = report(c, err);
    pthread_mutex_unlock(&c->mutex);
    return ok;
}
