/* `mooc-aggregator run`. */
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "../../common/metrics.h"
#include "../../common/stop.h"
#include "../../common/timed_wait.h"
#include "../commands.h"
#include "../session.h"
#include "follower.h"
#include "writer.h"

/* After a stop is requested: PostgreSQL rolls back what it has not committed by then. */
#define STOP_S 5
#define GRACE_MS 4000
#define LOOK_MS 100 /* whether a stop was requested */

struct run {
    const struct options *options;
    struct metrics *metrics;
    struct metrics *followers_metrics; /* served by nobody: its figures are not the live ones */
    struct error err;
    bool ok;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int at_work; /* threads */
};

static void end_of_one(struct run *run)
{
    pthread_mutex_lock(&run->mutex);
    run->at_work--;
    pthread_cond_signal(&run->changed);
    pthread_mutex_unlock(&run->mutex);
}

static void *write_until_stopped(void *context)
{
    struct run *run = context;
    run->ok = writer_run(run->options, WRITER_LIVE, run->metrics, &run->err);
    stop_request(); /* of the follower, should this be the end for want of a person's decision */
    end_of_one(run);
    return NULL;
}

static void *follow_until_stopped(void *context)
{
    struct run *run = context;
    follower_run(run->options, run->followers_metrics);
    end_of_one(run);
    return NULL;
}

/* False when a stop was requested and one hangs in a server that does not answer. */
static bool wait_for_both(struct run *run)
{
    int64_t stop_seen_ms = 0;
    struct metric *beside =
        metrics_add(run->metrics, METRIC_GAUGE, "mooc_aggregator_beside_lag_records", NULL,
                    "Records that the generation kept beside the live one is behind it, if this "
                    "instance keeps one current.");
    const struct metric *lag =
        metrics_add(run->followers_metrics, METRIC_GAUGE, "mooc_aggregator_lag_records", NULL,
                    "Records in the log that are not counted yet.");
    pthread_mutex_lock(&run->mutex);
    while (run->at_work > 0) {
        (void)timed_wait(&run->changed, &run->mutex, timed_wait_until(LOOK_MS));
        metric_set(beside, metric_value(lag));
        if (!stop_requested())
            continue;
        if (!stop_seen_ms)
            stop_seen_ms = clock_monotonic_ms();
        else if (clock_monotonic_ms() - stop_seen_ms > GRACE_MS)
            break;
    }
    bool ended = run->at_work == 0;
    pthread_mutex_unlock(&run->mutex);
    return ended;
}

int aggregator_run(const struct program *program, const struct options *options)
{
    (void)program;
    struct run run = {.options = options, .mutex = PTHREAD_MUTEX_INITIALIZER};
    pthread_t writer, follower;
    timed_wait_init(&run.changed);
    stop_ends_within(STOP_S);
    stop_ignore_other_signals();
#ifdef M_ARENA_MAX /* one thread asks for nearly all memory: more heaps would only keep more of what was freed */
    mallopt(M_ARENA_MAX, 2);
#endif
    run.metrics = metrics_new();
    metrics_ready(run.metrics, "postgresql", "not connected yet");
    metrics_ready(run.metrics, "kafka", "not connected yet");
    if (!metrics_serve(run.metrics, options_text(options, "metrics.listen"),
                       options_text(options, "metrics.port_file"), &run.err)) {
        metrics_free(run.metrics);
        return session_fail(options, &run.err);
    }
    run.followers_metrics = metrics_new();
    run.at_work = 2;
    if (pthread_create(&writer, NULL, write_until_stopped, &run) != 0 ||
        pthread_create(&follower, NULL, follow_until_stopped, &run) != 0)
        abort();
    if (!wait_for_both(&run)) {
        LOG_WARN_EVENT("stopped without an answer of the server: the open transaction rolls back",
                       LOG_NUMBER("waited_ms", GRACE_MS));
        _exit(0);
    }
    pthread_join(writer, NULL);
    pthread_join(follower, NULL);
    metrics_free(run.followers_metrics);
    metrics_free(run.metrics);
    if (run.ok) {
        LOG_INFO_EVENT("stopped", LOG_TEXT("why", "asked to"));
        return 0;
    }
    log_error("stopped", &run.err);
    return error_exit_code(&run.err);
}
