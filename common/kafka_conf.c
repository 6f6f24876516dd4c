#include "kafka_conf.h"

#include <string.h>

#include <librdkafka/rdkafka.h>

#include "log.h"

static void write_log(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
    (void)rk;
    enum log_level at = level <= 3 ? LOG_WARN : level <= 5 ? LOG_INFO : LOG_DEBUG;
    LOG_AT(at, "kafka client", LOG_TEXT("facility", facility), LOG_TEXT("text", text));
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
    rd_kafka_conf_set_log_cb(conf, write_log);
    if (set(conf, "client.id", "mooc-pulse", err) && set_all(conf, defaults, err) &&
        (!options || set_operators(conf, options, fixed, err)) && set_all(conf, fixed, err))
        return conf;
    rd_kafka_conf_destroy(conf);
    return NULL;
}

bool kafka_conf_check(const struct options *options, struct error *err)
{
    struct rd_kafka_conf_s *conf = kafka_conf_new(options, NULL, NULL, err);
    if (conf == NULL)
        return false;
    rd_kafka_conf_destroy(conf);
    return true;
}

bool kafka_is_away(int code)
{
    return code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT ||
           code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || code == RD_KAFKA_RESP_ERR__RESOLVE;
}

bool kafka_no_answer(const struct options *options, const char *detail, struct error *err)
{
    bool told = options && options_given(options, "brokers");
    return error_set(err, ERROR_UNREACHABLE, true, "Kafka at %.300s does not answer: %s (%.300s)",
                     options ? options_text(options, "brokers") : "its brokers",
                     told || !options
                         ? "start it, or correct option brokers"
                         : "option brokers is not set: give --config FILE (or MOOC_CONFIG), which "
                           "says where it is",
                     detail);
}
