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
#define ASK_MS 1000  /* between two questions whether our name is free again */

struct ownership {
    rd_kafka_t *rk;
    const struct options *options;
    const char *state_topic, *group, *instance; /* the caller's */
    rd_kafka_queue_t *answer;                   /* who is in the group; NULL while nobody asked */
    int64_t ask_at_ms;
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

/* A new member of the group; NULL when it fails. */
static rd_kafka_t *join(struct ownership *o, struct error *err)
{
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
                           o->group,
                           "group.instance.id",
                           o->instance,
                           "partition.assignment.strategy",
                           "range",
                           "enable.auto.commit",
                           "false",
                           "enable.auto.offset.store",
                           "false",
                           NULL};
    rd_kafka_conf_t *conf = kafka_conf_new(o->options, defaults, fixed, err);
    char why[512] = "";
    if (!conf)
        return NULL;
    rd_kafka_conf_set_opaque(conf, o);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    rd_kafka_conf_set_stats_cb(conf, note_statistics);
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
    if (!rk) {
        rd_kafka_conf_destroy(conf);
        error_set(err, ERROR_CONFIG, false, "Kafka group member: %s", why);
        return NULL;
    }
    rd_kafka_poll_set_consumer(rk);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, o->state_topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(rk, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    return rk;
}

struct ownership *ownership_new(const struct options *options, const char *state_topic,
                                const char *group, const char *instance, struct error *err)
{
    struct ownership *o = calloc(1, sizeof(*o));
    if (!o || !(o->owned = calloc(16, sizeof(*o->owned))))
        abort();
    o->room = 16;
    o->options = options;
    o->state_topic = state_topic;
    o->group = group;
    o->instance = instance;
    forget(o, "đang chờ Kafka giao việc", "waiting for Kafka to assign the work");
    o->rk = join(o, err);
    if (!o->rk) {
        free(o->owned);
        free(o);
        return NULL;
    }
    return o;
}

/* Without leaving the group. */
static void end(struct ownership *o)
{
    if (o->answer)
        rd_kafka_queue_destroy(o->answer);
    o->answer = NULL;
    rd_kafka_destroy_flags(o->rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

void ownership_free(struct ownership *o)
{
    if (!o)
        return;
    end(o);
    free(o->owned);
    free(o);
}

/* librdkafka gives a member up for good when another one took its name. That may be another process, or what this one sent itself before it
 * was cut off: the request arrives when the network is back, after a newer one, and its member answers nobody until its session ends. */
static void note_fatal(struct ownership *o, rd_kafka_resp_err_t code, const char *why)
{
    bool same = code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
    o->fatal = true;
    o->ask_at_ms = same ? clock_monotonic_ms() : INT64_MAX;
    forget(o,
           same ? "trong nhóm đang có thành viên khác cùng tên máy (mục instance): nếu có chương "
                  "trình khác chạy cùng tên, đặt cho mỗi máy một tên riêng; sau khi mất mạng thì "
                  "tự hết trong vài giây"
                : why,
           same ? "the group has another member of the same instance name: if another process runs "
                  "under it, give each its own (option instance); after the network was gone it "
                  "ends by itself within seconds"
                : why);
    LOG_WARN_EVENT("out of the group", LOG_TEXT("why", o->problem.message));
}

static void ask_who_is_there(struct ownership *o)
{
    const char *groups[] = {o->group};
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(o->rk, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS);
    o->answer = rd_kafka_queue_new(o->rk);
    rd_kafka_DescribeConsumerGroups(o->rk, groups, ARRAY_LEN(groups), options, o->answer);
    rd_kafka_AdminOptions_destroy(options);
}

/* Does the answer say that no member has our name? */
static bool name_is_free(const struct ownership *o, rd_kafka_event_t *event)
{
    const rd_kafka_DescribeConsumerGroups_result_t *result =
        rd_kafka_event_DescribeConsumerGroups_result(event);
    size_t count = 0;
    const rd_kafka_ConsumerGroupDescription_t **groups =
        result ? rd_kafka_DescribeConsumerGroups_result_groups(result, &count) : NULL;
    if (rd_kafka_event_error(event) || count != 1 ||
        rd_kafka_ConsumerGroupDescription_error(groups[0]))
        return false;
    for (size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(groups[0]); i++) {
        const char *name = rd_kafka_MemberDescription_group_instance_id(
            rd_kafka_ConsumerGroupDescription_member(groups[0], i));
        if (name && strcmp(name, o->instance) == 0)
            return false;
    }
    return true;
}

/* Who took the name away from a process that has it would be taken it away from again, and so on: it is taken when it is free. */
static void come_back(struct ownership *o)
{
    struct error err = {0};
    rd_kafka_event_t *event = o->answer ? rd_kafka_queue_poll(o->answer, 0) : NULL;
    if (!o->answer && clock_monotonic_ms() >= o->ask_at_ms)
        ask_who_is_there(o);
    if (!event)
        return;
    bool is_free = name_is_free(o, event);
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(o->answer);
    o->answer = NULL;
    o->ask_at_ms = clock_monotonic_ms() + ASK_MS;
    rd_kafka_t *rk = is_free ? join(o, &err) : NULL;
    if (!rk)
        return;
    end(o);
    o->rk = rk;
    o->fatal = false;
    forget(o, "đang chờ Kafka giao việc", "waiting for Kafka to assign the work");
    LOG_INFO_EVENT("back in the group", LOG_TEXT("instance", o->instance));
}

void ownership_poll(struct ownership *o)
{
    if (o->fatal)
        come_back(o);
    for (;;) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(o->rk, 0);
        char why[200];
        rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(o->rk, why, sizeof(why));
        if (fatal && !o->fatal)
            note_fatal(o, fatal, why);
        if (!message)
            return;
        if (message->err && !o->assigned && !o->fatal)
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
