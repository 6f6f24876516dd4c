#include "shard_load.h"

#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/options.h"
#include "../state/log_reader.h"
#include "log_ends.h"
#include "publisher.h"
#include "shard_checks.h"
#include "../state/state_scan.h"

#define INIT_MS 30000
#define INIT_STEP_MS 1000
#define PATIENCE_MS 15000

int64_t shard_patience_ms(const struct shard_settings *settings)
{
    return settings->patience_ms ? settings->patience_ms : PATIENCE_MS;
}

struct loading {
    struct memory *memory;
    struct state_record record; /* used again and again */
};

/* Anything but an entity as it is usually written. */
static bool apply_rest(struct loading *loading, const struct log_record *r, struct error *err)
{
    struct state_record record;
    if (!state_record_decode(r->key, r->key_length, r->value, r->value_length, &record, err))
        return error_context(err, "offset %lld", (long long)r->offset);
    memory_apply(loading->memory, &record, r->offset);
    state_record_free(&record);
    return true;
}

static bool visit_state(void *context, const struct log_record *r, struct error *err)
{
    struct loading *loading = context;
    if (!state_entity_scan(r->key, r->key_length, r->value, r->value_length, &loading->record))
        return apply_rest(loading, r, err);
    memory_apply(loading->memory, &loading->record, r->offset);
    return true;
}

enum own_record { OWN_OWNER, OWN_META, OWN_LOG };

static void own_value(const struct shard_clients *c, enum own_record what,
                      const struct state_log *log, struct text_buffer *out)
{
    const struct shard_settings *s = c->settings;
    if (what == OWN_META)
        state_meta_value(&(struct state_meta){s->hmac_fingerprint, s->key_version, s->connectors},
                         out);
    else if (what == OWN_LOG)
        state_log_value(log, out);
    else
        state_owner_value(s->instance, clock_now_us(), out);
}

/* One transaction with one record: whose shard it is from now on, whose state, or how far the log reaches. Returns its offset, -1 on
 * failure. */
static int64_t send_record(struct shard_clients *c, enum own_record what,
                           const struct state_log *log, int64_t *clock_offset, struct error *err)
{
    static void (*const add_key[])(struct text_buffer *) = {
        [OWN_OWNER] = state_owner_key, [OWN_META] = state_meta_key, [OWN_LOG] = state_log_key};
    struct batch batch = {0};
    size_t at = batch_add(&batch, BATCH_STATE, c->settings->partition, BATCH_NO_ENTRY);
    batch_begin_key(&batch, at);
    add_key[what](&batch.arena);
    batch_begin_value(&batch, at);
    own_value(c, what, log, &batch.arena);
    batch_end_value(&batch, at);
    int64_t offset = publisher_send(c->publisher, &batch, err) ? batch.records[at].offset : -1;
    *clock_offset = batch.broker_time_us ? batch.delivered_us - batch.broker_time_us : 0;
    batch_free(&batch);
    return offset;
}

/* The events topic must be the one that was published to before, and is noted as it is now. */
static bool check_log(struct shard_clients *c, const struct state_log *stored,
                      struct shard_result *result, struct error *err)
{
    const struct shard_settings *s = c->settings;
    int64_t lows[STATE_MAX_PARTITIONS];
    struct state_log now = {.count = (size_t)result->events_partitions}, before = *stored;
    log_ends_join(&before, &c->reached);
    if (now.count > STATE_MAX_PARTITIONS)
        now.count = STATE_MAX_PARTITIONS;
    for (size_t p = 0; p < now.count; p++)
        if (!log_reader_range(c->reader, s->events_topic, (int32_t)p, &lows[p], &now.ends[p], err))
            return false;
    bool short_log = s->options && options_boolean(s->options, "allow_short_retention");
    if (!shard_check_log(s->events_topic, &before, lows, &now, short_log, err) ||
        send_record(c, OWN_LOG, &now, &result->clock_offset_us, err) < 0)
        return false;
    publisher_expect(c->publisher, &now);
    result->memory->log = c->reached = now;
    return true;
}

struct search {
    struct event_decoder *decoder;
    int32_t partition, partitions;
    char found[64];
};

static bool visit_event(void *context, const struct log_record *r, struct error *err)
{
    struct search *search = context;
    struct event e;
    event_decoder_reset(search->decoder);
    (void)err;
    if (!r->value || !event_decode(search->decoder, r->value, r->value_length, &e, NULL) ||
        !e.source || shard_of_source(e.source, search->partitions) != search->partition)
        return true;
    snprintf(search->found, sizeof(search->found), "%s", e.source);
    return false;
}

