#include "ownership.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "../../common/kafka_conf.h"
#include "../../common/log.h"

struct ownership {
    rd_kafka_t *rk;
    bool *owned;
    int32_t room;
    bool assigned, fatal;
    char problem[300];
};

static void forget(struct ownership *o, const char *why)
{
    memset(o->owned, 0, (size_t)o->room * sizeof(*o->owned));
    o->assigned = false;
    snprintf(o->problem, sizeof(o->problem), "%s", why);
}

static void take(struct ownership *o, int32_t partition)
{
    if (partition >= o->room) {
        int32_t room = partition + 16;
        bool *more = realloc(o->owned, (size_t)room * sizeof(*more));
        if (!more)
            abort();
        memset(more + o->room, 0, (size_t)(room - o->room) * sizeof(*more));
        o->owned = more;
        o->room = room;
    }
    o->owned[partition] = true;
}

static void on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t code,
                         rd_kafka_topic_partition_list_t *list, void *opaque)
{
    struct ownership *o = opaque;
    if (code != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        forget(o, "the shards are being shared out anew");
        rd_kafka_assign(rk, NULL);
        LOG_INFO_EVENT("shards given up", LOG_NUMBER("count", list->cnt));
        return;
    }
    memset(o->owned, 0, (size_t)o->room * sizeof(*o->owned));
    for (int i = 0; i < list->cnt; i++) {
        take(o, list->elems[i].partition);
        list->elems[i].offset = RD_KAFKA_OFFSET_END;
    }
    rd_kafka_assign(rk, list);
    rd_kafka_pause_partitions(rk, list);
    o->assigned = true;
    LOG_INFO_EVENT("shards assigned", LOG_NUMBER("count", list->cnt));
}

struct ownership *ownership_new(const struct options *options, const char *state_topic,
                                const char *group, const char *instance, struct error *err)
{
    struct ownership *o = calloc(1, sizeof(*o));
    if (!o || !(o->owned = calloc(16, sizeof(*o->owned))))
        abort();
    o->room = 16;
    forget(o, "joining the group of instances");
    const char *defaults[] = {"session.timeout.ms",
                              "6000",
                              "heartbeat.interval.ms",
                              "1500",
                              "reconnect.backoff.max.ms",
                              "1000",
                              NULL};
    const char *fixed[] = {"group.id",
                           group,
                           "group.instance.id",
                           instance,
                           "partition.assignment.strategy",
                           "range",
                           "enable.auto.commit",
                           "false",
                           "enable.auto.offset.store",
                           "false",
                           NULL};
    rd_kafka_conf_t *conf = kafka_conf_new(options, defaults, fixed, err);
    char why[512] = "";
    if (conf) {
        rd_kafka_conf_set_opaque(conf, o);
        rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
        o->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
        if (!o->rk) {
            rd_kafka_conf_destroy(conf);
            error_set(err, ERROR_CONFIG, false, "Kafka group member: %s", why);
        }
    }
    if (!o->rk) {
        free(o->owned);
        free(o);
        return NULL;
    }
    rd_kafka_poll_set_consumer(o->rk);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, state_topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(o->rk, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    return o;
}

void ownership_free(struct ownership *o)
{
    if (!o)
        return;
    rd_kafka_destroy_flags(o->rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    free(o->owned);
    free(o);
}

void ownership_poll(struct ownership *o)
{
    for (;;) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(o->rk, 0);
        char why[200];
        rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(o->rk, why, sizeof(why));
        if (fatal && !o->fatal) {
            o->fatal = true;
            forget(o, fatal == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID
                          ? "another process runs under the same instance name: give each its own "
                            "(option instance) and start again"
                          : why);
        }
        if (!message)
            return;
        if (message->err && !o->assigned)
            snprintf(o->problem, sizeof(o->problem), "%s", rd_kafka_message_errstr(message));
        rd_kafka_message_destroy(message);
    }
}

bool ownership_has(const struct ownership *o, int32_t partition)
{
    return partition < o->room && o->owned[partition];
}

const char *ownership_problem(const struct ownership *o)
{
    return o->assigned && !o->fatal ? NULL : o->problem;
}
