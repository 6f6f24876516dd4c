#include "standby.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "../../common/stop.h"
#include "../fold/fold.h"
#include "sql.h"

#define LOOK_MS 250
#define FOLLOWER_LOOK_MS 1000
#define TAKING_KAFKA_MS 10000
/* One that stands by and could not take over is to be seen before it has to. */
#define KAFKA_EVERY_MS 15000
#define KAFKA_MS 2000

struct standby {
    const struct options *options;
    bool follows;
    struct metrics *metrics;
    struct log_reader *reader;
    struct metric *writing, *program_version, *figures_version;
    int64_t own_epoch, kafka_looked_at_ms;
    char reason[256], said[256];
};

struct standby *standby_new(const struct options *options, bool follows, struct metrics *metrics,
                            struct log_reader *reader)
{
    static const char *const help =
        "Fold version of this program and of the live figures; where they differ it stands by.";
    struct standby *s = calloc(1, sizeof(*s));
    if (!s)
        abort();
    s->options = options;
    s->follows = follows;
    s->metrics = metrics;
    s->reader = reader;
    s->writing = metrics_add(metrics, METRIC_GAUGE, "mooc_aggregator_writing", NULL,
                             "1: this instance writes, 0: it does not, another may.");
    s->program_version =
        metrics_add(metrics, METRIC_GAUGE, "mooc_aggregator_fold_version", "of=\"program\"", help);
    s->figures_version =
        metrics_add(metrics, METRIC_GAUGE, "mooc_aggregator_fold_version", "of=\"figures\"", help);
    metric_set(s->program_version, FOLD_VERSION);
    return s;
}

void standby_free(struct standby *s)
{
    free(s);
}

/* Looked up at each turn: `promote` may switch it under who stands by. */
static bool find_generation(struct standby *s, struct pg *pg, int *generation, int64_t *version,
                            struct error *err)
{
    struct pg_rows *rows = pg_query(pg, s->follows ? sql_read_followed : sql_read_live, 0, NULL, err);
    if (!rows)
        return false;
    bool found = pg_rows_count(rows) == 1;
    if (!found && s->follows) {
        pg_rows_free(rows);
        return error_set(err, ERROR_STOPPED, false, "nothing to follow");
    }
    if (found) {
        *generation = (int)pg_rows_integer(rows, 0, 0, 0);
        *version = pg_rows_integer(rows, 0, 1, 0);
        metric_set(s->figures_version, (double)*version);
    }
    pg_rows_free(rows);
    return found || error_set(err, ERROR_STATE, false, "pulse.live names no generation");
}

/* 1: the lease is free for us, 0: not, for the reason noted, -1: failed. */
static int may_write(struct standby *s, struct pg *pg, struct lease_holder *holder, int *generation,
                     struct error *err)
{
    int64_t version = 0;
    if (!find_generation(s, pg, generation, &version, err))
        return -1;
    if (version != FOLD_VERSION) {
        snprintf(s->reason, sizeof(s->reason),
                 "standing by: the live generation is folded by version %lld, this program is "
                 "version %d: it writes when `replay promote` has made one of its own the live one",
                 (long long)version, FOLD_VERSION);
        return 0;
    }
    int free = lease_look(pg, s->options, *generation, holder, err);
    if (free == 0)
        snprintf(s->reason, sizeof(s->reason), "standing by: %s writes", holder->instance);
    return free;
}

static void look_at_kafka(struct standby *s)
{
    int64_t now_ms = clock_monotonic_ms();
    if (s->kafka_looked_at_ms && now_ms - s->kafka_looked_at_ms < KAFKA_EVERY_MS)
        return;
    struct error err = {0};
    bool there = log_reader_discover(s->reader, KAFKA_MS, &err);
    metrics_ready(s->metrics, "kafka", there ? NULL : err.message);
    s->kafka_looked_at_ms = clock_monotonic_ms();
}

static void stand_by(struct standby *s)
{
    if (s->follows) {
        stop_sleep_ms(FOLLOWER_LOOK_MS);
        return;
    }
    if (strcmp(s->said, s->reason) != 0) {
        memcpy(s->said, s->reason, sizeof(s->said));
        LOG_INFO_EVENT("this instance does not write", LOG_TEXT("why", s->reason));
    }
    metrics_ready(s->metrics, "writer", s->reason);
    look_at_kafka(s);
    stop_sleep_ms(LOOK_MS);
}

struct lease *standby_wait(struct standby *s, struct pg *pg, struct pg *reading, int *generation,
                           struct error *err)
{
    struct lease_holder holder = {.own_epoch = s->own_epoch};
    while (!stop_requested()) {
        int free = may_write(s, pg, &holder, generation, err);
        if (free < 0 || (free == 1 && !log_reader_discover(s->reader, TAKING_KAFKA_MS, err)))
            return NULL;
        struct lease *lease =
            free == 1 ? lease_try(pg, reading, s->options, *generation, !s->follows, &holder, err)
                      : NULL;
        if (lease) {
            s->own_epoch = lease_epoch(lease);
            LOG_INFO_EVENT(
                s->follows ? "this instance keeps a generation beside the live one current"
                           : "this instance writes now",
                LOG_NUMBER("generation", *generation), LOG_NUMBER("epoch", lease_epoch(lease)),
                LOG_TEXT("after", holder.instance));
            s->said[0] = 0;
            metric_set(s->writing, 1);
            metrics_ready(s->metrics, "writer", NULL);
            return lease;
        }
        if (err->kind != ERROR_NONE)
            return NULL;
        if (free == 0) /* else another was faster, or the roles have changed */
            stand_by(s);
    }
    error_set(err, ERROR_STOPPED, false, "stopped while standing by");
    return NULL;
}

void standby_over(struct standby *s)
{
    metric_set(s->writing, 0);
}