/* Nothing is known of this shard: fine only if the log has no event of a source that lives here. */
static bool check_fresh(struct shard_clients *c, int32_t partitions, struct error *err)
{
    struct search search = {.decoder = event_decoder_new(),
                            .partition = c->settings->partition,
                            .partitions =
                                log_reader_partitions(c->reader, c->settings->state_topic, err)};
    bool fine = search.partitions > 0;
    for (int32_t p = 0; fine && p < partitions && !search.found[0]; p++) {
        int64_t low, high;
        fine = log_reader_range(c->reader, c->settings->events_topic, p, &low, &high, err);
        if (fine && high > low)
            fine = log_reader_read(c->reader, c->settings->events_topic, p, high,
                                   shard_patience_ms(c->settings), visit_event, &search, err);
    }
    event_decoder_free(search.decoder);
    if (fine && search.found[0])
        return error_tell(
            err, ERROR_STATE, false,
            "phần %d của dữ liệu đã biết trống, trong khi dữ liệu của nguồn %s đã có: chuyển đi "
            "nữa "
            "thì thành gấp đôi. Chạy `mooc-ingest state rebuild` rồi khởi động lại",
            "part %d of what is known is empty, but events of source %s exist: publishing "
            "would double them. Run `mooc-ingest state rebuild`, then start again",
            (int)c->settings->partition, search.found);
    return fine;
}

static bool open_clients(struct shard_clients *c, struct error *err)
{
    const struct shard_settings *s = c->settings;
    const struct publisher_settings settings = {
        .options = s->options,
        .brokers = s->brokers,
        .transactional_id = c->transactional_id,
        .topics =
            {[BATCH_EVENTS] = s->events_topic, [BATCH_STATE] = s->state_topic, [BATCH_DEAD] = s->dead_topic},
        .transaction_timeout_ms = s->transaction_timeout_ms};
    publisher_free(c->publisher);
    c->publisher = publisher_new(&settings, err);
    log_reader_free(c->reader);
    c->reader = c->publisher ? log_reader_new(s->options, s->brokers, true, err) : NULL;
    return c->reader != NULL;
}

/* In short waits: Kafka may come back long after the shard has gone to another instance. */
static bool fence(struct shard_clients *c, struct error *err)
{
    int64_t until = clock_monotonic_ms() + INIT_MS;
    while (!atomic_load(&c->unwanted)) {
        error_clear(err);
        if (publisher_init(c->publisher, INIT_STEP_MS, err))
            return true;
        if (err->kind != ERROR_UNREACHABLE || clock_monotonic_ms() >= until)
            return false;
    }
    return error_tell_plain(err, ERROR_UNREACHABLE, true,
                            "Kafka chưa trả lời thì việc đã giao máy khác",
                            "the work was given up before Kafka answered");
}

/* Takes over: whoever held the transactional id can publish no more. Then a record of our own is committed behind all that was
 * ever written here, and the state is read until that record is seen: no shape of the log's end can hide anything before it. */
bool shard_load(struct shard_clients *c, struct shard_result *result, struct error *err)
{
    const struct shard_settings *s = c->settings;
    if (!open_clients(c, err) || !fence(c, err))
        return false;
    result->events_partitions = publisher_partitions(c->publisher, BATCH_EVENTS, err);
    if (result->events_partitions == 0)
        return false;
    int64_t own = send_record(c, OWN_OWNER, NULL, &result->clock_offset_us, err);
    if (own < 0 || !shard_check_clock(s->partition, result->clock_offset_us, err))
        return false;
    result->memory = memory_new();
    struct loading loading = {.memory = result->memory};
    bool read = log_reader_read(c->reader, s->state_topic, s->partition, own + 1,
                                shard_patience_ms(s), visit_state, &loading, err);
    state_record_free(&loading.record);
    if (!read)
        return false;
    const struct state_log *log = &result->memory->log;
    if (result->memory->has_meta) {
        result->other_keys = !shard_check_meta(s, &result->memory->meta, err);
        return !result->other_keys && check_log(c, log, result, err);
    }
    if (ledger_count(result->memory->ledger) > 0)
        return error_tell(
            err, ERROR_STATE, false,
            "phần %d của dữ liệu đã biết không đầy đủ (thiếu bản ghi m|meta): một lệnh `state "
            "rebuild` hoặc `key rotate` bị ngắt giữa chừng? Chạy lại lệnh đó, hoặc `mooc-ingest "
            "state rebuild`, rồi khởi động lại",
            "part %d of what is known has entities but no m|meta record: it is not whole (was "
            "`state rebuild` or `key rotate` broken off?). Run that command again, or `mooc-ingest "
            "state rebuild`, then start again",
            (int)s->partition);
    return check_fresh(c, result->events_partitions, err) &&
           send_record(c, OWN_META, NULL, &result->clock_offset_us, err) >= 0 &&
           check_log(c, log, result, err);
}
