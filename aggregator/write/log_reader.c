#include "log_reader_private.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/kafka_conf.h"
#include "../../common/stop.h"

#define MAX_PARTITIONS 4096
#define NO_LEADER_MS 100
#define PREFETCH_KIB "8192" /* PREFETCH_BYTES */

/* Called by librdkafka from within rd_kafka_consumer_poll: the same thread. */
static void note_error(rd_kafka_t *kafka, int code, const char *reason, void *opaque)
{
    struct log_reader *reader = opaque;
    (void)kafka;
    if (code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        return;
    reader->was_away = true;
    (void)kafka_failed(reader->options, reason, code, &reader->away);
}

/* What the operator may tune, and what the guarantee rests on. A group id is asked for by librdkafka; no group is joined. */
static const char *const defaults[] = {"group.id",
                                       "mooc-aggregator",
                                       "queued.max.messages.kbytes",
                                       PREFETCH_KIB,
                                       "queued.min.messages",
                                       "200000",
                                       "fetch.wait.max.ms",
                                       "100",
                                       "fetch.message.max.bytes",
                                       "262144",
                                       "?fetch.queue.backoff.ms",
                                       "10",
                                       NULL};
static const char *const fixed[] = {"enable.auto.commit",
                                    "false",
                                    "enable.auto.offset.store",
                                    "false",
                                    "isolation.level",
                                    "read_committed",
                                    "auto.offset.reset",
                                    "error",
                                    "enable.partition.eof",
                                    "true",
                                    NULL};

struct log_reader *log_reader_new(const struct options *options, bool archives, struct error *err)
{
    char why[512];
    rd_kafka_conf_t *conf = kafka_conf_new(options, defaults, fixed, err);
    if (!conf)
        return NULL;
    struct log_reader *reader = calloc(1, sizeof(*reader));
    if (!reader)
        abort();
    reader->options = options;
    reader->archives = archives;
    reader->topics[0] = strdup(options_text(options, "events_topic"));
    reader->topics[1] = strdup(options_text(options, "dead_topic"));
    rd_kafka_conf_set_opaque(conf, reader);
    rd_kafka_conf_set_error_cb(conf, note_error);
    reader->kafka = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
    if (!reader->kafka) {
        rd_kafka_conf_destroy(conf);
        error_set(err, ERROR_CONFIG, false, "Kafka consumer: %s", why);
        log_reader_free(reader);
        return NULL;
    }
    rd_kafka_poll_set_consumer(reader->kafka);
    reader->woken = rd_kafka_topic_new(reader->kafka, reader->topics[0], NULL);
    return reader;
}

void log_reader_free(struct log_reader *reader)
{
    if (!reader)
        return;
    log_reader_drop_held(reader);
    if (reader->woken)
        rd_kafka_topic_destroy(reader->woken);
    if (reader->kafka) {
        rd_kafka_consumer_close(reader->kafka);
        rd_kafka_destroy(reader->kafka);
    }
    free(reader->topics[0]);
    free(reader->topics[1]);
    free(reader->partitions);
    free(reader->positions);
    free(reader->held);
    free(reader->left_out);
    free(reader);
}

/* Who waits goes on when the right is given. */
bool log_reader_may_not_read(const char *topic, struct error *err)
{
    return error_tell(
        err, ERROR_UNREACHABLE, true,
        "topic %s: Kafka không cho tài khoản này đọc: cần quyền Read trên topic đó",
        "topic %s: Kafka does not let this login read it: it needs the right Read on it", topic);
}

/* Partitions of one topic, 0 with err set. */
static int32_t count_partitions(struct log_reader *reader, const char *name, int timeout_ms,
                                struct error *err)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(reader->kafka, name, NULL);
    rd_kafka_resp_err_t code = rd_kafka_metadata(reader->kafka, 0, topic, &metadata, timeout_ms);
    int32_t count = 0;
    rd_kafka_topic_destroy(topic);
    if (code) {
        (void)kafka_failed(reader->options, "asking for topics", (int)code, err);
        return 0;
    }
    if (metadata->topic_cnt == 1 && !metadata->topics[0].err)
        count = metadata->topics[0].partition_cnt;
    bool refused = metadata->topic_cnt == 1 &&
                   metadata->topics[0].err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
    rd_kafka_metadata_destroy(metadata);
    if (refused)
        (void)log_reader_may_not_read(name, err);
    else if (count <= 0 || count > MAX_PARTITIONS)
        error_set(err, ERROR_UNREACHABLE, true,
                  "topic %s does not exist or has no leader yet: create it as the README says, or "
                  "set events_topic and dead_topic",
                  name);
    return count > MAX_PARTITIONS ? 0 : count;
}

/* What librdkafka has to tell of the time before, it tells at the next poll. */
static void forget_what_was(struct log_reader *reader)
{
    rd_kafka_message_t *message;
    rd_kafka_assign(reader->kafka, NULL);
    while ((message = rd_kafka_consumer_poll(reader->kafka, 0)))
        rd_kafka_message_destroy(message);
    error_clear(&reader->away);
    reader->was_away = false;
}

