#include "lease.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "../../common/stop.h"
#include "../../common/timed_wait.h"
#include "../pg_line.h"
#include "bi_sessions.h"
#include "sql.h"
#include "watch.h"

#define LEAVE_MS 1000

struct lease {
    const struct options *options;
    struct watched watched[2];
    struct bi_sessions bi_sessions;
    int generation;
    int64_t epoch, every_ms;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool ending;
    atomic_bool held;
};

const char *lease_instance(const struct options *options, char host[128])
{
    const char *instance = options_text(options, "instance");
    if (instance)
        return instance;
    if (gethostname(host, 127) != 0)
        snprintf(host, 128, "unknown");
    host[127] = 0;
    return host;
}

struct numbers {
    char generation[16], epoch[24];
};

static struct numbers numbers_of(const struct lease *lease)
{
    struct numbers n;
    snprintf(n.generation, sizeof(n.generation), "%d", lease->generation);
    snprintf(n.epoch, sizeof(n.epoch), "%lld", (long long)lease->epoch);
    return n;
}

/* Heartbeats ------------------------------------------------------------------------------------------------------------- */

static void give_up(struct pg **pg)
{
    pg_free(*pg);
    *pg = NULL;
}

/* Notes when the epoch is another's. A database that does not answer is no answer. */
static void beat(struct lease *lease, struct pg **pg)
{
    struct numbers n = numbers_of(lease);
    struct error err = {0};
    if (!*pg && !(*pg = pg_connect(lease->options, "mooc-aggregator heartbeat", false, &err)))
        return;
    /* One that takes longer than this comes too late. */
    pg_set_patience(*pg, options_number(lease->options, "writer.takeover"));
    struct pg_rows *rows =
        pg_query(*pg, sql_lease_heartbeat, 2, (const char *const[]){n.generation, n.epoch}, &err);
    if (!rows) {
        give_up(pg);
        return;
    }
    bool ours = pg_rows_affected(rows) == 1;
    pg_rows_free(rows);
    if (!ours) /* before anything is cut: whoever meets the cut asks why */
        lease->held = false;
    for (size_t i = 0; i < ARRAY_LEN(lease->watched); i++) {
        if (!ours) /* whatever is under way there cannot count any more */
            pg_line_cut(pg_line(lease->watched[i].pg));
        else if (!watch_look(&lease->watched[i], *pg, &err)) {
            give_up(pg);
            return;
        }
    }
    if (ours)
        bi_sessions_look(&lease->bi_sessions, *pg, lease->options);
}

static void *beat_until_ended(void *context)
{
    struct lease *lease = context;
    struct pg *pg = NULL;
    pthread_mutex_lock(&lease->mutex);
    while (!lease->ending && lease->held) {
        pthread_mutex_unlock(&lease->mutex);
        beat(lease, &pg);
        pthread_mutex_lock(&lease->mutex);
        if (!lease->ending)
            timed_wait(&lease->wake, &lease->mutex, timed_wait_until(lease->every_ms));
    }
    pthread_mutex_unlock(&lease->mutex);
    pg_free(pg);
    return NULL;
}

/* Taking ----------------------------------------------------------------------------------------------------------------- */

/* 1 free, 0 not, -1 failed. A clock that was set back makes the silence negative: then the sign that stays the same tells. */
static int look(struct pg *pg, const struct options *options, const char *generation,
                struct lease_holder *holder, struct error *err)
{
    int64_t now_ms = clock_monotonic_ms();
    struct pg_rows *rows = pg_query(pg, sql_lease_look, 1, &generation, err);
    if (!rows)
        return -1;
    bool found = pg_rows_count(rows) == 1, alive = false;
    if (found) {
        snprintf(holder->instance, sizeof(holder->instance), "%s", pg_rows_value(rows, 0, 0));
        alive = *pg_rows_value(rows, 0, 1) == 't' &&
                pg_rows_integer(rows, 0, 4, 0) != holder->own_epoch;
        holder->silent_ms = pg_rows_integer(rows, 0, 2, INT64_MAX);
        holder->live = *pg_rows_value(rows, 0, 5) == 't';
        if (strcmp(holder->sign, pg_rows_value(rows, 0, 3)) != 0) {
            snprintf(holder->sign, sizeof(holder->sign), "%s", pg_rows_value(rows, 0, 3));
            holder->sign_ms = now_ms;
        } else if (holder->silent_ms < now_ms - holder->sign_ms) {
            holder->silent_ms = now_ms - holder->sign_ms;
        }
    }
    pg_rows_free(rows);
    if (!found) { /* dropped since it was chosen: whoever wants to write chooses anew */
        error_set(err, ERROR_STATE, true, "pulse.writers has no row of generation %s", generation);
        return -1;
    }
    return !alive || holder->silent_ms >= options_number(options, "writer.takeover");
}

