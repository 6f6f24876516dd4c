#include "publisher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "../../common/clock.h"
#include "../../common/kafka_conf.h"
#include "../../common/log.h"
#include "../../common/stop.h"
#include "log_ends.h"

#define METADATA_MS 5000
#define MAX_SENDS 5 /* of one batch, each after an abort */

struct publisher {
    const struct options *options;
    rd_kafka_t *rk;
    rd_kafka_topic_t *topics[BATCH_TOPICS];
    int64_t timeout_ms;
    struct batch *batch; /* being sent */
    rd_kafka_resp_err_t failed;
    bool refused; /* the login may not write */
    size_t delivered;
    const char *transactional_id;
    const char *names[BATCH_TOPICS];
    struct log_ends ends;
};

/* ---- set-up ---- */

/* Collects where each record landed. opaque = index + 1 of the record. */
static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque)
{
    (void)rk;
    struct publisher *p = opaque;
    size_t index = (size_t)(uintptr_t)message->_private - 1;
    if (!p->batch || index >= p->batch->count)
        return;
    if (message->err) {
        p->failed = message->err;
        return;
    }
    struct batch_record *record = &p->batch->records[index];
    record->offset = message->offset;
    record->landed = message->partition;
    p->delivered++;
    if (message->offset >= 0)
        log_ends_note(&p->ends, record->topic, message->partition, message->offset);
    if (record->topic != BATCH_DEAD) {
        rd_kafka_timestamp_type_t type;
        int64_t at = rd_kafka_message_timestamp(message, &type);
        if (type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME && at > 0) {
            p->batch->broker_time_us = at * 1000;
            p->batch->delivered_us = clock_now_us();
        }
    }
}

static rd_kafka_conf_t *make_conf(const struct publisher_settings *settings, int64_t timeout_ms,
                                  struct error *err)
{
    char timeout[24];
    snprintf(timeout, sizeof(timeout), "%lld", (long long)timeout_ms);
    const char *defaults[] = {"compression.type",
                              "lz4",
                              "queue.buffering.max.ms",
                              "1",
                              "batch.size",
                              "1000000",
                              "message.max.bytes",
                              "1048576",
                              "socket.nagle.disable",
                              "true",
                              "reconnect.backoff.ms",
                              "50",
                              "reconnect.backoff.max.ms",
                              "1000",
                              NULL};
    const char *fixed[] = {"transactional.id",
                           settings->transactional_id,
                           "transaction.timeout.ms",
                           timeout,
                           "enable.idempotence",
                           "true",
                           "acks",
                           "all",
                           "partitioner",
                           "murmur2",
                           "queue.buffering.max.messages",
                           "10000000",
                           "queue.buffering.max.kbytes",
                           "2097151",
                           settings->options ? NULL : "bootstrap.servers",
                           settings->brokers,
                           NULL};
    return kafka_conf_new(settings->options, defaults, fixed, err);
}

struct publisher *publisher_new(const struct publisher_settings *settings, struct error *err)
{
    struct publisher *p = calloc(1, sizeof(*p));
    if (!p) {
        error_set(err, ERROR_INTERNAL, false, "out of memory");
        return NULL;
    }
    p->options = settings->options;
    p->transactional_id = settings->transactional_id;
    p->timeout_ms =
        settings->transaction_timeout_ms ? settings->transaction_timeout_ms : PUBLISHER_TIMEOUT_MS;
    rd_kafka_conf_t *conf = make_conf(settings, p->timeout_ms, err);
    if (!conf) {
        free(p);
        return NULL;
    }
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_set_opaque(conf, p);
    char why[512];
    p->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    if (!p->rk) {
        rd_kafka_conf_destroy(conf);
        free(p);
        error_set(err, ERROR_CONFIG, false, "Kafka producer: %s", why);
        return NULL;
    }
    for (int i = 0; i < BATCH_TOPICS; i++) {
        p->topics[i] = rd_kafka_topic_new(p->rk, settings->topics[i], NULL);
        p->names[i] = settings->topics[i];
    }
    return p;
}

