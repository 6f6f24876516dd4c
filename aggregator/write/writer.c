#include "writer.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../common/backoff.h"
#include "../../common/clock.h"
#include "../../common/crypto.h"
#include "../../common/log.h"
#include "../../common/stop.h"
#include "../fold/fold.h"
#include "../session.h"
#include "committer.h"
#include "lease.h"
#include "log_check.h"
#include "pipeline.h"
#include "rules_read.h"
#include "sql.h"
#include "store.h"
#include "vector.h"
#include "writer_metrics.h"

#define KAFKA_TIMEOUT_MS 10000
#define STANDBY_MS 250
#define NOTE_OFFSETS_MS 5000
#define LOOK_AT_TOPICS_MS 5000
#define LOOK_TIMEOUT_MS 500

/* What lives as long as the process. */
struct writer {
    const struct options *options;
    struct metrics *metrics;
    struct writer_metrics *figures;
    struct log_reader *reader;
    struct pipeline *pipeline;
};

/* What lives as long as one lease. */
struct session {
    struct writer *writer;
    struct pg *pg;      /* writes: used by the committer's thread once that runs */
    struct pg *reading; /* loads, while the transaction before is being written */
    int generation;
    struct lease *lease;
    struct rules *rules;
    struct fold *fold;
    struct store *store;
    struct vector *vector;
    struct committer *committer;
    struct transaction *transactions[2]; /* being written, and being folded */
    size_t turn;
    size_t max_records; /* of a transaction */
    int64_t offsets_noted_ms, topics_looked_at_ms;
};

/* One transaction -------------------------------------------------------------------------------------------------------- */

/* What the transaction before wrote need not be durable yet: whom it touched is resident. Should it fail, all of this is dropped. */
static bool fold_batch(struct session *s, struct batch *batch, struct transaction *transaction,
                       struct error *err)
{
    struct writer_metrics *figures = s->writer->figures;
    int64_t began_us = clock_monotonic_us();
    if (!store_load(s->store, s->reading, s->fold, batch->events, batch->event_count, err))
        return false;
    writer_metrics_spent(figures, WRITER_LOAD, clock_monotonic_us() - began_us);
    int64_t cpu_us = clock_thread_cpu_us();
    const struct changes *changes = fold_apply(s->fold);
    writer_metrics_spent(figures, WRITER_FOLD, clock_thread_cpu_us() - cpu_us);
    const struct store_batch made_of = {batch->events, batch->positions, batch->unreadable,
                                        batch->unreadable_count};
    store_encode_batch(changes, &made_of, transaction->writes);
    transaction_add(transaction, batch);
    return true;
}

static bool end_transaction(struct session *s, struct transaction *transaction, struct error *err)
{
    struct writer_metrics *figures = s->writer->figures;
    int64_t began_us = clock_monotonic_us();
    if (!store_load_activity(s->store, s->reading, s->fold, err))
        return false;
    writer_metrics_spent(figures, WRITER_LOAD, clock_monotonic_us() - began_us);
    int64_t cpu_us = clock_thread_cpu_us();
    store_encode(s->store, s->fold, fold_sorted_changes(s->fold), transaction->writes);
    writer_metrics_spent(figures, WRITER_ENCODE, clock_thread_cpu_us() - cpu_us);
    fold_confirm(s->fold);
    return true;
}

static void log_unreadable(const struct transaction *transaction)
{
    for (size_t i = 0; i < transaction->unreadable_count; i++) {
        const struct unreadable_record *record = &transaction->unreadable[i];
        LOG_WARN_EVENT("a record could not be read and is kept as a dead letter",
                       LOG_TEXT("topic", record->position.topic),
                       LOG_NUMBER("partition", record->position.partition),
                       LOG_NUMBER("offset", record->position.offset),
                       LOG_TEXT("reason", record->reason), LOG_TEXT("detail", record->detail));
    }
}

/* In the committer's thread. */
static void rows_sent(void *context, struct archive_rows *rows)
{
    pipeline_give_rows(((struct session *)context)->writer->pipeline, rows);
}

static void transaction_ended(void *context, const struct transaction *transaction, bool durable,
                              int64_t elapsed_ms)
{
    struct session *s = context;
    struct writer *w = s->writer;
    if (!durable)
        return;
    writer_metrics_transaction(w->figures, transaction, elapsed_ms,
                               log_reader_lag(w->reader, s->vector->next_offsets));
    log_unreadable(transaction);
    if (clock_monotonic_ms() - s->offsets_noted_ms >= NOTE_OFFSETS_MS) {
        s->offsets_noted_ms = clock_monotonic_ms();
        log_reader_note_offsets(w->reader, s->vector->next_offsets);
    }
}