int lease_look(struct pg *pg, const struct options *options, int generation,
               struct lease_holder *holder, struct error *err)
{
    char number[16];
    snprintf(number, sizeof(number), "%d", generation);
    error_clear(err);
    return look(pg, options, number, holder, err);
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

/* Inside a transaction: 1 taken, 0 somebody else writes or the roles have changed, -1 failed. `promote` and `rollback` change the row
 * that is locked here first, so what is seen then holds until the lease is taken; afterwards they fence it. */
static int take_if_free(struct pg *pg, const struct options *options, const char *generation,
                        bool live, struct lease_holder *holder, int64_t *epoch, struct error *err)
{
    char host[128], raised[24];
    if (!run_for(pg, sql_lease_lock, generation, NULL, err))
        return -1;
    int free = look(pg, options, generation, holder, err);
    if (free != 1)
        return free;
    if (holder->live != live)
        return 0;
    if (!run_for(pg, sql_lease_terminate, generation, NULL, err) ||
        !take(pg, generation, lease_instance(options, host), epoch, err))
        return -1;
    snprintf(raised, sizeof(raised), "%lld", (long long)*epoch);
    return run_for(pg, sql_lease_raise, generation, raised, err) ? 1 : -1;
}

static void start_beating(struct lease *lease)
{
    pthread_mutex_init(&lease->mutex, NULL);
    timed_wait_init(&lease->wake);
    if (pthread_create(&lease->thread, NULL, beat_until_ended, lease) != 0)
        abort();
}

struct lease *lease_try(struct pg *pg, struct pg *reading, const struct options *options,
                        int generation, bool live, struct lease_holder *holder, struct error *err)
{
    char number[16];
    struct lease *lease = calloc(1, sizeof(*lease));
    if (!lease)
        abort();
    snprintf(number, sizeof(number), "%d", generation);
    error_clear(err);
    bool taken = watch_begin(&lease->watched[0], pg, err) &&
                 watch_begin(&lease->watched[1], reading, err) && pg_begin(pg, err) &&
                 take_if_free(pg, options, number, live, holder, &lease->epoch, err) == 1 &&
                 pg_commit(pg, err);
    if (!taken) {
        pg_rollback(pg);
        free(lease);
        return NULL;
    }
    lease->options = options;
    lease->generation = generation;
    lease->every_ms = options_number(options, "writer.heartbeat");
    lease->held = true;
    start_beating(lease);
    return lease;
}

int64_t lease_epoch(const struct lease *lease)
{
    return lease->epoch;
}

bool lease_held(const struct lease *lease)
{
    return lease->held;
}

bool lease_confirm(const struct lease *lease, struct pg *asking, struct error *err)
{
    struct numbers n = numbers_of(lease);
    struct pg_rows *rows =
        pg_query(asking, sql_lease_confirm, 2, (const char *const[]){n.generation, n.epoch}, err);
    if (!rows)
        return false;
    bool ours = pg_rows_count(rows) == 1;
    pg_rows_free(rows);
    return ours || error_set(err, ERROR_FENCED, true, "another instance has taken over");
}

bool lease_lost(const struct lease *lease, struct pg *asking)
{
    struct error err = {0};
    if (lease->held && pg_alive(asking) && !lease_confirm(lease, asking, &err) &&
        err.kind == ERROR_FENCED)
        return true;
    return !lease->held; /* last: the heartbeat may have cut the question off */
}

/* PostgreSQL was restarted while there was nothing to write: only now it shows that the connection is gone. `status` would wait for a
 * sign of life of who was stopped. */
static void leave(const struct lease *lease, const struct numbers *n)
{
    struct error ignored = {0};
    struct pg *pg = pg_connect(lease->options, "mooc-aggregator leave", false, &ignored);
    if (!pg)
        return;
    pg_set_patience(pg, LEAVE_MS);
    (void)run_for(pg, sql_lease_leave, n->generation, n->epoch, &ignored);
    pg_free(pg);
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
    struct numbers n = numbers_of(lease);
    struct error ignored = {0}; /* who comes next sees that our backend is gone */
    bool held = pg && lease->held;
    bool released =
        held && pg_alive(pg) && run_for(pg, sql_lease_release, n.generation, n.epoch, &ignored);
    if (held && !released && stop_requested())
        leave(lease, &n);
    pthread_cond_destroy(&lease->wake);
    pthread_mutex_destroy(&lease->mutex);
    free(lease);
}
