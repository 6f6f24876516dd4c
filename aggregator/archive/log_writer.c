#include "log_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../../common/kafka_conf.h"
#include "../../common/stop.h"

#define SILENT_MS 120000 /* nothing acknowledged for so long */
#define WAIT_MS 200

struct log_writer {
    rd_kafka_t *kafka;
    rd_kafka_topic_t *topic;
    int64_t delivered;
    rd_kafka_resp_err_t failed;
};

static void on_delivery(rd_kafka_t *kafka, const rd_kafka_message_t *message, void *opaque)
{
    struct log_writer *writer = opaque;
    (void)kafka;
    if (message->err && !writer->failed)
        writer->failed = message->err;
    writer->delivered += !message->err;
}

static rd_kafka_conf_t *make_conf(const struct options *options, struct error *err)
{
    static const char *const defaults[] = {"compression.type",
                                           "lz4",
                                           "queue.buffering.max.ms",
                                           "50",
                                           "batch.size",
                                           "1000000",
                                           "message.max.bytes",
                                           "1048576",
                                           "queue.buffering.max.messages",
                                           "200000",
                                           "queue.buffering.max.kbytes",
                                           "131072",
                                           NULL};
    static const char *const fixed[] = {"enable.idempotence", "true", "acks", "all", NULL};
    return kafka_conf_new(options, defaults, fixed, err);
}

struct log_writer *log_writer_new(const struct options *options, struct error *err)
{
    char why[512];
    rd_kafka_conf_t *conf = make_conf(options, err);
    if (!conf)
        return NULL;
    struct log_writer *writer = must_have(calloc(1, sizeof(*writer)));
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_set_opaque(conf, writer);
    writer->kafka = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    if (!writer->kafka) {
        rd_kafka_conf_destroy(conf);
        free(writer);
        error_set(err, ERROR_CONFIG, false, "Kafka producer: %s", why);
        return NULL;
    }
    writer->topic = rd_kafka_topic_new(writer->kafka, options_text(options, "events_topic"), NULL);
    if (writer->topic)
        return writer;
    log_writer_free(writer);
    error_set(err, ERROR_CONFIG, false, "Kafka producer: %s",
              rd_kafka_err2str(rd_kafka_last_error()));
    return NULL;
}

void log_writer_free(struct log_writer *writer)
{
    if (!writer)
        return;
    if (writer->topic)
        rd_kafka_topic_destroy(writer->topic);
    rd_kafka_destroy(writer->kafka);
    free(writer);
}

static bool fail(const struct log_writer *writer, struct error *err)
{
    return error_tell(err, ERROR_UNREACHABLE, true, "Kafka không nhận một bản ghi: %s",
                      "Kafka did not take a record: %s", rd_kafka_err2str(writer->failed));
}

/* False when nothing moves any more. *since_ms, *at: when it last did. */
static bool wait_some(struct log_writer *writer, int64_t *since_ms, int64_t *at, struct error *err)
{
    rd_kafka_poll(writer->kafka, WAIT_MS);
    if (writer->failed)
        return fail(writer, err);
    if (stop_requested())
        return error_tell(err, ERROR_STOPPED, false, "đã dừng; gõ lại lệnh này để làm tiếp",
                          "stopped; the same command goes on");
    if (writer->delivered != *at) {
        *at = writer->delivered;
        *since_ms = clock_monotonic_ms();
    }
    return clock_monotonic_ms() - *since_ms < SILENT_MS ||
           error_tell(err, ERROR_UNREACHABLE, true, "Kafka không nhận thêm bản ghi nào",
                      "Kafka takes no more records");
}

bool log_writer_put(struct log_writer *writer, int32_t partition, const char *key,
                    const void *value, size_t length, struct error *err)
{
    int64_t since_ms = clock_monotonic_ms(), at = writer->delivered;
    while (!writer->failed &&
           rd_kafka_produce(writer->topic, partition, RD_KAFKA_MSG_F_COPY, (void *)(uintptr_t)value,
                            length, key, key ? strlen(key) : 0, NULL) != 0) {
        if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            writer->failed = rd_kafka_last_error();
        else if (!wait_some(writer, &since_ms, &at, err))
            return false;
    }
    if (!writer->failed)
        rd_kafka_poll(writer->kafka, 0);
    return !writer->failed || fail(writer, err);
}

bool log_writer_end(struct log_writer *writer, struct error *err)
{
    int64_t since_ms = clock_monotonic_ms(), at = writer->delivered;
    while (rd_kafka_outq_len(writer->kafka) > 0)
        if (!wait_some(writer, &since_ms, &at, err))
            return false;
    return !writer->failed || fail(writer, err);
}
