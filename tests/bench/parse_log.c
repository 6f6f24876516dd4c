/* Baseline of a replay: reads a topic to its end and parses each record with cJSON, nothing else; so many threads, each with the
 * partitions p with p mod threads = its number.
 *
 *   parse_log BROKERS TOPIC PARTITIONS THREADS    prints records and seconds */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cjson/cJSON.h>
#include <librdkafka/rdkafka.h>

struct part {
    const char *brokers, *topic;
    int partitions, threads, number;
    long records;
    pthread_t thread;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char why[256];
    if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) != RD_KAFKA_CONF_OK) {
        fprintf(stderr, "parse_log: %s\n", why);
        exit(1);
    }
}

static rd_kafka_t *consumer(const struct part *part, int *assigned)
{
    char why[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", part->brokers);
    set(conf, "group.id", "parse-log");
    set(conf, "enable.auto.commit", "false");
    set(conf, "enable.partition.eof", "true");
    set(conf, "queued.max.messages.kbytes", "262144");
    set(conf, "queued.min.messages", "1000000");
    rd_kafka_t *kafka = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
    rd_kafka_poll_set_consumer(kafka);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(part->partitions);
    for (int p = part->number; p < part->partitions; p += part->threads)
        rd_kafka_topic_partition_list_add(list, part->topic, p)->offset = 0;
    *assigned = list->cnt;
    rd_kafka_assign(kafka, list);
    rd_kafka_topic_partition_list_destroy(list);
    return kafka;
}

static void *read_part(void *context)
{
    struct part *part = context;
    int open;
    rd_kafka_t *kafka = consumer(part, &open);
    while (open > 0) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka, 1000);
        if (!message)
            continue;
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            open--;
        } else if (!message->err) {
            cJSON_Delete(cJSON_ParseWithLength(message->payload, message->len));
            part->records++;
        }
        rd_kafka_message_destroy(message);
    }
    rd_kafka_consumer_close(kafka);
    rd_kafka_destroy(kafka);
    return NULL;
}

int main(int argc, char **argv)
{
    struct part parts[64];
    if (argc != 5) {
        fprintf(stderr, "usage: parse_log BROKERS TOPIC PARTITIONS THREADS\n");
        return 2;
    }
    int threads = (int)strtol(argv[4], NULL, 10);
    long records = 0;
    double began = now();
    for (int i = 0; i < threads && i < 64; i++) {
        parts[i] =
            (struct part){argv[1], argv[2], (int)strtol(argv[3], NULL, 10), threads, i, 0, 0};
        pthread_create(&parts[i].thread, NULL, read_part, &parts[i]);
    }
    for (int i = 0; i < threads && i < 64; i++) {
        pthread_join(parts[i].thread, NULL);
        records += parts[i].records;
    }
    printf("{\"records\": %ld, \"seconds\": %.4f}\n", records, now() - began);
    return 0;
}
