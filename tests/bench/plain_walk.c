/* Baseline: a bare libcurl + cJSON walk of an Open edX API's lists, one thread; with a topic, each record is also printed again and
 * produced in transactions of 5,000 by a second thread, so that a commit does not stop the fetching. No diff, no cursor kept.
 *
 *   plain_walk URL FIRST_PATH… [--produce BROKERS TOPIC]     prints records, bytes and seconds */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <librdkafka/rdkafka.h>

#define TRANSACTION 5000

struct body {
    char *data;
    size_t length, capacity;
};

struct outbox {
    char *lines[TRANSACTION];
    size_t count;
};

struct producer {
    rd_kafka_t *rk;
    rd_kafka_topic_t *topic;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct outbox *waiting, *filling;
    int ending;
    size_t produced;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what, const char *why)
{
    fprintf(stderr, "plain_walk: %s: %s\n", what, why);
    exit(1);
}

static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
    struct body *body = context;
    size_t length = size * count;
    if (body->length + length + 1 > body->capacity) {
        body->capacity = (body->length + length + 1) * 2;
        body->data = realloc(body->data, body->capacity);
    }
    memcpy(body->data + body->length, bytes, length);
    body->length += length;
    body->data[body->length] = 0;
    return length;
}

static void send_transaction(struct producer *p, struct outbox *box)
{
    rd_kafka_error_t *error = rd_kafka_begin_transaction(p->rk);
    if (error)
        die("begin", rd_kafka_error_string(error));
    for (size_t i = 0; i < box->count; i++) {
        while (rd_kafka_produce(p->topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_FREE, box->lines[i],
                                strlen(box->lines[i]), NULL, 0, NULL))
            rd_kafka_poll(p->rk, 10);
    }
    if ((error = rd_kafka_commit_transaction(p->rk, -1)))
        die("commit", rd_kafka_error_string(error));
    p->produced += box->count;
    free(box);
}

static void *commit_all(void *context)
{
    struct producer *p = context;
    pthread_mutex_lock(&p->mutex);
    while (!p->ending || p->waiting) {
        if (!p->waiting) {
            pthread_cond_wait(&p->changed, &p->mutex);
            continue;
        }
        struct outbox *box = p->waiting;
        pthread_mutex_unlock(&p->mutex);
        send_transaction(p, box);
        pthread_mutex_lock(&p->mutex);
        p->waiting = NULL;
        pthread_cond_broadcast(&p->changed);
    }
    pthread_mutex_unlock(&p->mutex);
    return NULL;
}

static void hand_over(struct producer *p)
{
    pthread_mutex_lock(&p->mutex);
    while (p->waiting)
        pthread_cond_wait(&p->changed, &p->mutex);
    p->waiting = p->filling;
    p->filling = NULL;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->mutex);
}

static void produce(struct producer *p, cJSON *record)
{
    if (!p->filling)
        p->filling = calloc(1, sizeof(*p->filling));
    p->filling->lines[p->filling->count++] = cJSON_PrintUnformatted(record);
    if (p->filling->count == TRANSACTION)
        hand_over(p);
}

static struct producer *producer_new(const char *brokers, const char *topic)
{
    char why[256];
    struct producer *p = calloc(1, sizeof(*p));
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof(why));
    rd_kafka_conf_set(conf, "transactional.id", "plain-walk", why, sizeof(why));
    rd_kafka_conf_set(conf, "compression.type", "lz4", why, sizeof(why));
    p->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    if (!p->rk)
        die("producer", why);
    p->topic = rd_kafka_topic_new(p->rk, topic, NULL);
    rd_kafka_error_t *error = rd_kafka_init_transactions(p->rk, 30000);
    if (error)
        die("init", rd_kafka_error_string(error));
    pthread_mutex_init(&p->mutex, NULL);
    pthread_cond_init(&p->changed, NULL);
    pthread_create(&p->thread, NULL, commit_all, p);
    return p;
}

static void producer_end(struct producer *p)
{
    if (p->filling)
        hand_over(p);
    pthread_mutex_lock(&p->mutex);
    p->ending = 1;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->mutex);
    pthread_join(p->thread, NULL);
    rd_kafka_topic_destroy(p->topic);
    rd_kafka_destroy(p->rk);
}

static size_t walk(CURL *curl, const char *base, const char *path, struct producer *p, size_t *bytes)
{
    struct body body = {0};
    char url[1024];
    size_t records = 0;
    snprintf(url, sizeof(url), "%s%s", base, path);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    for (;;) {
        body.length = 0;
        curl_easy_setopt(curl, CURLOPT_URL, url);
        if (curl_easy_perform(curl) != CURLE_OK)
            die("GET", url);
        *bytes += body.length;
        cJSON *page = cJSON_ParseWithLength(body.data, body.length), *record;
        cJSON_ArrayForEach(record, cJSON_GetObjectItemCaseSensitive(page, "results"))
        {
            records++;
            if (p)
                produce(p, record);
        }
        const cJSON *next = cJSON_GetObjectItemCaseSensitive(page, "next");
        int more = cJSON_IsString(next);
        if (more)
            snprintf(url, sizeof(url), "%s", next->valuestring);
        cJSON_Delete(page);
        if (!more)
            break;
    }
    free(body.data);
    return records;
}

int main(int argc, char **argv)
{
    int paths = argc;
    struct producer *p = NULL;
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], "--produce") == 0 && i + 2 < argc) {
            p = producer_new(argv[i + 1], argv[i + 2]);
            paths = i;
        }
    if (paths < 3)
        die("usage", "plain_walk URL FIRST_PATH... [--produce BROKERS TOPIC]");
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    double started = now();
    size_t records = 0, bytes = 0;
    for (int i = 2; i < paths; i++)
        records += walk(curl, argv[1], argv[i], p, &bytes);
    if (p)
        producer_end(p);
    printf("{\"records\": %zu, \"bytes\": %zu, \"seconds\": %.3f}\n", records, bytes,
           now() - started);
    curl_easy_cleanup(curl);
    return 0;
}