/* A topic may be given more partitions at any time: the next session reads them from their start. */
static bool topics_are_as_read(struct session *s, struct error *err)
{
    if (clock_monotonic_ms() - s->topics_looked_at_ms < LOOK_AT_TOPICS_MS)
        return true;
    s->topics_looked_at_ms = clock_monotonic_ms();
    if (!log_reader_outgrown(s->writer->reader, LOOK_TIMEOUT_MS))
        return true;
    return error_set(err, ERROR_STATE, true,
                     "topic %s or %s has more partitions than before: they are taken in",
                     options_text(s->writer->options, "events_topic"),
                     options_text(s->writer->options, "dead_topic"));
}

static bool take_next(struct session *s, struct batch **batch, struct error *err)
{
    bool idle;
    if (!lease_held(s->lease))
        return error_set(err, ERROR_FENCED, true, "another instance has taken over");
    if (!topics_are_as_read(s, err) || !committer_check(s->committer, &idle, err))
        return false;
    *batch = pipeline_take(s->writer->pipeline, 100, err);
    if (!*batch && idle)
        writer_metrics_lag(s->writer->figures,
                           log_reader_lag(s->writer->reader, s->vector->next_offsets));
    return *batch || err->kind == ERROR_NONE;
}

/* The batch, and while PostgreSQL is busy with the transaction before, what else is ready. */
static bool fold_ready(struct session *s, struct batch *batch, struct transaction *transaction,
                       struct error *err)
{
    bool idle = false;
    while (batch) {
        bool folded = fold_batch(s, batch, transaction, err);
        pipeline_give_back(s->writer->pipeline, batch);
        if (!folded || !committer_check(s->committer, &idle, err))
            return false;
        bool more = !idle && transaction->records < s->max_records;
        batch = more ? pipeline_take(s->writer->pipeline, 0, err) : NULL;
        if (!batch && err->kind != ERROR_NONE)
            return false;
    }
    return true;
}

static bool write_transactions(struct session *s, struct error *err)
{
    while (!stop_requested()) {
        struct batch *batch;
        if (!take_next(s, &batch, err))
            return false;
        if (!batch)
            continue;
        struct transaction *transaction = s->transactions[s->turn++ % 2];
        transaction_start(transaction);
        if (!fold_ready(s, batch, transaction, err) || !end_transaction(s, transaction, err) ||
            !committer_submit(s->committer, transaction, err))
            return false;
        writer_metrics_resident(s->writer->figures, fold_resident_bytes(s->fold));
    }
    return committer_wait(s->committer, err);
}

/* A session -------------------------------------------------------------------------------------------------------------- */

static bool find_generation(struct session *s, struct error *err)
{
    struct pg_rows *rows = pg_query(s->pg, sql_read_live, 0, NULL, err);
    if (!rows)
        return false;
    int64_t fold_version = 0;
    if (pg_rows_count(rows) == 1) {
        s->generation = (int)pg_rows_integer(rows, 0, 0, 0);
        fold_version = pg_rows_integer(rows, 0, 1, 0);
    }
    pg_rows_free(rows);
    if (fold_version == FOLD_VERSION)
        return true;
    return error_set(err, ERROR_STATE, true,
                     "the live generation is folded by version %lld, this program is version %d: "
                     "standing by; run the program of that version, or replay",
                     (long long)fold_version, FOLD_VERSION);
}

static bool take_lease(struct session *s, struct error *err)
{
    struct writer *w = s->writer;
    char reason[256];
    struct lease_holder holder = {0};
    while (!stop_requested()) {
        s->lease = lease_try(s->pg, w->options, s->generation, &holder, err);
        if (s->lease || err->kind != ERROR_NONE)
            return s->lease != NULL;
        snprintf(reason, sizeof(reason), "standing by: %s writes", holder.instance);
        metrics_ready(w->metrics, "writer", reason);
        stop_sleep_ms(STANDBY_MS);
    }
    return error_set(err, ERROR_STOPPED, false, "stopped while standing by");
}

