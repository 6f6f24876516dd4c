#include "kafka_conf.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "log.h"

/* What became of the last connection that failed, of any client: the calls that fail by it say "timed out" at most. */
static pthread_mutex_t failure_lock = PTHREAD_MUTEX_INITIALIZER;
static char last_failure[300];

/* "[thrd:127.0.0.1:9/bootstrap]: 127.0.0.1:9/bootstrap: Connect to … failed: Connection refused (after 0ms in state CONNECT)" */
static void note_failure(const char *text)
{
    const char *thread_ends = text[0] == '[' ? strstr(text, "]: ") : NULL;
    if (thread_ends)
        text = thread_ends + 3;
    const char *state = strstr(text, " (after ");
    pthread_mutex_lock(&failure_lock);
    snprintf(last_failure, sizeof(last_failure), "%.*s", state ? (int)(state - text) : 299, text);
    pthread_mutex_unlock(&failure_lock);
}

static bool is_of_connections(const char *facility)
{
    return strcmp(facility, "FAIL") == 0 || strcmp(facility, "ERROR") == 0;
}

static void write_log(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
    (void)rk;
    enum log_level at = level <= 3 ? LOG_WARN : level <= 5 ? LOG_INFO : LOG_DEBUG;
    if (strcmp(facility, "FAIL") == 0)
        note_failure(text);
    LOG_AT(at, "kafka client", LOG_TEXT("facility", facility), LOG_TEXT("text", text));
}

/* Of a command that ends: it tells by itself what came of it. */
static void write_log_of_command(const rd_kafka_t *rk, int level, const char *facility,
                                 const char *text)
{
    write_log(rk, is_of_connections(facility) ? 7 : level, facility, text);
}

static bool set(rd_kafka_conf_t *conf, const char *name, const char *value, struct error *err)
{
    char why[512];
    if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) == RD_KAFKA_CONF_OK)
        return true;
    return error_set(err, ERROR_CONFIG, false, "kafka.%s: %s", name, why);
}

static bool set_all(rd_kafka_conf_t *conf, const char *const *pairs, struct error *err)
{
    char why[512];
    for (; pairs && pairs[0]; pairs += 2)
        if (pairs[0][0] == '?')
            (void)rd_kafka_conf_set(conf, pairs[0] + 1, pairs[1], why, sizeof(why));
        else if (!set(conf, pairs[0], pairs[1], err))
            return false;
    return true;
}

static const char *find(const char *const *pairs, const char *name)
{
    for (; pairs && pairs[0]; pairs += 2)
        if (strcmp(pairs[0], name) == 0)
            return pairs[1];
    return NULL;
}

/* MOOC_KAFKA_BROKERS is what people export for the address; it reads as a property of that name. */
static const char *find_brokers(const struct options *options)
{
    for (size_t i = 0; i < options_kafka_count(options) && !options_given(options, "brokers"); i++)
        if (strcmp(options_kafka_name(options, i), "brokers") == 0)
            return options_kafka_value(options, i);
    return options_text(options, "brokers");
}

static bool set_operators(rd_kafka_conf_t *conf, const struct options *options,
                          const char *const *fixed, struct error *err)
{
    const char *brokers = find_brokers(options);
    if (!brokers || !brokers[0])
        return error_set(err, ERROR_CONFIG, false,
                         "no Kafka brokers: set option brokers to host:port[,host:port]");
    if (!set(conf, "bootstrap.servers", brokers, err))
        return false;
    for (size_t i = 0; i < options_kafka_count(options); i++) {
        const char *name = options_kafka_name(options, i), *value = options_kafka_value(options, i);
        const char *ours = find(fixed, name);
        if (strcmp(name, "brokers") == 0)
            continue;
        if (ours && strcmp(ours, value) != 0)
            return error_set(err, ERROR_CONFIG, false,
                             "kafka.%s is fixed at %s because the delivery guarantee rests on it: "
                             "leave it out",
                             name, ours);
        if (!set(conf, name, value, err))
            return false;
    }
    return true;
}

struct rd_kafka_conf_s *kafka_conf_new(const struct options *options, const char *const *defaults,
                                       const char *const *fixed, struct error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    const struct command_spec *command = options ? options_command(options) : NULL;
    bool ends = command && strcmp(command->name, "run") != 0;
    rd_kafka_conf_set_log_cb(conf, ends ? write_log_of_command : write_log);
    if (set(conf, "client.id", "mooc-pulse", err) && set_all(conf, defaults, err) &&
        (!options || set_operators(conf, options, fixed, err)) && set_all(conf, fixed, err))
        return conf;
    rd_kafka_conf_destroy(conf);
    return NULL;
}

