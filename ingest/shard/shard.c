#include "log_ends.h"
#include "shard_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/backoff.h"
#include "../../common/clock.h"
#include "../../common/crypto.h"
#include "../../common/log.h"
#include "shard_checks.h"

#define DEFAULT_RECORDS 20000
#define DEFAULT_BYTES (INT64_C(8) << 20)
#define DEFAULT_LINGER_MS 50
#define HEARTBEAT_MS (INT64_C(60) * 60 * 1000)
#define LOG_NOTED_MS 10000
#define RETRY_BASE_MS 500
#define RETRY_CAP_MS 15000
#define FENCED_BASE_MS                                                                             \
    3000 /* twice the group's heartbeat: by then it has told us if the shard is not ours any more */

int32_t shard_of_source(const char *source, int32_t state_partitions)
{
    struct key128 key = key128_of(source, strlen(source));
    return (int32_t)(key.hi % (uint64_t)state_partitions);
}

void shard_transactional_id(const char *state_topic, int32_t partition, char out[300])
{
    snprintf(out, 300, "mooc-ingest.%.240s.%d", state_topic, (int)partition);
}

/* reason NULL: there is nothing to say. */
static void enter(struct shard *shard, enum shard_status status, const struct error *reason)
{
    shard->status = status;
    if (reason)
        shard->reason = *reason;
    else
        error_clear(&shard->reason);
}

static void enter_saying(struct shard *shard, enum shard_status status, const char *vi, const char *en)
{
    shard->status = status;
    error_tell_plain(&shard->reason, ERROR_STATE, true, vi, en);
}

static void enter_paused(struct shard *shard)
{
    enter_saying(shard, SHARD_PAUSED, "máy khác đang làm phần này",
                 "another instance does this part of the work");
}

struct shard *shard_new(const struct shard_settings *settings, struct error *err)
{
    struct shard *shard = calloc(1, sizeof(*shard));
    if (!shard) {
        error_set(err, ERROR_INTERNAL, false, "out of memory");
        return NULL;
    }
    shard->settings = *settings;
    struct shard_settings *s = &shard->settings;
    s->batch_records = s->batch_records ? s->batch_records : DEFAULT_RECORDS;
    s->batch_bytes = s->batch_bytes ? s->batch_bytes : DEFAULT_BYTES;
    s->linger_ms = s->linger_ms ? s->linger_ms : DEFAULT_LINGER_MS;
    shard->making = &shard->batches[0];
    shard->random_state = random_u64();
    shard->incarnation = 1;
    enter_saying(shard, SHARD_LOADING, "vừa khởi động", "starting");
    shard->worker = shard_worker_new(s, err);
    if (!shard->worker) {
        free(shard);
        return NULL;
    }
    return shard;
}

bool shard_free(struct shard *shard, int64_t patience_ms)
{
    if (!shard)
        return true;
    if (!shard_worker_free(shard->worker, patience_ms))
        return false;
    memory_free(shard->memory);
    shard_erase_drop(shard);
    batch_free(&shard->batches[0]);
    batch_free(&shard->batches[1]);
    holds_free(&shard->holds);
    holds_free(&shard->settled);
    text_buffer_free(&shard->scratch);
    free(shard);
    return true;
}

/* Nothing in memory may be trusted any more. */
static void drop(struct shard *shard)
{
    memory_free(shard->memory);
    shard->memory = NULL;
    shard->last_substream = NULL;
    shard_erase_drop(shard);
    holds_free(&shard->settled);
    shard->in_flight = NULL;
    batch_clear(&shard->batches[0]);
    batch_clear(&shard->batches[1]);
    shard->flush = false;
    shard->incarnation++;
}

static void fail(struct shard *shard, const struct error *err)
{
    struct backoff backoff;
    bool fenced = err->kind == ERROR_FENCED;
    backoff_init(&backoff, fenced ? FENCED_BASE_MS : RETRY_BASE_MS, RETRY_CAP_MS,
                 shard->random_state);
    backoff.attempt = shard->failures < 10 ? shard->failures : 10;
    int64_t delay = backoff_next_ms(&backoff);
    shard->random_state = backoff.random_state;
    shard->failures++;
    shard->retry_at_ms = clock_monotonic_ms() + delay;
    bool person = err->kind == ERROR_STATE || err->kind == ERROR_CONFIG;
    if (fenced && shard->resumed)
        shard->retry_at_ms = 0; /* given back to us after others had it: ours to take over again */
    shard->resumed = false;
    if (shard->paused && !person)
        enter_paused(shard);
    else
        enter(shard, fenced ? SHARD_FENCED : person ? SHARD_FAILED : SHARD_LOADING, err);
    if (person && !err->retriable)
        shard->retry_at_ms = INT64_MAX; /* trying again would fence the one who repairs it */
    LOG_WARN_EVENT("shard stopped publishing", LOG_NUMBER("shard", shard->settings.partition),
                   LOG_TEXT("kind", error_kind_name(err->kind)),
                   LOG_TEXT("why", err->message[0] ? err->message : NULL),
                   LOG_NUMBER("retry_ms", person && !err->retriable ? -1 : delay));
}