/* Config and offsets are read in one transaction: they belong together. */
static bool read_state(struct session *s, struct error *err)
{
    size_t count;
    const struct log_partition *partitions = log_reader_partitions(s->writer->reader, &count);
    s->vector = vector_new(s->generation, lease_epoch(s->lease), partitions, count);
    if (!pg_begin(s->pg, err) || !vector_read(s->vector, s->pg, err) ||
        !(s->rules = rules_read(s->pg, s->vector->config_version, err)) || !pg_commit(s->pg, err))
        return false;
    size_t cache_bytes = (size_t)options_number(s->writer->options, "cache_bytes");
    s->fold = fold_new(s->rules, cache_bytes);
    s->max_records = cache_bytes / CACHE_BYTES_PER_RECORD;
    s->store = store_new(s->generation);
    for (size_t i = 0; i < ARRAY_LEN(s->transactions); i++)
        s->transactions[i] = transaction_new(count);
    return true;
}

static bool connect(struct session *s, struct error *err)
{
    const struct options *options = s->writer->options;
    s->pg = pg_connect(options, "mooc-aggregator run", false, err);
    s->reading = s->pg ? pg_connect(options, "mooc-aggregator load", false, err) : NULL;
    if (!s->reading)
        return false;
    int64_t patience_ms = options_number(options, "writer.reply_timeout");
    pg_set_patience(s->pg, patience_ms);
    pg_set_patience(s->reading, patience_ms);
    return pg_run(s->pg, sql_session_settings, err) && pg_run(s->reading, sql_session_settings, err);
}

static bool open_session(struct session *s, struct error *err)
{
    struct writer *w = s->writer;
    if (!connect(s, err) || !session_check_schema(s->pg, err) || !find_generation(s, err))
        return false;
    metrics_ready(w->metrics, "postgresql", NULL);
    if (!take_lease(s, err))
        return false;
    metrics_ready(w->metrics, "writer", NULL);
    if (!log_reader_discover(w->reader, KAFKA_TIMEOUT_MS, err) || !read_state(s, err) ||
        !log_check(w->reader, s->vector, KAFKA_TIMEOUT_MS, err))
        return false;
    metrics_ready(w->metrics, "kafka", NULL);
    if (!pipeline_start(w->pipeline, s->vector->next_offsets, err))
        return false;
    s->committer = committer_new(&(struct committer_settings){s->pg, s->vector, s->store, rows_sent,
                                                              transaction_ended, s, w->figures});
    return true;
}

static void close_session(struct session *s)
{
    committer_free(s->committer);
    pipeline_park(s->writer->pipeline);
    if (s->pg)
        pg_rollback(s->pg);
    lease_release(s->lease, s->pg);
    pg_free(s->pg);
    fold_free(s->fold);
    rules_free(s->rules);
    store_free(s->store);
    for (size_t i = 0; i < ARRAY_LEN(s->transactions); i++)
        transaction_free(s->transactions[i]);
    vector_free(s->vector);
    pg_free(s->reading);
}

static void note_trouble(struct writer *w, const struct error *err)
{
    const char *condition = "postgresql";
    if (err->kind == ERROR_FENCED)
        condition = "writer";
    else if (strncmp(err->message, "Kafka", 5) == 0 || strncmp(err->message, "topic", 5) == 0)
        condition = "kafka";
    metrics_ready(w->metrics, condition, err->message);
    log_error("writing is interrupted and goes on by itself", err);
}

/* Sessions follow each other: whatever happened to the last batch, the next session reads from PostgreSQL where to go on. */
static bool run_sessions(struct writer *w, struct error *err)
{
    struct backoff backoff;
    backoff_init(&backoff, 200, 5000, random_u64());
    while (!stop_requested()) {
        struct session session = {.writer = w};
        error_clear(err);
        bool opened = open_session(&session, err);
        if (opened)
            backoff_reset(&backoff);
        bool ended_well = opened && write_transactions(&session, err);
        close_session(&session);
        if (ended_well || stop_requested())
            break;
        if (!err->retriable)
            return false;
        note_trouble(w, err);
        backoff_wait(&backoff);
    }
    error_clear(err);
    return true;
}

bool writer_run(const struct options *options, struct metrics *metrics, struct error *err)
{
    struct writer w = {.options = options, .metrics = metrics};
    w.reader = log_reader_new(options, err);
    if (!w.reader)
        return false;
    w.figures = writer_metrics_new(metrics);
    w.pipeline = pipeline_new(options, w.reader, metrics, w.figures);
    bool ok = run_sessions(&w, err);
    pipeline_free(w.pipeline);
    log_reader_free(w.reader);
    writer_metrics_free(w.figures);
    return ok;
}