bool log_reader_discover(struct log_reader *reader, int timeout_ms, struct error *err)
{
    int32_t counts[2];
    forget_what_was(reader);
    for (int t = 0; t < 2; t++)
        if ((counts[t] = count_partitions(reader, reader->topics[t], timeout_ms, err)) <= 0)
            return false;
    log_reader_drop_held(reader);
    free(reader->partitions);
    free(reader->positions);
    free(reader->held);
    free(reader->left_out);
    reader->event_partitions = (size_t)counts[0];
    reader->partition_count = reader->event_partitions + (size_t)counts[1];
    reader->partitions = calloc(reader->partition_count, sizeof(*reader->partitions));
    reader->positions = calloc(reader->partition_count, sizeof(*reader->positions));
    reader->held = calloc(reader->partition_count, sizeof(*reader->held));
    reader->left_out = calloc(reader->partition_count, sizeof(*reader->left_out));
    if (!reader->partitions || !reader->positions || !reader->held || !reader->left_out)
        abort();
    for (size_t i = 0; i < reader->partition_count; i++)
        reader->held[i].limit = INT64_MAX;
    size_t at = 0;
    for (int t = 0; t < 2; t++)
        for (int32_t p = 0; p < counts[t]; p++)
            reader->partitions[at++] =
                (struct log_partition){reader->topics[t], p, t == 0 && reader->archives};
    return true;
}

bool log_reader_outgrown(struct log_reader *reader, int timeout_ms)
{
    int32_t known = 0;
    for (int t = 0; t < 2; t++) {
        struct error ignored = {0};
        known += count_partitions(reader, reader->topics[t], timeout_ms, &ignored);
        if (ignored.kind != ERROR_NONE)
            return false;
    }
    return (size_t)known > reader->partition_count;
}

const struct log_partition *log_reader_partitions(const struct log_reader *reader, size_t *count)
{
    *count = reader->partition_count;
    return reader->partitions;
}

/* A partition just made, or whose broker just went, has a leader within a moment. */
static bool has_no_leader_yet(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
           code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
}

bool log_reader_range(struct log_reader *reader, size_t partition, int timeout_ms, int64_t *begin,
                      int64_t *end, struct error *err)
{
    const struct log_partition *p = &reader->partitions[partition];
    int64_t until = clock_monotonic_ms() + timeout_ms;
    rd_kafka_resp_err_t code;
    do {
        code = rd_kafka_query_watermark_offsets(reader->kafka, p->topic, p->partition, begin, end,
                                                timeout_ms);
    } while (has_no_leader_yet(code) && clock_monotonic_ms() < until && stop_sleep_ms(NO_LEADER_MS));
    return !code || kafka_failed(reader->options, "asking for the ends of the log", (int)code, err);
}

static rd_kafka_topic_partition_list_t *list_of(const struct log_reader *reader,
                                                const int64_t *offsets)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)reader->partition_count);
    for (size_t i = 0; i < reader->partition_count; i++)
        if (offsets[i] != LOG_NOT_READ)
            rd_kafka_topic_partition_list_add(list, reader->partitions[i].topic,
                                              reader->partitions[i].partition)
                ->offset = offsets[i];
    return list;
}

bool log_reader_assign(struct log_reader *reader, const int64_t *offsets, struct error *err)
{
    rd_kafka_topic_partition_list_t *list = list_of(reader, offsets);
    log_reader_drop_held(reader);
    rd_kafka_resp_err_t code = rd_kafka_assign(reader->kafka, list);
    memcpy(reader->positions, offsets, reader->partition_count * sizeof(*offsets));
    for (size_t i = 0; i < reader->partition_count; i++)
        reader->left_out[i] = offsets[i] == LOG_NOT_READ;
    rd_kafka_topic_partition_list_destroy(list);
    return !code || kafka_failed(reader->options, "assigning partitions", (int)code, err);
}

bool log_reader_id_at(struct log_reader *reader, size_t partition, int64_t offset, int timeout_ms,
                      char id[EVENT_MAX_KEY + 1], struct error *err)
{
    const struct log_partition *p = &reader->partitions[partition];
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, p->topic, p->partition)->offset = offset;
    rd_kafka_resp_err_t code = rd_kafka_assign(reader->kafka, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (code)
        return kafka_failed(reader->options, "assigning a partition", (int)code, err);
    struct batch *batch = batch_new(reader->partitions, reader->partition_count);
    batch_clear(batch, NULL);
    int64_t until = clock_monotonic_ms() + timeout_ms;
    enum log_read read = LOG_READ_NOTHING;
    while (read == LOG_READ_NOTHING && clock_monotonic_ms() < until)
        read = log_reader_read(reader, batch, 100, err);
    bool found = read == LOG_READ_RECORD && batch->ranges[partition].last_offset == offset;
    if (found)
        memcpy(id, batch->ranges[partition].last_id, EVENT_MAX_KEY + 1);
    batch_free(batch);
    rd_kafka_assign(reader->kafka, NULL);
    if (found)
        return true;
    if (read == LOG_READ_NOTHING)
        return error_set(err, ERROR_UNREACHABLE, true,
                         "topic %s partition %d does not give its record at offset %lld in time",
                         p->topic, p->partition, (long long)offset);
    return error_set(err, ERROR_STATE, false,
                     "topic %s partition %d has no record at offset %lld any more", p->topic,
                     p->partition, (long long)offset);
}

void log_reader_note_offsets(struct log_reader *reader, const int64_t *offsets)
{
    rd_kafka_topic_partition_list_t *list = list_of(reader, offsets);
    rd_kafka_commit(reader->kafka, list, 1);
    rd_kafka_topic_partition_list_destroy(list);
}

int64_t log_reader_lag(struct log_reader *reader, const int64_t *offsets)
{
    int64_t lag = 0;
    for (size_t i = 0; i < reader->partition_count; i++) {
        int64_t begin, end;
        if (!rd_kafka_get_watermark_offsets(reader->kafka, reader->partitions[i].topic,
                                            reader->partitions[i].partition, &begin, &end) &&
            end > offsets[i])
            lag += end - offsets[i];
    }
    return lag;
}