/* ---- what the worker did ---- */

static void loaded(struct shard *shard, struct shard_result *result)
{
    shard->counters.reloads++;
    shard->other_keys = result->other_keys;
    if (result->error.kind != ERROR_NONE) {
        if (result->error.kind != ERROR_STOPPED)
            fail(shard, &result->error);
        return;
    }
    drop(shard);
    shard->resumed = false;
    shard->memory = result->memory;
    shard->events_partitions = result->events_partitions;
    shard->counters.clock_offset_us = result->clock_offset_us;
    shard->failures = 0;
    shard->last_commit_ms = clock_monotonic_ms();
    shard->log_noted_ms = shard->last_commit_ms - LOG_NOTED_MS;
    shard->log_moved = false;
    if (shard->paused)
        enter_paused(shard);
    else
        enter(shard, SHARD_READY, NULL);
    shard_holds_recall(shard);
    LOG_INFO_EVENT("shard ready", LOG_NUMBER("shard", shard->settings.partition),
                   LOG_NUMBER("entities", ledger_count(shard->memory->ledger)),
                   LOG_NUMBER("state_records", shard->memory->records),
                   LOG_NUMBER("clock_offset_ms", result->clock_offset_us / 1000));
}

static void committed(struct shard *shard)
{
    struct batch *batch = shard->in_flight;
    struct ledger *ledger = shard->memory->ledger;
    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_record *r = &batch->records[i];
        shard->counters.events += r->topic == BATCH_EVENTS;
        shard->counters.changes +=
            r->topic == BATCH_EVENTS && r->partition == BATCH_BY_KEY; /* a mark goes to each */
        shard->counters.dead_letters += r->topic == BATCH_DEAD;
        shard->counters.state_records += r->topic == BATCH_STATE;
        if (r->entry != BATCH_NO_ENTRY)
            ledger_set_offset(ledger_at(ledger, r->entry), r->offset);
    }
    shard->log_moved |= log_ends_advance(&shard->memory->log, batch);
    shard->counters.commits++;
    shard->resumed = false;
    shard->last_commit_ms = clock_monotonic_ms();
    batch_clear(batch);
    shard->in_flight = NULL;
}

static void sent(struct shard *shard, const struct shard_result *result)
{
    if (result->error.kind == ERROR_STOPPED)
        return;
    if (result->error.kind != ERROR_NONE) {
        drop(shard);
        fail(shard, &result->error);
        return;
    }
    committed(shard);
    if (result->events_partitions > shard->events_partitions) {
        shard->events_partitions = result->events_partitions;
        LOG_INFO_EVENT("the events topic has more partitions: marks go to them as well",
                       LOG_NUMBER("shard", shard->settings.partition),
                       LOG_NUMBER("partitions", shard->events_partitions));
    }
    int64_t offset = result->clock_offset_us;
    if (offset)
        shard->counters.clock_offset_us = offset;
    struct error err;
    if (shard_check_clock(shard->settings.partition, offset, &err))
        return;
    drop(shard); /* loading again compares anew, and goes on when they agree */
    fail(shard, &err);
}

/* Who stands in the state of those who are to be erased. */
static void found(struct shard *shard, const struct shard_result *result)
{
    if (result->error.kind == ERROR_NONE) {
        shard_erase_found(shard, &result->entities);
    } else if (result->error.kind != ERROR_STOPPED) {
        drop(shard);
        fail(shard, &result->error);
    }
}

/* ---- what is due ---- */

static void resolve_removals(struct shard *shard, struct batch *batch)
{
    for (size_t i = 0; i < batch->removal_count; i++) {
        struct batch_removal *removal = &batch->removals[i];
        uint32_t entry = batch->records[removal->record + 1].entry;
        if (removal->stored_record < 0)
            removal->stored_offset = ledger_offset(ledger_at(shard->memory->ledger, entry));
    }
}

/* How far the events topic reached goes along now and then, so that a start finds out whether it is still the same one. */
static void note_log(struct shard *shard, struct batch *batch)
{
    int64_t now = clock_monotonic_ms();
    if (!shard->log_moved || now - shard->log_noted_ms < LOG_NOTED_MS)
        return;
    shard->log_moved = false;
    shard->log_noted_ms = now;
    size_t at = batch_add(batch, BATCH_STATE, shard->settings.partition, BATCH_NO_ENTRY);
    batch_begin_key(batch, at);
    state_log_key(&batch->arena);
    batch_begin_value(batch, at);
    state_log_value(&shard->memory->log, &batch->arena);
    batch_end_value(batch, at);
}

