/* Baseline: a bare libcurl + cJSON walk of an Open edX API's lists, a few lists at once, one thread. With topics, a second thread
 * produces in transactions as large as those of mooc-ingest, so that a commit does not stop the fetching: for each record what
 * mooc-ingest writes for one, by number and bytes. Each is the record printed again, filled up with text of its page, which lz4
 * shrinks better than HMACs: the baseline has it a little easier. No diff, no cursor kept.
 *
 *   plain_walk URL FIRST_PATH… [--one-list | --fetch-only | --produce BROKERS SHARE…]     prints what was done as JSON
 *
 * SHARE = TOPIC:PARTITION:RECORDS:KEY:VALUE, the last three per record read: records, bytes of a key, bytes of a value; fractions
 * add up. PARTITION -1 = by key. --one-list reads one list at a time.
 * --fetch-only parses nothing: what the server can do. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <librdkafka/rdkafka.h>

#define LISTS 4                       /* at once, as mooc-ingest may */
#define TRANSACTION 20000             /* records … */
#define TRANSACTION_BYTES (8UL << 20) /* … and bytes of one transaction: defaults of mooc-ingest */
#define MAX_SHARES 4
#define MAX_VALUE 65536

struct body {
    char *data;
    size_t length, capacity;
};

/* What is written to one topic for each record read. */
struct share {
    rd_kafka_topic_t *topic;
    int32_t partition;
    double records, key_bytes, value_bytes;
    double records_due, key_due, value_due;
};

struct line {
    char *data; /* key and value */
    size_t key_length, value_length;
    const struct share *share;
};

struct outbox {
    struct line lines[TRANSACTION];
    size_t count, bytes;
};

struct producer {
    rd_kafka_t *rk;
    struct share shares[MAX_SHARES];
    size_t share_count, pad_at;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct outbox *waiting, *filling;
    int ending;
    size_t records, bytes, transactions;
};

struct list {
    CURL *easy;
    struct body body;
    char url[1024];
};

struct walk {
    CURLM *multi;
    const char *base;
    char **paths;
    size_t path_count, next_path, list_count, records, bytes;
    int running, fetch_only;
    struct list lists[LISTS];
    struct producer *producer;
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

/* ---- producing ---- */

static void send_transaction(struct producer *p, struct outbox *box)
{
    rd_kafka_error_t *error = rd_kafka_begin_transaction(p->rk);
    if (error)
        die("begin", rd_kafka_error_string(error));
    for (size_t i = 0; i < box->count; i++) {
        struct line *line = &box->lines[i];
        while (rd_kafka_produce(line->share->topic, line->share->partition, RD_KAFKA_MSG_F_COPY,
                                line->data + line->key_length, line->value_length, line->data,
                                line->key_length, NULL))
            rd_kafka_poll(p->rk, 10);
        free(line->data);
    }
    if ((error = rd_kafka_commit_transaction(p->rk, -1)))
        die("commit", rd_kafka_error_string(error));
    p->records += box->count;
    p->bytes += box->bytes;
    p->transactions++;
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

/* Text of the page, another piece each time. */
static void pad(struct producer *p, const struct body *page, char *to, size_t length)
{
    while (length > 0) {
        if (p->pad_at >= page->length)
            p->pad_at = 0;
        size_t piece = page->length - p->pad_at < length ? page->length - p->pad_at : length;
        memcpy(to, page->data + p->pad_at, piece);
        p->pad_at += piece;
        to += piece;
        length -= piece;
    }
}

static void add_line(struct producer *p, struct share *share, const cJSON *record,
                     const struct body *page)
{
    char *text = cJSON_PrintUnformatted(record);
    size_t length = strlen(text);
    size_t key = (size_t)(share->key_due / share->records_due);
    size_t value = (size_t)(share->value_due / share->records_due);
    share->records_due -= 1;
    share->key_due -= (double)key;
    share->value_due -= (double)value;
    length = length < value ? length : value;
    if (!p->filling)
        p->filling = calloc(1, sizeof(*p->filling));
    struct outbox *box = p->filling;
    struct line *line = &box->lines[box->count++];
    *line = (struct line){malloc(key + value + 1), key, value, share};
    pad(p, page, line->data, key);
    memcpy(line->data + key, text, length);
    pad(p, page, line->data + key + length, value - length);
    free(text);
    box->bytes += key + value;
    if (box->count == TRANSACTION || box->bytes >= TRANSACTION_BYTES)
        hand_over(p);
}

static void produce(struct producer *p, const cJSON *record, const struct body *page)
{
    for (size_t i = 0; i < p->share_count; i++) {
        struct share *share = &p->shares[i];
        share->records_due += share->records;
        share->key_due += share->records * share->key_bytes;
        share->value_due += share->records * share->value_bytes;
        while (share->records_due >= 1)
            add_line(p, share, record, page);
    }
}

static void read_share(struct producer *p, const char *text)
{
    char topic[256];
    struct share *share = &p->shares[p->share_count++];
    if (p->share_count > MAX_SHARES ||
        sscanf(text, "%255[^:]:%d:%lf:%lf:%lf", topic, &share->partition, &share->records,
               &share->key_bytes, &share->value_bytes) != 5 ||
        share->value_bytes > MAX_VALUE)
        die("share", text);
    share->topic = rd_kafka_topic_new(p->rk, topic, NULL);
}

static struct producer *producer_new(const char *brokers, char **shares, int count)
{
    static const char *const settings[][2] = {{"transactional.id", "plain-walk"},
                                              {"compression.type", "lz4"},
                                              {"queue.buffering.max.ms", "1"},
                                              {"batch.size", "1000000"},
                                              {"message.max.bytes", "1048576"},
                                              {"socket.nagle.disable", "true"},
                                              {"partitioner", "murmur2"},
                                              {"acks", "all"},
                                              {"queue.buffering.max.messages", "10000000"}};
    char why[256];
    struct producer *p = calloc(1, sizeof(*p));
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof(why));
    for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
        if (rd_kafka_conf_set(conf, settings[i][0], settings[i][1], why, sizeof(why)))
            die("setting", why);
    p->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    if (!p->rk)
        die("producer", why);
    for (int i = 0; i < count; i++)
        read_share(p, shares[i]);
    rd_kafka_error_t *error = rd_kafka_init_transactions(p->rk, 30000);
    if (error)
        die("init", rd_kafka_error_string(error));
    pthread_mutex_init(&p->mutex, NULL);
    pthread_cond_init(&p->changed, NULL);
    pthread_create(&p->thread, NULL, commit_all, p);
    return p;
}

/* Waits for the last commit. */
static void producer_end(struct producer *p)
{
    if (p->filling)
        hand_over(p);
    pthread_mutex_lock(&p->mutex);
    p->ending = 1;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->mutex);
    pthread_join(p->thread, NULL);
}

