#include "log_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "../../common/clock.h"
#include "../../common/kafka_conf.h"
#include "../../common/stop.h"

#define CALL_MS 5000
#define NEAR 5000 /* records that are read past rather than sought past */

struct log_reader {
    rd_kafka_t *rk;
    rd_kafka_t *ends; /* asks for the true ends: read_committed is told the last stable offset, which a transaction that hangs holds */
    const struct options *options;
    const char *brokers;
};

/* librdkafka 2.0 looks at a partition whose queue was full again after a second at most, or when anything else makes its broker
 * thread turn: asking for metadata does, and lets a queue of 8 MiB keep up with a million records a second. */
static const char *const for_bulk[] = {"fetch.wait.max.ms",
                                       "20",
                                       "queued.max.messages.kbytes",
                                       "8192",
                                       "queued.min.messages",
                                       "1000000",
                                       "topic.metadata.refresh.interval.ms",
                                       "20",
                                       "reconnect.backoff.ms",
                                       "50",
                                       "reconnect.backoff.max.ms",
                                       "1000",
                                       NULL};
static const char *const for_single[] = {"fetch.wait.max.ms",
                                         "20",
                                         "queued.max.messages.kbytes",
                                         "2048",
                                         "reconnect.backoff.ms",
                                         "50",
                                         "reconnect.backoff.max.ms",
                                         "1000",
                                         NULL};

static rd_kafka_t *make_client(const struct log_reader *reader, const char *const *defaults,
                               const char *isolation, struct error *err)
{
    const struct options *options = reader->options;
    /* The group is never joined; librdkafka wants its name for assigned partitions. */
    const char *fixed[] = {"group.id",
                           "mooc-ingest-reader",
                           "enable.auto.commit",
                           "false",
                           "enable.auto.offset.store",
                           "false",
                           "isolation.level",
                           isolation,
                           "enable.partition.eof",
                           "true",
                           "auto.offset.reset",
                           "error",
                           options ? NULL : "bootstrap.servers",
                           reader->brokers,
                           NULL};
    rd_kafka_conf_t *conf = kafka_conf_new(options, defaults, fixed, err);
    char why[512];
    rd_kafka_t *rk = conf ? rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why)) : NULL;
    if (rk) {
        rd_kafka_poll_set_consumer(rk);
    } else if (conf) {
        rd_kafka_conf_destroy(conf);
        error_set(err, ERROR_CONFIG, false, "Kafka consumer: %s", why);
    }
    return rk;
}

struct log_reader *log_reader_new(const struct options *options, const char *brokers, bool bulk,
                                  struct error *err)
{
    struct log_reader *reader = calloc(1, sizeof(*reader));
    if (!reader) {
        error_set(err, ERROR_INTERNAL, false, "out of memory");
        return NULL;
    }
    reader->options = options;
    reader->brokers = brokers;
    reader->rk = make_client(reader, bulk ? for_bulk : for_single, "read_committed", err);
    if (reader->rk)
        return reader;
    free(reader);
    return NULL;
}

