#include "topic_check.h"

#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "../../common/clock.h"
#include "../../common/kafka_conf.h"
#include "../../common/log.h"
#include "../../common/options.h"
#include "../../common/stop.h"

#define ANSWER_MS 5000
#define LOOK_UP_MS 100 /* whether to stop */

struct wanted {
    const char *name, *value;
};

static const struct wanted for_state[] = {
    {"cleanup.policy", "compact"}, {"message.timestamp.type", "LogAppendTime"}, {NULL, NULL}};
static const struct wanted for_log[] = {{"cleanup.policy", "delete"},
                                        {"message.timestamp.type", "LogAppendTime"},
                                        {"retention.ms", "-1"},
                                        {"retention.bytes", "-1"},
                                        {NULL, NULL}};

struct checking {
    const struct options *options;
    const char *state;
    bool allow_short_retention;
};

static bool check_entries(const struct checking *c, const rd_kafka_ConfigResource_t *resource,
                          struct error *err)
{
    const char *topic = rd_kafka_ConfigResource_name(resource);
    const struct wanted *wanted = strcmp(topic, c->state) == 0 ? for_state : for_log;
    size_t count;
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &count);
    for (; wanted->name; wanted++) {
        if (c->allow_short_retention && strncmp(wanted->name, "retention", 9) == 0)
            continue;
        for (size_t i = 0; i < count; i++) {
            const char *value = rd_kafka_ConfigEntry_value(entries[i]);
            if (strcmp(rd_kafka_ConfigEntry_name(entries[i]), wanted->name) == 0 && value &&
                strcmp(value, wanted->value) != 0)
                return error_set(err, ERROR_CONFIG, true,
                                 "topic %s has %s=%s, but exact figures need %s=%s. Set it: "
                                 "kafka-configs.sh --bootstrap-server %s --alter --entity-type "
                                 "topics --entity-name %s --add-config %s=%s",
                                 topic, wanted->name, value, wanted->name, wanted->value,
                                 options_text(c->options, "brokers"), topic, wanted->name,
                                 wanted->value);
        }
    }
    return true;
}

static bool check_resource(const struct checking *c, const rd_kafka_ConfigResource_t *resource,
                           struct error *err)
{
    const char *topic = rd_kafka_ConfigResource_name(resource);
    rd_kafka_resp_err_t code = rd_kafka_ConfigResource_error(resource);
    if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        return error_set(
            err, ERROR_CONFIG, true,
            "topic %s does not exist. Create it: kafka-topics.sh --bootstrap-server %s "
            "--create --topic %s --partitions N --config cleanup.policy=%s --config "
            "message.timestamp.type=LogAppendTime%s",
            topic, options_text(c->options, "brokers"), topic,
            strcmp(topic, c->state) == 0 ? "compact" : "delete",
            strcmp(topic, c->state) == 0 ? "" : " --config retention.ms=-1");
    if (code) {
        LOG_WARN_EVENT("settings of a topic cannot be read, and are not checked",
                       LOG_TEXT("topic", topic), LOG_TEXT("why", rd_kafka_err2str(code)));
        return true;
    }
    return check_entries(c, resource, err);
}

static bool check_answer(const struct checking *c, rd_kafka_event_t *answer, struct error *err)
{
    const rd_kafka_DescribeConfigs_result_t *result =
        answer ? rd_kafka_event_DescribeConfigs_result(answer) : NULL;
    if (!answer && stop_requested())
        return error_set(err, ERROR_STOPPED, false, "stopped");
    if (!result || rd_kafka_event_error(answer))
        return kafka_failed(
            c->options, "asking for the settings of topics",
            answer ? (int)rd_kafka_event_error(answer) : (int)RD_KAFKA_RESP_ERR__TIMED_OUT, err);
    size_t count;
    const rd_kafka_ConfigResource_t **resources =
        rd_kafka_DescribeConfigs_result_resources(result, &count);
    for (size_t i = 0; i < count; i++)
        if (!check_resource(c, resources[i], err))
            return false;
    return true;
}

static rd_kafka_event_t *ask(rd_kafka_t *rk, const char *const *topics, size_t count)
{
    rd_kafka_ConfigResource_t *resources[3];
    for (size_t i = 0; i < count; i++)
        resources[i] = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topics[i]);
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(rk, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_AdminOptions_set_request_timeout(options, ANSWER_MS, NULL, 0);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    rd_kafka_DescribeConfigs(rk, resources, count, options, queue);
    rd_kafka_event_t *answer = NULL;
    int64_t until = clock_monotonic_ms() + ANSWER_MS + 1000;
    while (!answer && !stop_requested() && clock_monotonic_ms() < until)
        answer = rd_kafka_queue_poll(queue, LOOK_UP_MS);
    rd_kafka_queue_destroy(queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_ConfigResource_destroy_array(resources, count);
    return answer;
}

bool topic_check(const struct options *options, const char *events, const char *state,
                 const char *dead, bool allow_short_retention, struct error *err)
{
    char why[512];
    if (strcmp(events, state) == 0 || strcmp(events, dead) == 0 || strcmp(state, dead) == 0)
        return error_set(err, ERROR_CONFIG, false,
                         "events_topic, state_topic and dead_topic must be three topics");
    rd_kafka_conf_t *conf = kafka_conf_new(options, NULL, NULL, err);
    if (!conf)
        return false;
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    if (!rk) {
        rd_kafka_conf_destroy(conf);
        return error_set(err, ERROR_CONFIG, false, "Kafka client: %s", why);
    }
    const struct checking checking = {options, state, allow_short_retention};
    const char *topics[] = {events, state, dead};
    rd_kafka_event_t *answer = ask(rk, topics, ARRAY_LEN(topics));
    bool fine = check_answer(&checking, answer, err);
    if (answer)
        rd_kafka_event_destroy(answer);
    rd_kafka_destroy(rk);
    return fine;
}
