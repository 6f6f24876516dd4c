#include "topic_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "clock.h"
#include "kafka_conf.h"
#include "stop.h"

#define MAX_TOPICS 8
#define LOOK_UP_MS 100 /* whether to stop */

static void take_entry(const char *name, const char *value, struct topic_settings *settings)
{
    if (strcmp(name, "retention.ms") == 0)
        settings->retention_ms = strtoll(value, NULL, 10);
    else if (strcmp(name, "retention.bytes") == 0)
        settings->retention_bytes = strtoll(value, NULL, 10);
    else if (strcmp(name, "cleanup.policy") == 0)
        snprintf(settings->cleanup_policy, sizeof(settings->cleanup_policy), "%s", value);
    else if (strcmp(name, "message.timestamp.type") == 0)
        snprintf(settings->timestamp_type, sizeof(settings->timestamp_type), "%s", value);
}

static void take_topic(const rd_kafka_ConfigResource_t *resource, struct topic_settings *settings)
{
    size_t count;
    rd_kafka_resp_err_t code = rd_kafka_ConfigResource_error(resource);
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &count);
    settings->known = !code;
    settings->missing = code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (code)
        snprintf(settings->why, sizeof(settings->why), "%s", rd_kafka_err2str(code));
    for (size_t i = 0; !code && i < count; i++) {
        const char *value = rd_kafka_ConfigEntry_value(entries[i]);
        if (value)
            take_entry(rd_kafka_ConfigEntry_name(entries[i]), value, settings);
    }
}

static void take_answer(const rd_kafka_DescribeConfigs_result_t *result, const char *const *topics,
                        size_t count, struct topic_settings *settings)
{
    size_t resources;
    const rd_kafka_ConfigResource_t **resource =
        rd_kafka_DescribeConfigs_result_resources(result, &resources);
    for (size_t r = 0; r < resources; r++)
        for (size_t i = 0; i < count; i++)
            if (strcmp(rd_kafka_ConfigResource_name(resource[r]), topics[i]) == 0)
                take_topic(resource[r], &settings[i]);
}

static rd_kafka_event_t *ask(rd_kafka_t *kafka, const char *const *topics, size_t count,
                             int timeout_ms)
{
    rd_kafka_ConfigResource_t *resources[MAX_TOPICS];
    for (size_t i = 0; i < count; i++)
        resources[i] = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topics[i]);
    rd_kafka_AdminOptions_t *asking =
        rd_kafka_AdminOptions_new(kafka, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_AdminOptions_set_request_timeout(asking, timeout_ms, NULL, 0);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(kafka);
    rd_kafka_DescribeConfigs(kafka, resources, count, asking, queue);
    rd_kafka_event_t *answer = NULL;
    int64_t until = clock_monotonic_ms() + timeout_ms + 1000;
    while (!answer && !stop_requested() && clock_monotonic_ms() < until)
        answer = rd_kafka_queue_poll(queue, LOOK_UP_MS);
    rd_kafka_queue_destroy(queue);
    rd_kafka_AdminOptions_destroy(asking);
    rd_kafka_ConfigResource_destroy_array(resources, count);
    return answer;
}

static bool no_answer(const struct options *options, rd_kafka_event_t *answer, struct error *err)
{
    if (!answer && stop_requested())
        return error_set(err, ERROR_STOPPED, false, "stopped");
    return kafka_failed(
        options, "asking for the settings of topics",
        answer ? (int)rd_kafka_event_error(answer) : (int)RD_KAFKA_RESP_ERR__TIMED_OUT, err);
}

bool topic_settings_fetch(const struct options *options, const char *const *topics, size_t count,
                          int timeout_ms, struct topic_settings *settings, struct error *err)
{
    char why[512];
    if (count > MAX_TOPICS)
        return error_set(err, ERROR_INTERNAL, false, "more than %d topics", MAX_TOPICS);
    for (size_t i = 0; i < count; i++)
        settings[i] = (struct topic_settings){.retention_ms = -1, .retention_bytes = -1};
    rd_kafka_conf_t *conf = kafka_conf_new(options, NULL, NULL, err);
    if (!conf)
        return false;
    rd_kafka_t *kafka = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    if (!kafka) {
        rd_kafka_conf_destroy(conf);
        return error_set(err, ERROR_CONFIG, false, "Kafka client: %s", why);
    }
    rd_kafka_event_t *answer = ask(kafka, topics, count, timeout_ms);
    const rd_kafka_DescribeConfigs_result_t *result =
        answer ? rd_kafka_event_DescribeConfigs_result(answer) : NULL;
    bool ok = result && !rd_kafka_event_error(answer);
    if (ok)
        take_answer(result, topics, count, settings);
    else
        (void)no_answer(options, answer, err);
    if (answer)
        rd_kafka_event_destroy(answer);
    rd_kafka_destroy(kafka);
    return ok;
}
