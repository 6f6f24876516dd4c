#include "writer.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../common/backoff.h"
#include "../../common/clock.h"
#include "../../common/crypto.h"
#include "../../common/log.h"
#include "../../common/stop.h"
#include "../erase/archive.h"
#include "../fold/fold.h"
#include "../session.h"
#include "../sqlstate.h"
#include "committer.h"
#include "follow.h"
#include "lease.h"
#include "log_check.h"
#include "pipeline.h"
#include "rules_read.h"
#include "sql.h"
#include "standby.h"
#include "store.h"
#include "vector.h"
#include "writer_metrics.h"

#define KAFKA_TIMEOUT_MS 10000
/* Who stands by asks little, and must notice soon that it cannot see. */
#define STANDBY_REPLY_MS 6000
#define NOTE_OFFSETS_MS 5000
#define LOOK_AT_TOPICS_MS 5000
#define NOTE_SIZES_MS 3600000
#define LOOK_TIMEOUT_MS 500
#define LOOK_AT_LIVE_MS 50

/* What lives as long as the process. */
struct writer {
    const struct options *options;
    enum writer_role role;
    size_t cache_bytes;
    struct metrics *metrics;
    struct writer_metrics *figures;
    struct log_reader *reader;
    struct pipeline *pipeline;
    struct standby *standby;
    atomic_bool disk_full; /* the last transaction found it so */
    bool let_in;           /* the database has taken the login before */
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
    struct key_list erased; /* noted before; the log may tell it only later, where it is read anew */
    struct committer *committer;
    struct transaction *transactions[2]; /* being written, and being folded */
    size_t turn;
    size_t max_records; /* of a transaction */
    int64_t offsets_noted_ms, topics_looked_at_ms, live_looked_at_ms, sizes_noted_ms;
};

/* One transaction -------------------------------------------------------------------------------------------------------- */