static void submit(struct shard *shard)
{
    struct batch *batch = shard->making;
    note_log(shard, batch);
    resolve_removals(shard, batch);
    for (size_t i = 0; i < batch->count; i++)
        if (batch->records[i].entry != BATCH_NO_ENTRY)
            ledger_set(ledger_at(shard->memory->ledger, batch->records[i].entry), LEDGER_DIRTY,
                       false);
    shard->in_flight = batch;
    shard->making = batch == &shard->batches[0] ? &shard->batches[1] : &shard->batches[0];
    shard->flush = false;
    shard_worker_send(shard->worker, batch);
}

static bool is_large(const struct shard *shard)
{
    return shard->making->count >= (size_t)shard->settings.batch_records ||
           shard->making->arena.length >= (size_t)shard->settings.batch_bytes;
}

static void add_heartbeat(struct shard *shard)
{
    struct batch *batch = shard->making;
    size_t at = batch_add(batch, BATCH_STATE, shard->settings.partition, BATCH_NO_ENTRY);
    batch_begin_key(batch, at);
    state_owner_key(&batch->arena);
    batch_begin_value(batch, at);
    state_owner_value(shard->settings.instance, clock_now_us(), &batch->arena);
    batch_end_value(batch, at);
    shard->flush = true;
}

static void send_what_is_due(struct shard *shard)
{
    int64_t now = clock_monotonic_ms();
    struct batch *batch = shard->making;
    if (batch_is_empty(batch) && now - shard->last_commit_ms >= HEARTBEAT_MS)
        add_heartbeat(shard);
    if (batch_is_empty(batch)) {
        shard->flush = false;
        return;
    }
    if (batch->begun_ms == 0)
        batch->begun_ms = now;
    if (shard->flush || is_large(shard) || now - batch->begun_ms >= shard->settings.linger_ms)
        submit(shard);
}

void shard_tick(struct shard *shard)
{
    struct shard_result result = {0};
    if (shard_worker_collect(shard->worker, &result)) {
        if (result.job == JOB_LOAD)
            loaded(shard, &result);
        else if (result.job == JOB_FIND)
            found(shard, &result);
        else
            sent(shard, &result);
        text_buffer_free(&result.entities);
    }
    if (shard_worker_busy(shard->worker) || shard->paused)
        return;
    if (shard->status == SHARD_READY) {
        shard_holds_tick(shard);
        if (!shard_erase_tick(shard))
            send_what_is_due(shard);
    } else if (!shard->memory && clock_monotonic_ms() >= shard->retry_at_ms) {
        if (shard->status == SHARD_FENCED)
            enter_saying(shard, SHARD_LOADING, "đang nhận lại việc", "taking over");
        shard_worker_load(shard->worker);
    }
}

void shard_pause(struct shard *shard)
{
    if (shard->paused)
        return;
    shard->paused = true;
    shard_worker_want(shard->worker, false);
    if (shard->status != SHARD_FAILED)
        enter_paused(shard);
}

void shard_resume(struct shard *shard)
{
    shard->resumed = shard->resumed || shard->paused;
    if (shard->paused)
        shard_worker_want(shard->worker, true);
    shard->paused = false;
    if (shard->status == SHARD_PAUSED)
        enter(shard, shard->memory ? SHARD_READY : SHARD_LOADING, NULL);
}

/* ---- what it says of itself ---- */

bool shard_can_accept(const struct shard *shard)
{
    return shard->memory && !((shard->in_flight || shard_is_erasing(shard)) && is_large(shard));
}

void shard_flush(struct shard *shard)
{
    shard->flush = true;
}

bool shard_is_flushed(const struct shard *shard)
{
    return !shard->in_flight && batch_is_empty(shard->making);
}

enum shard_status shard_status(const struct shard *shard)
{
    return shard->status;
}

uint64_t shard_incarnation(const struct shard *shard)
{
    return shard->incarnation;
}

const char *shard_reason(const struct shard *shard)
{
    return shard->reason.message;
}

const char *shard_reason_vi(const struct shard *shard)
{
    return shard->reason.vi;
}

const struct error *shard_other_keys(const struct shard *shard)
{
    return shard->other_keys ? &shard->reason : NULL;
}

int64_t shard_entities(const struct shard *shard)
{
    int64_t sum = 0;
    for (uint32_t i = 0; shard->memory && i < shard->memory->substream_count; i++)
        sum += shard->memory->substreams[i]->in_force;
    return sum;
}

int64_t shard_bytes(const struct shard *shard)
{
    return shard->memory ? (int64_t)ledger_bytes(shard->memory->ledger) : 0;
}

const struct shard_counters *shard_counters(const struct shard *shard)
{
    return &shard->counters;
}

int32_t shard_partition(const struct shard *shard)
{
    return shard->settings.partition;
}

void shard_seen_at(struct shard *shard, int64_t seen_us)
{
    shard->seen_us = seen_us;
}

int64_t shard_seen_us(const struct shard *shard)
{
    return shard->seen_us > 0 ? shard->seen_us : clock_now_us();
}