/* ---- walking ---- */

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

/* url = the next page's; 0 = there is none. */
static int skim(const struct body *body, char *url, size_t size)
{
    static const char before[] = "{\"next\":\"";
    if (strncmp(body->data, before, sizeof(before) - 1) != 0)
        return 0;
    const char *from = body->data + sizeof(before) - 1, *to = strchr(from, '"');
    snprintf(url, size, "%.*s", to ? (int)(to - from) : 0, from);
    return 1;
}

static int take(struct walk *w, const struct body *body, char *url, size_t size)
{
    w->bytes += body->length;
    if (w->fetch_only)
        return skim(body, url, size);
    cJSON *page = cJSON_ParseWithLength(body->data, body->length), *record;
    cJSON_ArrayForEach(record, cJSON_GetObjectItemCaseSensitive(page, "results"))
    {
        w->records++;
        if (w->producer)
            produce(w->producer, record, body);
    }
    const cJSON *next = cJSON_GetObjectItemCaseSensitive(page, "next");
    int more = cJSON_IsString(next);
    if (more)
        snprintf(url, size, "%s", next->valuestring);
    cJSON_Delete(page);
    return more;
}

static void fetch(struct walk *w, struct list *list)
{
    list->body.length = 0;
    curl_easy_setopt(list->easy, CURLOPT_URL, list->url);
    curl_multi_add_handle(w->multi, list->easy);
    w->running++;
}

static void fetch_first(struct walk *w, struct list *list)
{
    if (w->next_path == w->path_count)
        return;
    snprintf(list->url, sizeof(list->url), "%s%s", w->base, w->paths[w->next_path++]);
    fetch(w, list);
}

static void arrived(struct walk *w, const CURLMsg *message)
{
    struct list *list;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&list);
    if (message->data.result != CURLE_OK)
        die(list->url, curl_easy_strerror(message->data.result));
    curl_multi_remove_handle(w->multi, list->easy);
    w->running--;
    if (take(w, &list->body, list->url, sizeof(list->url)))
        fetch(w, list);
    else
        fetch_first(w, list);
}

static void walk_all(struct walk *w)
{
    w->multi = curl_multi_init();
    for (size_t i = 0; i < w->list_count; i++) {
        struct list *list = &w->lists[i];
        list->easy = curl_easy_init();
        curl_easy_setopt(list->easy, CURLOPT_WRITEFUNCTION, receive);
        curl_easy_setopt(list->easy, CURLOPT_WRITEDATA, &list->body);
        curl_easy_setopt(list->easy, CURLOPT_PRIVATE, list);
        curl_easy_setopt(list->easy, CURLOPT_BUFFERSIZE, 131072L);
        fetch_first(w, list);
    }
    while (w->running > 0) {
        int active, left;
        const CURLMsg *message;
        curl_multi_perform(w->multi, &active);
        while ((message = curl_multi_info_read(w->multi, &left)))
            if (message->msg == CURLMSG_DONE)
                arrived(w, message);
        if (active > 0)
            curl_multi_poll(w->multi, NULL, 0, 100, NULL);
    }
}

int main(int argc, char **argv)
{
    int paths = 2;
    struct walk *w = calloc(1, sizeof(*w));
    while (paths < argc && argv[paths][0] == '/')
        paths++;
    if (paths == 2)
        die("usage", "plain_walk URL FIRST_PATH... [--one-list | --fetch-only | --produce BROKERS "
                     "SHARE...]");
    w->base = argv[1];
    w->paths = argv + 2;
    w->path_count = (size_t)paths - 2;
    w->list_count = paths < argc && strcmp(argv[paths], "--one-list") == 0 ? 1 : LISTS;
    w->fetch_only = paths < argc && strcmp(argv[paths], "--fetch-only") == 0;
    if (paths + 2 < argc && strcmp(argv[paths], "--produce") == 0)
        w->producer = producer_new(argv[paths + 1], argv + paths + 2, argc - paths - 2);
    double started = now();
    walk_all(w);
    if (w->producer)
        producer_end(w->producer);
    const struct producer none = {0}, *p = w->producer ? w->producer : &none;
    printf("{\"records\": %zu, \"bytes\": %zu, \"seconds\": %.3f, \"written_records\": %zu, "
           "\"written_bytes\": %zu, \"transactions\": %zu}\n",
           w->records, w->bytes, now() - started, p->records, p->bytes, p->transactions);
    return 0;
}
