#include "lease.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "sql.h"

struct lease {
    const struct options *options;
    int generation;
    int64_t epoch, every_ms;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool ending;
    atomic_bool held;
};

static const char *instance_of(const struct options *options, char host[128])
{
    const char *instance = options_text(options, "instance");
    if (instance)
        return instance;
    if (gethostname(host, 127) != 0)
        snprintf(host, 128, "unknown");
    host[127] = 0;
    return host;
}

/* Heartbeats ------------------------------------------------------------------------------------------------------------- */

/* False when the epoch is another's. A database that does not answer is no answer. */
static bool beat(struct lease *lease, struct pg **pg)
{
    char generation[16], epoch[24];
    struct error err = {0};
    if (!*pg && !(*pg = pg_connect(lease->options, "mooc-aggregator heartbeat", false, &err)))
        return true;
    pg_set_patience(*pg, options_number(lease->options, "writer.reply_timeout"));
    snprintf(generation, sizeof(generation), "%d", lease->generation);
    snprintf(epoch, sizeof(epoch), "%lld", (long long)lease->epoch);
    struct pg_rows *rows =
        pg_query(*pg, sql_lease_heartbeat, 2, (const char *const[]){generation, epoch}, &err);
    if (!rows) {
        pg_free(*pg);
        *pg = NULL;
        return true;
    }
    bool ours = pg_rows_affected(rows) == 1;
    pg_rows_free(rows);
    return ours;
}

static void *beat_until_ended(void *context)
{
    struct lease *lease = context;
    struct pg *pg = NULL;
    pthread_mutex_lock(&lease->mutex);
    while (!lease->ending && lease->held) {
        pthread_mutex_unlock(&lease->mutex);
        if (!beat(lease, &pg))
            lease->held = false;
        pthread_mutex_lock(&lease->mutex);
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += lease->every_ms / 1000;
        until.tv_nsec += lease->every_ms % 1000 * 1000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        if (!lease->ending)
            pthread_cond_timedwait(&lease->wake, &lease->mutex, &until);
    }
    pthread_mutex_unlock(&lease->mutex);
    pg_free(pg);
    return NULL;
}

/* Taking ----------------------------------------------------------------------------------------------------------------- */

struct incumbent {
    bool alive;
    int64_t silent_ms;
};

static bool look(struct pg *pg, const char *generation, struct lease_holder *holder,
                 struct incumbent *incumbent, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_lease_look, 1, &generation, err);
    if (!rows)
        return false;
    bool found = pg_rows_count(rows) == 1;
    if (found) {
        snprintf(holder->instance, sizeof(holder->instance), "%s", pg_rows_value(rows, 0, 1));
        incumbent->alive = *pg_rows_value(rows, 0, 3) == 't';
        incumbent->silent_ms = pg_rows_integer(rows, 0, 4, INT64_MAX);
        holder->silent_ms = incumbent->silent_ms;
    }
    pg_rows_free(rows);
    return found || error_set(err, ERROR_STATE, false, "pulse.writers has no row of generation %s",
                              generation);
}

static bool run_for(struct pg *pg, const char *sql, const char *generation, const char *second,
                    struct error *err)
{
    struct pg_rows *rows =
        pg_query(pg, sql, second ? 2 : 1, (const char *const[]){generation, second}, err);
    pg_rows_free(rows);
    return rows != NULL;
}

static bool take(struct pg *pg, const char *generation, const char *instance, int64_t *epoch,
                 struct error *err)
{
    struct pg_rows *rows =
        pg_query(pg, sql_lease_take, 2, (const char *const[]){generation, instance}, err);
    if (!rows)
        return false;
    *epoch = pg_rows_count(rows) == 1 ? pg_rows_integer(rows, 0, 0, 0) : 0;
    pg_rows_free(rows);
    return *epoch > 0 ||
           error_set(err, ERROR_STATE, true, "the writer's own backend is not to be seen");
}

/* Inside a transaction that holds the writer's row: 1 taken, 0 somebody else writes, -1 failed. */
static int take_if_free(struct pg *pg, const struct options *options, const char *generation,
                        struct lease_holder *holder, int64_t *epoch, struct error *err)
{
    struct incumbent incumbent = {0};
    char host[128], raised[24];
    if (!look(pg, generation, holder, &incumbent, err))
        return -1;
    if (incumbent.alive && incumbent.silent_ms < options_number(options, "writer.takeover"))
        return 0;
    if (!run_for(pg, sql_lease_terminate, generation, NULL, err) ||
        !take(pg, generation, instance_of(options, host), epoch, err))
        return -1;
    snprintf(raised, sizeof(raised), "%lld", (long long)*epoch);
    return run_for(pg, sql_lease_raise, generation, raised, err) ? 1 : -1;
}

static struct lease *lease_new(const struct options *options, int generation, int64_t epoch)
{
    struct lease *lease = calloc(1, sizeof(*lease));
    if (!lease)
        abort();
    lease->options = options;
    lease->generation = generation;
    lease->epoch = epoch;
    lease->every_ms = options_number(options, "writer.heartbeat");
    lease->held = true;
    pthread_mutex_init(&lease->mutex, NULL);
    pthread_cond_init(&lease->wake, NULL);
    if (pthread_create(&lease->thread, NULL, beat_until_ended, lease) != 0)
        abort();
    return lease;
}

struct lease *lease_try(struct pg *pg, const struct options *options, int generation,
                        struct lease_holder *holder, struct error *err)
{
    char number[16];
    int64_t epoch = 0;
    snprintf(number, sizeof(number), "%d", generation);
    error_clear(err);
    if (!pg_begin(pg, err))
        return NULL;
    int taken = take_if_free(pg, options, number, holder, &epoch, err);
    if (taken != 1 || !pg_commit(pg, err)) {
        pg_rollback(pg);
        return NULL;
    }
    LOG_INFO_EVENT("this instance writes now", LOG_NUMBER("generation", generation),
                   LOG_NUMBER("epoch", epoch));
    return lease_new(options, generation, epoch);
}

int64_t lease_epoch(const struct lease *lease)
{
    return lease->epoch;
}

bool lease_held(const struct lease *lease)
{
    return lease->held;
}

void lease_release(struct lease *lease, struct pg *pg)
{
    if (!lease)
        return;
    pthread_mutex_lock(&lease->mutex);
    lease->ending = true;
    pthread_cond_signal(&lease->wake);
    pthread_mutex_unlock(&lease->mutex);
    pthread_join(lease->thread, NULL);
    if (pg && pg_alive(pg) && lease->held) {
        char generation[16], epoch[24];
        struct error ignored = {0}; /* who comes next sees that our backend is gone */
        snprintf(generation, sizeof(generation), "%d", lease->generation);
        snprintf(epoch, sizeof(epoch), "%lld", (long long)lease->epoch);
        (void)run_for(pg, sql_lease_release, generation, epoch, &ignored);
    }
    pthread_cond_destroy(&lease->wake);
    pthread_mutex_destroy(&lease->mutex);
    free(lease);
}
