/* Baseline: what a plain Kafka to PostgreSQL sink does. Consumes a topic to its end, parses each record with cJSON, and upserts
 * flat rows by id: COPY into a temporary table, INSERT … ON CONFLICT, commit, 20,000 records a time. No archive, no states, no
 * tallies, no exactly-once: the offset is kept nowhere.
 *
 *   plain_upsert BROKERS TOPIC CONNINFO RECORDS    prints records and seconds; stops at the end, or after so many */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>
#include <libpq-fe.h>
#include <librdkafka/rdkafka.h>

#define BATCH 20000

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what, const char *why)
{
    fprintf(stderr, "plain_upsert: %s: %s\n", what, why);
    exit(1);
}

static void run(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_COPY_IN)
        die(sql, PQerrorMessage(pg));
    PQclear(result);
}

static const char *text(const cJSON *object, const char *name)
{
    const cJSON *node = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(node) ? node->valuestring : "";
}

static void put_row(PGconn *pg, const rd_kafka_message_t *message)
{
    char line[2048];
    cJSON *root = cJSON_ParseWithLength(message->payload, message->len);
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(root, "data");
    const cJSON *score = cJSON_GetObjectItemCaseSensitive(data, "score");
    int length = snprintf(line, sizeof(line), "%s\t%s\t%s\t%s\t%s\t%g\t%s\n", text(root, "id"),
                          text(root, "type"), text(root, "subject"), text(data, "course"),
                          text(root, "time"), score ? score->valuedouble : 0.0,
                          cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(data, "passed")) ? "t" : "f");
    cJSON_Delete(root);
    if (PQputCopyData(pg, line, length) != 1)
        die("COPY", PQerrorMessage(pg));
}

static void begin(PGconn *pg)
{
    run(pg, "BEGIN");
    run(pg, "COPY incoming FROM STDIN");
}

static void commit(PGconn *pg)
{
    PGresult *result;
    if (PQputCopyEnd(pg, NULL) != 1)
        die("COPY", PQerrorMessage(pg));
    while ((result = PQgetResult(pg)))
        PQclear(result);
    run(pg,
        "INSERT INTO plain SELECT DISTINCT ON (id) * FROM incoming ON CONFLICT (id) DO UPDATE SET "
        "type = EXCLUDED.type, learner = EXCLUDED.learner, course = EXCLUDED.course, time = "
        "EXCLUDED.time, "
        "score = EXCLUDED.score, passed = EXCLUDED.passed");
    run(pg, "COMMIT");
}

static rd_kafka_t *consumer(const char *brokers, const char *topic, int *partitions)
{
    char why[256];
    static const char *const settings[][2] = {{"group.id", "plain"},
                                              {"enable.auto.commit", "false"},
                                              {"isolation.level", "read_committed"},
                                              {"queued.min.messages", "1000000"},
                                              {"queued.max.messages.kbytes", "65536"},
                                              {"enable.partition.eof", "true"}};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof(why));
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
        rd_kafka_conf_set(conf, settings[i][0], settings[i][1], why, sizeof(why));
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
    if (!rk)
        die("consumer", why);
    const struct rd_kafka_metadata *metadata;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(rk, topic, NULL);
    if (rd_kafka_metadata(rk, 0, handle, &metadata, 10000))
        die("metadata", topic);
    *partitions = metadata->topics[0].partition_cnt;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(*partitions);
    for (int p = 0; p < *partitions; p++)
        rd_kafka_topic_partition_list_add(list, topic, p)->offset = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_metadata_destroy(metadata);
    rd_kafka_topic_destroy(handle);
    rd_kafka_poll_set_consumer(rk);
    rd_kafka_assign(rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    return rk;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        die("usage", "plain_upsert BROKERS TOPIC CONNINFO RECORDS");
    size_t limit = strtoul(argv[4], NULL, 10);
    PGconn *pg = PQconnectdb(argv[3]);
    if (PQstatus(pg) != CONNECTION_OK)
        die("connect", PQerrorMessage(pg));
    run(pg, "DROP TABLE IF EXISTS plain");
    run(pg, "CREATE TABLE plain (id text PRIMARY KEY, type text, learner text, course text, time "
            "timestamptz, "
            "score float8, passed bool) WITH (fillfactor = 80)");
    run(pg, "CREATE TEMP TABLE incoming (LIKE plain) ON COMMIT DELETE ROWS");
    int open_ends;
    rd_kafka_t *rk = consumer(argv[1], argv[2], &open_ends);
    double started = 0;
    size_t total = 0, pending = 0;
    while (open_ends > 0 && total < limit) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(rk, 10000);
        if (!message)
            die("poll", "nothing for 10 s");
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            open_ends--;
        } else if (message->err) {
            die("poll", rd_kafka_message_errstr(message));
        } else {
            if (total == 0)
                started = now();
            if (pending == 0)
                begin(pg);
            put_row(pg, message);
            total++;
            if (++pending == BATCH) {
                commit(pg);
                pending = 0;
            }
        }
        rd_kafka_message_destroy(message);
    }
    if (pending)
        commit(pg);
    printf("{\"records\": %zu, \"seconds\": %.3f}\n", total, now() - started);
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
    PQfinish(pg);
    return 0;
}
