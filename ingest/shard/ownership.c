#include "ownership.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "../../common/clock.h"
#include "../../common/kafka_conf.h"
#include "../../common/kafka_stats.h"
#include "../../common/log.h"

#define AWAY_MS 2000 /* a broker that restarts, or a connection that is made anew, is no news */

struct ownership {
    rd_kafka_t *rk;
    const struct options *options;
    bool *owned;
    int32_t room;
    bool assigned, fatal;
    struct error problem;
    int64_t silent_ms; /* since when Kafka does not answer; 0 = it does */
    struct error away;
};

static void forget(struct ownership *o, const char *vi, const char *en)
{
    memset(o->owned, 0, (size_t)o->room * sizeof(*o->owned));
    o->assigned = false;
    error_tell_plain(&o->problem, ERROR_UNREACHABLE, true, vi, en);
}

/* Served by rd_kafka_consumer_poll, about once a second. */
static int note_statistics(rd_kafka_t *rk, char *text, size_t length, void *opaque)
{
    struct ownership *o = opaque;
    int64_t now = clock_monotonic_ms();
    (void)rk;
    if (kafka_stats_answers(text, length)) {
        o->silent_ms = 0;
        error_clear(&o->away);
    } else if (o->silent_ms == 0) {
        o->silent_ms = now;
    } else if (now - o->silent_ms >= AWAY_MS) {
        (void)kafka_failed(o->options, "", RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, &o->away);
    }
    return 0; /* the text stays librdkafka's */
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
        forget(o, "các máy đang chia lại việc cho nhau",
               "the work is being shared out anew among the instances");
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
    o->options = options;
    forget(o, "đang chờ Kafka giao việc", "waiting for Kafka to assign the work");
    const char *defaults[] = {"session.timeout.ms",
                              "6000",
                              "heartbeat.interval.ms",
                              "1500",
                              "reconnect.backoff.max.ms",
                              "1000",
                              "statistics.interval.ms",
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
        rd_kafka_conf_set_stats_cb(conf, note_statistics);
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
            bool same = fatal == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
            forget(o,
                   same ? "có chương trình khác đang chạy cùng tên máy (mục instance): đặt cho mỗi "
                          "máy một tên riêng rồi chạy lại"
                        : why,
                   same ? "another process runs under the same instance name: give each its own "
                          "(option instance) and start again"
                        : why);
        }
        if (!message)
            return;
        if (message->err && !o->assigned)
            forget(o, rd_kafka_message_errstr(message), rd_kafka_message_errstr(message));
        rd_kafka_message_destroy(message);
    }
}

bool ownership_has(const struct ownership *o, int32_t partition)
{
    return partition < o->room && o->owned[partition];
}

const struct error *ownership_problem(const struct ownership *o)
{
    return o->assigned && !o->fatal ? NULL : &o->problem;
}

const struct error *ownership_away(const struct ownership *o)
{
    return o->away.kind != ERROR_NONE && !o->fatal ? &o->away : NULL;
}