/* Whatever librdkafka still holds of a batch lies in the batch itself, and is sent again from there until the client is gone. */
static void destroy_client(struct publisher *p)
{
    if (!p->rk)
        return;
    p->batch = NULL;
    rd_kafka_purge(p->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_poll(p->rk, 0);
    for (int i = 0; i < BATCH_TOPICS; i++)
        if (p->topics[i])
            rd_kafka_topic_destroy(p->topics[i]);
    rd_kafka_destroy(p->rk);
    p->rk = NULL;
}

void publisher_free(struct publisher *p)
{
    if (!p)
        return;
    destroy_client(p);
    free(p);
}

/* ---- errors ---- */

enum verdict { VERDICT_AGAIN, VERDICT_ABORT, VERDICT_FENCED, VERDICT_LOST };

static bool means_fenced(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
           code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
}

static bool means_refused(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
           code == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED ||
           code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED ||
           code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
           code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

/* Takes ownership of error. A fatal error hides its cause behind ERR__FATAL. */
static enum verdict judge(struct publisher *p, rd_kafka_error_t *error, char *text, size_t size)
{
    rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    char why[512] = "";
    rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(p->rk, why, sizeof(why));
    snprintf(text, size, "%s", fatal ? why : rd_kafka_error_string(error));
    enum verdict verdict = VERDICT_LOST;
    p->refused = p->refused || code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
    if (means_fenced(code) || means_fenced(fatal))
        verdict = VERDICT_FENCED;
    else if (rd_kafka_error_is_fatal(error) || fatal)
        verdict = VERDICT_LOST;
    else if (rd_kafka_error_txn_requires_abort(error))
        verdict = VERDICT_ABORT;
    else if (rd_kafka_error_is_retriable(error))
        verdict = VERDICT_AGAIN;
    rd_kafka_error_destroy(error);
    return verdict;
}

static bool fail_fenced(struct error *err, const char *text)
{
    return error_tell(err, ERROR_FENCED, true, "máy khác nay làm phần này: %s",
                      "another instance owns this part of the work: %s", text);
}

static bool fail_lost(struct error *err, const char *what, const char *text)
{
    char vi[400];
    (void)error_set(err, ERROR_UNKNOWN_OUTCOME, true,
                    "%s: %s; the state is read again before anything else is published", what, text);
    snprintf(vi, sizeof(vi),
             "chưa rõ lần ghi vừa rồi vào Kafka có thành không (%.200s): đọc lại những gì đã biết "
             "rồi mới chuyển tiếp",
             text);
    return error_tell_plain(err, ERROR_UNKNOWN_OUTCOME, true, vi, err->message);
}

/* Whatever it ended with: said is what a person has to do about it. */
static bool fail_refused(const struct publisher *p, struct error *err)
{
    return error_tell(
        err, ERROR_CONFIG, true,
        "Kafka không cho tài khoản này ghi: cần quyền Write trên các topic %s, %s và %s",
        "Kafka does not let this login write: it needs the right Write on the topics "
        "%s, %s and %s",
        p->names[BATCH_EVENTS], p->names[BATCH_STATE], p->names[BATCH_DEAD]);
}

/* ---- the protocol ---- */

bool publisher_init(struct publisher *p, int64_t timeout_ms, struct error *err)
{
    int64_t until = clock_monotonic_ms() + timeout_ms;
    for (;;) {
        int64_t left = until - clock_monotonic_ms();
        if (stop_requested())
            return error_set(err, ERROR_STOPPED, false, "stopped");
        rd_kafka_error_t *error =
            rd_kafka_init_transactions(p->rk, left < 1000 ? (left > 0 ? (int)left : 0) : 1000);
        if (!error)
            return true;
        rd_kafka_resp_err_t code = rd_kafka_error_code(error);
        char text[512];
        enum verdict verdict = judge(p, error, text, sizeof(text));
        if (verdict == VERDICT_FENCED)
            return fail_fenced(err, text);
        if (means_refused(code))
            return error_tell(err, ERROR_CONFIG, true,
                              "Kafka không cho tài khoản này dùng transactional id %s: cần quyền "
                              "Write trên các id bắt đầu bằng mooc-ingest. (%.200s)",
                              "Kafka does not let this login use the transactional id %s: it needs "
                              "the right Write on ids that begin with mooc-ingest. (%.200s)",
                              p->transactional_id, text);
        if (verdict != VERDICT_AGAIN)
            return fail_lost(err, "taking the work over failed", text);
        if (clock_monotonic_ms() >= until)
            return kafka_failed(p->options, text, (int)code, err);
    }
}

static bool produce_all(struct publisher *p, struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct batch_record *r = &batch->records[i];
        int32_t partition = r->partition == BATCH_BY_KEY ? RD_KAFKA_PARTITION_UA : r->partition;
        char *value = r->value_length ? batch->arena.data + r->value_at : NULL;
        while (rd_kafka_produce(p->topics[r->topic], partition, 0, value, r->value_length,
                                batch->arena.data + r->key_at, r->key_length,
                                (void *)(uintptr_t)(i + 1)) != 0) {
            p->failed = rd_kafka_last_error();
            if (p->failed != RD_KAFKA_RESP_ERR__QUEUE_FULL)
                return false;
            p->failed = RD_KAFKA_RESP_ERR_NO_ERROR;
            rd_kafka_poll(p->rk, 10);
        }
        if ((i & 4095U) == 4095U)
            rd_kafka_poll(p->rk, 0);
    }
    return true;
}

/* At least 1 ms: 0 would not wait at all, and -1 lets librdkafka ask a coordinator whose answers are lost again for ever. */
static int time_left(int64_t until)
{
    int64_t left = until - clock_monotonic_ms();
    return left > 0 ? (int)left : 1;
}

/* Commits; retriable answers are asked again until the transaction's own time is over. */
static enum verdict commit(struct publisher *p, char *text, size_t size, bool *done)
{
    int64_t until = clock_monotonic_ms() + p->timeout_ms;
    for (;;) {
        rd_kafka_error_t *error = rd_kafka_commit_transaction(p->rk, time_left(until));
        *done = error == NULL;
        if (!error)
            return VERDICT_AGAIN;
        enum verdict verdict = judge(p, error, text, size);
        if (verdict != VERDICT_AGAIN)
            return verdict;
        if (clock_monotonic_ms() >= until)
            return VERDICT_LOST;
    }
}

/* After this, whatever was produced in the transaction is out of librdkafka's hands. */
static enum verdict roll_back(struct publisher *p, char *text, size_t size, bool *done)
{
    int64_t until = clock_monotonic_ms() + p->timeout_ms;
    for (;;) {
        rd_kafka_error_t *error = rd_kafka_abort_transaction(p->rk, time_left(until));
        *done = error == NULL;
        if (!error)
            return VERDICT_AGAIN;
        enum verdict verdict = judge(p, error, text, size);
        if (verdict == VERDICT_FENCED || verdict == VERDICT_LOST)
            return verdict;
        if (clock_monotonic_ms() >= until)
            return VERDICT_LOST;
    }
}

enum outcome { OUTCOME_COMMITTED, OUTCOME_ABORTED, OUTCOME_FAILED };

static enum outcome fail(const struct publisher *p, enum verdict verdict, const char *what,
                         const char *text, struct error *err)
{
    if (verdict == VERDICT_FENCED)
        fail_fenced(err, text);
    else if (p->refused)
        fail_refused(p, err);
    else
        fail_lost(err, what, text);
    return OUTCOME_FAILED;
}

static enum outcome send_once(struct publisher *p, struct batch *batch, struct error *err)
{
    char text[512] = "";
    bool done = false;
    rd_kafka_error_t *error = rd_kafka_begin_transaction(p->rk);
    if (error) {
        enum verdict verdict = judge(p, error, text, sizeof(text));
        return fail(p, verdict, "a transaction could not begin", text, err);
    }
    p->failed = RD_KAFKA_RESP_ERR_NO_ERROR;
    p->refused = false;
    p->delivered = 0;
    if (produce_all(p, batch)) {
        enum verdict verdict = commit(p, text, sizeof(text), &done);
        if (done)
            return OUTCOME_COMMITTED;
        if (verdict != VERDICT_ABORT)
            return fail(p, verdict, "a commit was not confirmed", text, err);
    } else {
        snprintf(text, sizeof(text), "%s", rd_kafka_err2str(p->failed));
    }
    const char *why = text;
    LOG_WARN_EVENT("transaction aborted", LOG_TEXT("why", why),
                   LOG_TEXT("record", p->failed ? rd_kafka_err2str(p->failed) : NULL),
                   LOG_NUMBER("records", batch->count));
    error_set(err, means_refused(p->failed) ? ERROR_CONFIG : ERROR_UNKNOWN_OUTCOME, true,
              "Kafka does not take a batch of %zu records: %s (%s)", batch->count, text,
              p->failed ? rd_kafka_err2str(p->failed) : "no record failed");
    enum verdict verdict = roll_back(p, text, sizeof(text), &done);
    if (!done)
        return fail(p, verdict, "an abort was not confirmed", text, err);
    return OUTCOME_ABORTED;
}

static bool all_delivered(const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        if (batch->records[i].offset < 0)
            return false;
    return true;
}

bool publisher_send(struct publisher *p, struct batch *batch, struct error *err)
{
    enum outcome outcome = OUTCOME_ABORTED;
    if (!p->rk)
        return fail_lost(err, "the producer is gone", "a batch before was not confirmed");
    p->batch = batch;
    for (int sends = 0; sends < MAX_SENDS && outcome == OUTCOME_ABORTED; sends++) {
        if (sends && !stop_sleep_ms(100 << sends))
            break;
        for (size_t i = 0; i < batch->count; i++)
            batch->records[i].offset = -1;
        outcome = send_once(p, batch, err);
    }
    p->batch = NULL;
    if (outcome == OUTCOME_FAILED)
        destroy_client(p);
    if (outcome != OUTCOME_COMMITTED)
        return false;
    error_clear(err);
    if (!all_delivered(batch)) /* the broker said "duplicate": written, but it does not say where */
        return fail_lost(err, "a batch is committed", "the offsets of its records are not known");
    return log_ends_check(&p->ends, p->names, err);
}

void publisher_expect(struct publisher *p, const struct state_log *events)
{
    for (size_t i = 0; i < events->count; i++)
        if (events->ends[i] > 0)
            log_ends_note(&p->ends, BATCH_EVENTS, (int32_t)i, events->ends[i] - 1);
}

int32_t publisher_partitions(struct publisher *p, enum batch_topic topic, struct error *err)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t code = rd_kafka_metadata(p->rk, 0, p->topics[topic], &metadata, METADATA_MS);
    if (code) {
        (void)kafka_failed(p->options, "asking for a topic", (int)code, err);
        return 0;
    }
    int32_t count = 0;
    if (metadata->topic_cnt == 1 && !metadata->topics[0].err)
        count = metadata->topics[0].partition_cnt;
    if (count == 0)
        error_set(err, ERROR_CONFIG, true, "topic %s does not exist: create it",
                  rd_kafka_topic_name(p->topics[topic]));
    rd_kafka_metadata_destroy(metadata);
    return count;
}