static bool is_away(int code)
{
    static const int codes[] = {
        RD_KAFKA_RESP_ERR__TRANSPORT,      RD_KAFKA_RESP_ERR__TIMED_OUT,
        RD_KAFKA_RESP_ERR__RESOLVE,        RD_KAFKA_RESP_ERR__SSL,
        RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (codes[i] == code)
            return true;
    return false;
}

static const char *property(const struct options *options, const char *name)
{
    for (size_t i = 0; i < options_kafka_count(options); i++)
        if (strcmp(options_kafka_name(options, i), name) == 0)
            return options_kafka_value(options, i);
    return "";
}

/* Before 2.6.1 librdkafka repeats its nonce in what it answers to SCRAM, which Kafka 4 does not accept. */
static bool has_old_scram(const struct options *options)
{
    return rd_kafka_version() < 0x02060100 &&
           (strncmp(property(options, "sasl.mechanism"), "SCRAM", 5) == 0 ||
            strncmp(property(options, "sasl.mechanisms"), "SCRAM", 5) == 0);
}

/* It answered, and said no. */
static bool not_let_in(const struct options *options, const char *brokers, const char *failure,
                       struct error *err)
{
    bool old = has_old_scram(options);
    return error_tell(
        err, ERROR_UNREACHABLE, true,
        "Kafka ở %.200s không cho tài khoản %.64s vào: sasl.username và sasl.password_file có đúng "
        "không? Sửa ở đó thì phải chạy lại mới có tác dụng.%s%.0s (%s)",
        "Kafka at %.200s does not let the login %.64s in: are sasl.username and "
        "sasl.password_file right? What is changed there holds from the next start on.%.0s%s (%s)",
        brokers, property(options, "sasl.username"),
        old ? " Kafka 4 chỉ nhận SCRAM từ librdkafka 2.6.1: với bản cũ hơn hãy dùng PLAIN qua TLS"
            : "",
        old ? " Kafka 4 takes SCRAM only from librdkafka 2.6.1 on: with an older one use PLAIN "
              "over TLS"
            : "",
        failure);
}

bool kafka_failed(const struct options *options, const char *doing, int code, struct error *err)
{
    char failure[sizeof(last_failure)];
    const char *said = rd_kafka_err2str((rd_kafka_resp_err_t)code);
    if (!is_away(code))
        return error_set(err, ERROR_UNREACHABLE, true, "Kafka, %s: %s", doing, said);
    pthread_mutex_lock(&failure_lock);
    memcpy(failure, last_failure, sizeof(failure));
    pthread_mutex_unlock(&failure_lock);
    const char *brokers = options ? find_brokers(options) : "its brokers";
    if (options && strstr(failure, "SASL authentication error"))
        return not_let_in(options, brokers, failure, err);
    bool told = !options || brokers != options_text(options, "brokers") ||
                options_given(options, "brokers");
    const char *what = failure[0] ? "; " : "";
    if (told)
        return error_tell(err, ERROR_UNREACHABLE, true,
                          "Kafka ở %.300s không trả lời: chạy lại Kafka, hoặc sửa mục brokers "
                          "(%s%s%s)",
                          "Kafka at %.300s does not answer: start it, or correct option brokers "
                          "(%s%s%s)",
                          brokers, said, what, failure);
    return error_tell(err, ERROR_UNREACHABLE, true,
                      "Kafka ở %.300s không trả lời: chưa có mục brokers, thêm --config FILE (hoặc "
                      "MOOC_CONFIG) là tệp ghi địa chỉ của Kafka (%s%s%s)",
                      "Kafka at %.300s does not answer: option brokers is not set: give --config "
                      "FILE (or MOOC_CONFIG), which says where it is (%s%s%s)",
                      brokers, said, what, failure);
}

bool kafka_conf_check(const struct options *options, struct error *err)
{
    struct rd_kafka_conf_s *conf = kafka_conf_new(options, NULL, NULL, err);
    if (conf == NULL)
        return false;
    rd_kafka_conf_destroy(conf);
    return true;
}