/* What the transaction before wrote need not be durable yet: whom it touched is resident. Should it fail, all of this is dropped. */
static bool fold_batch(struct session *s, struct batch *batch, struct transaction *transaction,
                       struct error *err)
{
    struct writer_metrics *figures = s->writer->figures;
    int64_t began_us = clock_monotonic_us();
    if (!store_load(s->store, s->reading, s->fold, batch->events, batch->event_count, err) ||
        !lease_confirm(s->lease, s->reading, err))
        return false;
    writer_metrics_spent(figures, WRITER_LOAD, clock_monotonic_us() - began_us);
    int64_t cpu_us = clock_thread_cpu_us();
    const struct changes *changes = fold_apply(s->fold);
    writer_metrics_spent(figures, WRITER_FOLD, clock_thread_cpu_us() - cpu_us);
    const struct store_batch made_of = {batch->events, batch->positions, batch->unreadable,
                                        batch->unreadable_count};
    store_encode_batch(changes, &made_of, transaction->writes);
    if (fold_any_erased(s->fold) || s->erased.count > 0)
        batch_blank(batch, s->fold, &s->erased);
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
    if (atomic_exchange(&w->disk_full, false)) {
        metrics_ready(w->metrics, "disk", NULL);
        LOG_INFO_EVENT("counting goes on", LOG_TEXT("why", "the database's disk has room again"));
    }
    writer_metrics_transaction(w->figures, transaction, elapsed_ms,
                               log_reader_lag(w->reader, s->vector->next_offsets));
    if (w->role == WRITER_FOLLOWER)
        return;
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

/* A follower is told how far it may go. How far it is behind shows where nothing is being written: the committer's thread moves the
 * vector, and tells of it itself meanwhile. */
static bool look_at_live(struct session *s, bool idle, struct error *err)
{
    if (s->writer->role != WRITER_FOLLOWER ||
        clock_monotonic_ms() - s->live_looked_at_ms < LOOK_AT_LIVE_MS)
        return true;
    s->live_looked_at_ms = clock_monotonic_ms();
    int64_t behind = 0;
    const int64_t *offsets = idle ? s->vector->next_offsets : NULL;
    if (!follow_live(s->writer->reader, offsets, s->reading, &behind, err))
        return false;
    if (idle)
        writer_metrics_lag(s->writer->figures, behind);
    return true;
}

/* `status` tells by them how everything grows. */
static bool note_sizes(struct session *s, struct error *err)
{
    if (s->writer->role == WRITER_FOLLOWER ||
        (s->sizes_noted_ms && clock_monotonic_ms() - s->sizes_noted_ms < NOTE_SIZES_MS))
        return true;
    s->sizes_noted_ms = clock_monotonic_ms();
    struct pg_rows *rows = pg_query(s->reading, sql_note_sizes, 0, NULL, err);
    pg_rows_free(rows);
    return rows != NULL;
}

static bool take_next(struct session *s, struct batch **batch, struct error *err)
{
    bool idle;
    if (!lease_held(s->lease))
        return error_set(err, ERROR_FENCED, true, "another instance has taken over");
    if (!committer_check(s->committer, &idle, err) || !topics_are_as_read(s, err) ||
        !look_at_live(s, idle, err) || !note_sizes(s, err))
        return false;
    int patience_ms = s->writer->role == WRITER_FOLLOWER ? LOOK_AT_LIVE_MS : 100;
    *batch = pipeline_take(s->writer->pipeline, patience_ms, err);
    if (!*batch && idle && s->writer->role == WRITER_LIVE)
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

/* Config and offsets are read in one transaction: they belong together. */
static bool read_state(struct session *s, struct error *err)
{
    size_t count;
    const struct log_partition *partitions = log_reader_partitions(s->writer->reader, &count);
    s->vector = vector_new(s->generation, lease_epoch(s->lease), partitions, count);
    if (!pg_begin(s->pg, err) || !vector_read(s->vector, s->pg, err) ||
        !(s->rules = rules_read(s->pg, s->vector->config_version, err)) ||
        !erase_read_everyone(s->pg, &s->erased, err) || !pg_commit(s->pg, err))
        return false;
    size_t cache_bytes = s->writer->cache_bytes;
    s->fold = fold_new(s->rules, cache_bytes);
    s->max_records = cache_bytes / CACHE_BYTES_PER_RECORD;
    s->store = store_new(s->generation);
    for (size_t i = 0; i < ARRAY_LEN(s->transactions); i++)
        s->transactions[i] = transaction_new(count);
    return true;
}

static void set_patience(struct session *s, int64_t most_ms)
{
    int64_t ms = options_number(s->writer->options, "writer.reply_timeout");
    pg_set_patience(s->pg, ms < most_ms ? ms : most_ms);
    pg_set_patience(s->reading, ms < most_ms ? ms : most_ms);
}

static bool connect(struct session *s, struct error *err)
{
    const struct options *options = s->writer->options;
    char host[128], name[160]; /* `status` reads there who stands by */
    const char *doing = s->writer->role == WRITER_FOLLOWER ? "follow" : "run";
    snprintf(name, sizeof(name), "mooc-aggregator %s on %s", doing, lease_instance(options, host));
    s->pg = pg_connect(options, name, false, err);
    s->reading = s->pg ? pg_connect(options, "mooc-aggregator load", false, err) : NULL;
    if (!s->reading)
        return false;
    s->writer->let_in = true;
    set_patience(s, STANDBY_REPLY_MS);
    return pg_run(s->pg, sql_session_settings, err) && pg_run(s->reading, sql_session_settings, err);
}

static bool open_session(struct session *s, struct error *err)
{
    struct writer *w = s->writer;
    if (!connect(s, err) || !session_check_schema(s->pg, err))
        return false;
    metrics_ready(w->metrics, "postgresql", NULL);
    s->lease = standby_wait(w->standby, s->pg, s->reading, &s->generation, err);
    if (!s->lease)
        return false;
    set_patience(s, INT64_MAX);
    if (!read_state(s, err) || !log_check(w->reader, s->vector, KAFKA_TIMEOUT_MS, err))
        return false;
    metrics_ready(w->metrics, "kafka", NULL);
    if (!look_at_live(s, true, err) || !pipeline_start(w->pipeline, s->vector->next_offsets, err))
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
    standby_over(s->writer->standby);
    pg_free(s->pg);
    fold_free(s->fold);
    rules_free(s->rules);
    store_free(s->store);
    for (size_t i = 0; i < ARRAY_LEN(s->transactions); i++)
        transaction_free(s->transactions[i]);
    vector_free(s->vector);
    key_list_release(&s->erased);
    pg_free(s->reading);
}

/* Each attempt finds it full again: said once, until a transaction goes through. */
static void note_full_disk(struct writer *w, const struct error *err)
{
    char words[1200];
    snprintf(words, sizeof(words),
             "the database's disk is full; nothing is lost, and counting goes on by itself once "
             "there is room: add disk, or "
             "export and detach months of the archive (%s)",
             err->message);
    if (!atomic_exchange(&w->disk_full, true))
        LOG_AT(LOG_ERROR, "the database's disk is full: counting waits until there is room",
               LOG_TEXT("why", err->message));
    metrics_ready(w->metrics, "disk", words);
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

/* Once another writes, whatever went wrong here is that, and passes. */
static void name_the_fence(struct session *s, struct error *err)
{
    if (s->lease && err->kind != ERROR_NONE && lease_lost(s->lease, s->reading))
        error_set(err, ERROR_FENCED, true, "another instance has taken over");
}

static bool disk_is_full(const struct session *s)
{
    return (s->pg && sqlstate_disk_full(pg_sqlstate(s->pg))) ||
           (s->reading && sqlstate_disk_full(pg_sqlstate(s->reading)));
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
        if (opened && !atomic_load(&w->disk_full))
            backoff_reset(&backoff);
        bool ended_well = opened && write_transactions(&session, err);
        name_the_fence(&session, err);
        committer_free(session.committer);
        session.committer = NULL;
        bool full = disk_is_full(&session);
        close_session(&session);
        if (ended_well || stop_requested())
            break;
        if (err->kind == ERROR_STOPPED) /* nothing to follow */
            break;
        if (!err->retriable || (err->kind == ERROR_CONFIG && !w->let_in))
            return false;
        if (full)
            note_full_disk(w, err);
        else
            note_trouble(w, err);
        backoff_wait(&backoff);
    }
    error_clear(err);
    return true;
}

bool writer_run(const struct options *options, enum writer_role role, struct metrics *metrics,
                struct error *err)
{
    struct writer w = {.options = options, .role = role, .metrics = metrics};
    bool follows = role == WRITER_FOLLOWER;
    w.cache_bytes = (size_t)options_number(options, follows ? "follow.cache_bytes" : "cache_bytes");
    w.reader = log_reader_new(options, !follows, err);
    if (!w.reader)
        return false;
    w.figures = writer_metrics_new(metrics);
    w.pipeline = pipeline_new(options, w.cache_bytes, w.reader, metrics, w.figures);
    w.standby = standby_new(options, follows, metrics, w.reader);
    bool ok = run_sessions(&w, err);
    standby_free(w.standby);
    pipeline_free(w.pipeline);
    log_reader_free(w.reader);
    writer_metrics_free(w.figures);
    return ok;
}