void log_reader_free(struct log_reader *reader)
{
    if (!reader)
        return;
    rd_kafka_destroy_flags(reader->rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    if (reader->ends)
        rd_kafka_destroy_flags(reader->ends, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    free(reader);
}

static bool no_answer(const struct log_reader *reader, struct error *err, const char *topic,
                      rd_kafka_resp_err_t code)
{
    char doing[300];
    if (code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        return error_set(err, ERROR_CONFIG, true, "topic %s does not exist: create it", topic);
    if (code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
        code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
        return error_set(err, ERROR_CONFIG, true, "Kafka refuses to let us read topic %s", topic);
    (void)snprintf(doing, sizeof(doing), "reading topic %.250s", topic);
    return kafka_failed(reader->options, doing, (int)code, err);
}

int32_t log_reader_partitions(struct log_reader *reader, const char *topic, struct error *err)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(reader->rk, topic, NULL);
    rd_kafka_resp_err_t code = handle ? rd_kafka_metadata(reader->rk, 0, handle, &metadata, CALL_MS)
                                      : rd_kafka_last_error();
    int32_t count = 0;
    if (!metadata) {
        no_answer(reader, err, topic, code);
    } else {
        if (metadata->topic_cnt == 1 && !metadata->topics[0].err)
            count = metadata->topics[0].partition_cnt;
        if (count == 0)
            no_answer(reader, err, topic, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC);
        rd_kafka_metadata_destroy(metadata);
    }
    if (handle)
        rd_kafka_topic_destroy(handle);
    return count;
}

static rd_kafka_topic_partition_list_t *one(const char *topic, int32_t partition, int64_t offset)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition)->offset = offset;
    return list;
}

bool log_reader_range(struct log_reader *reader, const char *topic, int32_t partition, int64_t *low,
                      int64_t *high, struct error *err)
{
    if (!reader->ends)
        reader->ends = make_client(reader, for_single, "read_uncommitted", err);
    if (!reader->ends)
        return false;
    rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(reader->ends, topic, partition, low, high, CALL_MS);
    return code ? no_answer(reader, err, topic, code) : true;
}

static bool assign_at(struct log_reader *reader, const char *topic, int32_t partition,
                      int64_t offset, struct error *err)
{
    rd_kafka_topic_partition_list_t *list = one(topic, partition, offset);
    rd_kafka_resp_err_t code = rd_kafka_assign(reader->rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    return code ? no_answer(reader, err, topic, code) : true;
}

struct reading {
    const char *topic;
    int32_t partition;
    int64_t target; /* position at which reading ends */
    const int64_t *wanted;
    size_t wanted_count, next; /* single records */
    int64_t position;          /* of the next record to come; -1 = nowhere yet */
    log_visit visit;
    void *context;
    bool done;
};

static bool take(struct reading *r, const rd_kafka_message_t *message, struct error *err)
{
    r->position = message->offset + 1;
    if (r->wanted) {
        if (message->offset < r->wanted[r->next])
            return true;
        if (message->offset > r->wanted[r->next])
            return error_set(err, ERROR_STATE, true,
                             "the record at offset %lld of %s/%d is not there any more",
                             (long long)r->wanted[r->next], r->topic, (int)r->partition);
        r->next++;
    }
    struct log_record record = {.key = message->key,
                                .key_length = message->key_len,
                                .value = message->payload,
                                .value_length = message->len,
                                .offset = message->offset,
                                .partition = message->partition};
    if (!r->visit(r->context, &record, err)) {
        r->done = true;
        return err->kind == ERROR_NONE;
    }
    r->done = r->wanted ? r->next == r->wanted_count : message->offset + 1 >= r->target;
    return true;
}

/* One poll. *progress is set when the position moved. */
static bool step(struct log_reader *reader, struct reading *r, bool *progress, struct error *err)
{
    rd_kafka_message_t *message = rd_kafka_consumer_poll(reader->rk, 100);
    if (!message)
        return true;
    bool fine = true;
    bool ours = message->rkt && strcmp(rd_kafka_topic_name(message->rkt), r->topic) == 0 &&
                message->partition == r->partition;
    if (!message->err && ours) {
        *progress = true;
        fine = take(r, message, err);
    } else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        /* its offset is where fetching stands, past control and aborted records */
        r->done = ours && message->offset >= r->target;
    } else if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
        fine = error_set(err, ERROR_STATE, true, "%s/%d: the offset to read from is gone: %s",
                         r->topic, (int)r->partition, rd_kafka_message_errstr(message));
    } else if (message->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
               message->err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
               message->err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
        fine = no_answer(reader, err, r->topic, message->err);
    } /* else: the connection comes and goes; patience decides */
    rd_kafka_message_destroy(message);
    return fine;
}

static bool run(struct log_reader *reader, struct reading *r, int64_t patience_ms, struct error *err)
{
    int64_t until = clock_monotonic_ms() + patience_ms;
    bool fine = true;
    while (fine && !r->done) {
        if (r->wanted && (r->position < 0 || r->wanted[r->next] - r->position > NEAR)) {
            r->position = r->wanted[r->next];
            fine = assign_at(reader, r->topic, r->partition, r->position, err);
        }
        bool progress = false;
        fine = fine && step(reader, r, &progress, err);
        if (progress)
            until = clock_monotonic_ms() + patience_ms;
        if (!fine || r->done)
            break;
        if (stop_requested())
            fine = error_set(err, ERROR_STOPPED, false, "stopped");
        else if (clock_monotonic_ms() >= until)
            fine = error_set(err, ERROR_UNREACHABLE, true,
                             "%s/%d is not ready: no answer up to offset %lld (a transaction of "
                             "another producer may hang: kafka-transactions.sh find-hanging)",
                             r->topic, (int)r->partition,
                             (long long)(r->wanted ? r->wanted[r->next] : r->target));
    }
    rd_kafka_assign(reader->rk, NULL);
    return fine;
}

bool log_reader_read(struct log_reader *reader, const char *topic, int32_t partition, int64_t target,
                     int64_t patience_ms, log_visit visit, void *context, struct error *err)
{
    struct error unused = {0};
    err = err ? err : &unused;
    error_clear(err);
    struct reading r = {.topic = topic,
                        .partition = partition,
                        .position = -1,
                        .target = target,
                        .visit = visit,
                        .context = context};
    if (target <= 0)
        return true;
    return assign_at(reader, topic, partition, RD_KAFKA_OFFSET_BEGINNING, err) &&
           run(reader, &r, patience_ms, err);
}

bool log_reader_fetch(struct log_reader *reader, const char *topic, int32_t partition,
                      const int64_t *offsets, size_t count, int64_t patience_ms, log_visit visit,
                      void *context, struct error *err)
{
    struct error unused = {0};
    err = err ? err : &unused;
    error_clear(err);
    struct reading r = {.topic = topic,
                        .partition = partition,
                        .position = -1,
                        .target = INT64_MAX,
                        .wanted = offsets,
                        .wanted_count = count,
                        .visit = visit,
                        .context = context};
    return count == 0 || run(reader, &r, patience_ms, err);
}
