#include "engine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "../common/backoff.h"
#include "../common/clock.h"
#include "../common/file.h"
#include "../common/log.h"
#include "../common/stop.h"
#include "erase/erase_jobs.h"
#include "operate/dead_jobs.h"
#include "state/log_reader.h"
#include "shard/ownership.h"
#include "operate/source_control.h"
#include "operate/report.h"
#include "sources.h"
#include "shard/topic_check.h"

#define TICK_MS 50
#define REPORT_MS 1000
#define REFERENCE_MS 5000
#define LOCK_TRIES 5
#define LOCK_MS 20
#define STOP_S 5
#define END_MS 3500 /* of these, for transactions under way */

struct engine {
    const struct options *options;
    struct sources *sources;
    struct ownership *ownership;
    struct source_control *control;
    struct erase_jobs *erasures;
    struct shard_settings settings;
    struct shard **shards; /* by partition; NULL = never ours yet */
    int32_t partitions;
    int32_t *home; /* partition of each source */
    char instance[128];
    struct dead_jobs **dead; /* of each source */
    bool *refused;           /* of each source: its connector does not fit its state */
    int64_t report_at_ms, reference_at_ms;
};

bool engine_runs(const char *data_dir)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/lock", data_dir);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno != ENOENT;
    bool locked = flock(fd, LOCK_SH | LOCK_NB) != 0;
    close(fd);
    return locked;
}

/* A command that only looks holds it for a moment (engine_runs). */
static bool take_lock(int fd)
{
    bool taken = flock(fd, LOCK_EX | LOCK_NB) == 0;
    for (int i = 0; !taken && errno == EWOULDBLOCK && i < LOCK_TRIES; i++) {
        (void)stop_sleep_ms(LOCK_MS);
        taken = flock(fd, LOCK_EX | LOCK_NB) == 0;
    }
    return taken;
}

int engine_lock(const char *data_dir, struct error *err)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/lock", data_dir);
    file_as_owner_of(path);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int failure = errno;
    file_as_ourselves();
    errno = failure;
    if (fd >= 0 && take_lock(fd))
        return fd;
    if (fd >= 0 && errno == EWOULDBLOCK)
        error_set(err, ERROR_CONFIG, false,
                  "another mooc-ingest runs with data_dir %s: stop it first, or give this one its "
                  "own data_dir and instance",
                  data_dir);
    else
        error_tell(err, ERROR_CONFIG, false, "%s: " REASON_VI, "%s: " REASON_EN, path,
                   ERROR_REASON(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

static void wake(void *context)
{
    http_wakeup(context);
}

static void fill_settings(struct engine *e)
{
    const struct options *o = e->options;
    const char *instance = options_text(o, "instance");
    char host[100] = "mooc-ingest";
    if (!instance && gethostname(host, sizeof(host)) == 0)
        host[sizeof(host) - 1] = '\0';
    snprintf(e->instance, sizeof(e->instance), "%s", instance ? instance : host);
    e->settings = (struct shard_settings){
        .options = o,
        .events_topic = options_text(o, "events_topic"),
        .state_topic = options_text(o, "state_topic"),
        .dead_topic = options_text(o, "dead_topic"),
        .instance = e->instance,
        .data_dir = options_text(o, "data_dir"),
        .hmac_fingerprint = e->sources->hmac_fingerprint,
        .key_version = options_number(o, "hmac_key_version"),
        .keys = e->sources->keys,
        .connectors = e->sources->connectors.data,
        .batch_records = options_number(o, "batch.records"),
        .batch_bytes = options_number(o, "batch.bytes"),
        .linger_ms = options_number(o, "batch.linger"),
        .wake = wake,
        .wake_context = e->sources->context.http,
    };
}

/* ---- start ---- */

static bool look_at_topics(struct engine *e, struct error *err)
{
    const struct shard_settings *s = &e->settings;
    if (!topic_check(e->options, s->events_topic, s->state_topic, s->dead_topic,
                     options_boolean(e->options, "allow_short_retention"), err))
        return false;
    struct log_reader *reader = log_reader_new(e->options, NULL, false, err);
    e->partitions = reader ? log_reader_partitions(reader, s->state_topic, err) : 0;
    log_reader_free(reader);
    return e->partitions > 0;
}

/* Waits for Kafka; what a person must put right ends the start only if it cannot change by itself. */
static bool reach_kafka(struct engine *e, struct error *err)
{
    struct backoff backoff;
    backoff_init(&backoff, 500, 15000, random_u64());
    while (!look_at_topics(e, err)) {
        if (err->kind != ERROR_UNREACHABLE)
            return false;
        log_error("waiting for Kafka", err);
        metrics_ready(e->sources->metrics, "kafka", err->message);
        report_write_waiting(e->options, err);
        if (!backoff_wait(&backoff))
            return error_set(err, ERROR_STOPPED, false, "stopped");
    }
    metrics_ready(e->sources->metrics, "kafka", NULL);
    return true;
}

static bool place_sources(struct engine *e, struct error *err)
{
    e->shards = calloc((size_t)e->partitions, sizeof(struct shard *));
    e->home = calloc(e->sources->count + 1, sizeof(*e->home));
    e->dead = calloc(e->sources->count + 1, sizeof(struct dead_jobs *));
    e->refused = calloc(e->sources->count + 1, sizeof(*e->refused));
    if (!e->shards || !e->home || !e->dead || !e->refused)
        return error_set(err, ERROR_INTERNAL, false, "out of memory");
    for (size_t i = 0; i < e->sources->count; i++) {
        e->home[i] = shard_of_source(e->sources->items[i]->name, e->partitions);
        e->dead[i] = dead_jobs_new(e->sources->context.data_dir, e->sources->items[i]->name);
    }
    return true;
}

/* ---- the loop ---- */

static bool follow_ownership(struct engine *e, struct error *err)
{
    ownership_poll(e->ownership);
    for (int32_t p = 0; p < e->partitions; p++) {
        bool ours = ownership_has(e->ownership, p);
        if (ours && !e->shards[p]) {
            struct shard_settings settings = e->settings;
            settings.partition = p;
            e->shards[p] = shard_new(&settings, err);
            if (!e->shards[p])
                return false;
        } else if (ours) {
            shard_resume(e->shards[p]);
        } else if (e->shards[p]) {
            shard_pause(e->shards[p]);
        }
    }
    return true;
}

/* Told once in the log; the report tells it as long as it is so. */
static bool connector_fits(struct engine *e, size_t i, struct shard *shard)
{
    const struct source *source = e->sources->items[i];
    struct error why;
    bool fits = source_connector_fits(shard, source, &why);
    if (!fits && !e->refused[i])
        LOG_WARN_EVENT("a source is not watched", LOG_TEXT("source", source->name),
                       LOG_TEXT("error", why.message));
    e->refused[i] = !fits;
    return fits;
}

static void tick(struct engine *e)
{
    for (int32_t p = 0; p < e->partitions; p++)
        if (e->shards[p])
            shard_tick(e->shards[p]);
    for (size_t i = 0; i < e->sources->count; i++) {
        struct source *source = e->sources->items[i];
        struct shard *shard = e->shards[e->home[i]];
        if (shard && shard_status(shard) == SHARD_READY && !source_is_paused(shard, source->name) &&
            connector_fits(e, i, shard)) {
            source->kind->tick(source, shard);
            dead_jobs_tick(e->dead[i], shard);
        }
    }
    source_control_tick(e->control, e->sources, e->home, e->shards);
    erase_jobs_tick(e->erasures, e->sources, e->home, e->shards);
    for (int32_t p = 0; p < e->partitions; p++) /* what the sources brought need not wait a turn */
        if (e->shards[p])
            shard_tick(e->shards[p]);
}

static struct report report_of(const struct engine *e)
{
    return (struct report){.options = e->options,
                           .instance = e->instance,
                           .sources = e->sources,
                           .home = e->home,
                           .shards = e->shards,
                           .partitions = e->partitions,
                           .group_problem = ownership_problem(e->ownership),
                           .kafka_away = ownership_away(e->ownership)};
}

static void tell(struct engine *e)
{
    int64_t now = clock_monotonic_ms();
    const struct report report = report_of(e);
    if (now >= e->report_at_ms) {
        e->report_at_ms = now + REPORT_MS;
        report_write(&report);
    }
    if (now >= e->reference_at_ms) {
        e->reference_at_ms = now + REFERENCE_MS;
        sources_refresh_reference(e->sources);
    }
}

/* With other keys nothing can ever be published from here, and the shards are kept from whoever has the right ones. */
static bool keys_fit(const struct engine *e, struct error *err)
{
    const struct error *why = NULL;
    for (int32_t p = 0; p < e->partitions && !why; p++)
        why = e->shards[p] ? shard_other_keys(e->shards[p]) : NULL;
    if (why)
        *err = *why;
    return why == NULL;
}

static bool loop(struct engine *e, struct error *err)
{
    while (!stop_requested()) {
        if (!follow_ownership(e, err))
            return false;
        tick(e);
        if (!keys_fit(e, err))
            return false;
        tell(e);
        http_poll(e->sources->context.http, TICK_MS);
    }
    return true;
}

/* ---- end ---- */

/* Sources first: they abandon their sweeps. Then each open transaction may end; one that does not is aborted by the broker. */
static void end(struct engine *e)
{
    int64_t until = clock_monotonic_ms() + END_MS;
    bool ended = true;
    struct text_buffer known = {0};
    if (e->ownership) {
        const struct report report = report_of(e);
        report_sources(&report, &known);
    }
    for (size_t i = 0; i < e->sources->count; i++) {
        e->sources->items[i]->kind->close(e->sources->items[i]);
        if (e->dead)
            dead_jobs_free(e->dead[i]);
    }
    e->sources->count = 0;
    for (int32_t p = 0; e->shards && p < e->partitions; p++) {
        int64_t left = until - clock_monotonic_ms();
        if (e->shards[p] && !shard_free(e->shards[p], left > 0 ? left : 0))
            ended = false;
    }
    if (!ended) {
        LOG_WARN_EVENT("a transaction is left to the broker, which aborts it",
                       LOG_NUMBER("waited_ms", END_MS));
        report_write_stopped(e->options, known.data);
        fflush(stdout);
        _exit(0); /* its thread still uses what would be freed */
    }
    ownership_free(e->ownership);
    source_control_free(e->control);
    erase_jobs_free(e->erasures);
    report_write_stopped(e->options, known.data);
    text_buffer_free(&known);
    free(e->shards);
    free(e->home);
    free(e->dead);
    free(e->refused);
}

static bool start(struct engine *e, struct error *err)
{
    fill_settings(e);
    if (!metrics_serve(e->sources->metrics, options_text(e->options, "metrics.listen"),
                       options_text(e->options, "metrics.port_file"), err) ||
        !reach_kafka(e, err) || !place_sources(e, err))
        return false;
    e->control = source_control_new(e->settings.data_dir);
    e->erasures = erase_jobs_new(e->settings.data_dir, e->partitions);
    e->ownership = ownership_new(e->options, e->settings.state_topic,
                                 options_text(e->options, "group"), e->instance, err);
    return e->ownership != NULL;
}

int engine_run(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    struct engine e = {.options = options};
    int lock = -1;
    stop_ends_within(STOP_S);
    stop_ignore_other_signals();
    e.sources = sources_open(options, NULL, &err);
    if (e.sources && (lock = engine_lock(options_text(options, "data_dir"), &err)) >= 0 &&
        start(&e, &err)) {
        LOG_INFO_EVENT("running", LOG_NUMBER("sources", e.sources->count),
                       LOG_NUMBER("shards", e.partitions));
        loop(&e, &err);
    }
    if (err.kind != ERROR_NONE && err.kind != ERROR_STOPPED)
        log_error("mooc-ingest ends", &err);
    if (e.sources)
        end(&e);
    sources_close(e.sources);
    if (lock >= 0)
        close(lock);
    return error_exit_code(&err);
}
