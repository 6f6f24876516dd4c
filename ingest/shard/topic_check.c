#include "topic_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../common/log.h"
#include "../../common/options.h"
#include "../../common/topic_settings.h"

#define ANSWER_MS 5000

struct checking {
    const struct options *options;
    const char *topic;
    bool is_state;
};

static bool missing(const struct checking *c, struct error *err)
{
    return error_set(err, ERROR_CONFIG, true,
                     "topic %s does not exist. Create it: kafka-topics.sh --bootstrap-server %s "
                     "--create --topic %s --partitions N --config cleanup.policy=%s --config "
                     "message.timestamp.type=LogAppendTime%s",
                     c->topic, options_text(c->options, "brokers"), c->topic,
                     c->is_state ? "compact" : "delete",
                     c->is_state ? "" : " --config retention.ms=-1");
}

/* value "": the brokers do not tell it. */
static bool must_be(const struct checking *c, const char *name, const char *value,
                    const char *wanted, struct error *err)
{
    return value[0] == '\0' || strcmp(value, wanted) == 0 ||
           error_set(err, ERROR_CONFIG, true,
                     "topic %s has %s=%s, but exact figures need %s=%s. Set it: "
                     "kafka-configs.sh --bootstrap-server %s --alter --entity-type "
                     "topics --entity-name %s --add-config %s=%s",
                     c->topic, name, value, name, wanted, options_text(c->options, "brokers"),
                     c->topic, name, wanted);
}

static bool must_be_unlimited(const struct checking *c, const char *name, int64_t value,
                              struct error *err)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRId64, value);
    return must_be(c, name, text, "-1", err);
}

static bool check(const struct checking *c, const struct topic_settings *s, bool any_retention,
                  struct error *err)
{
    if (s->missing)
        return missing(c, err);
    if (!s->known) {
        LOG_WARN_EVENT("settings of a topic cannot be read, and are not checked",
                       LOG_TEXT("topic", c->topic), LOG_TEXT("why", s->why));
        return true;
    }
    return must_be(c, "cleanup.policy", s->cleanup_policy, c->is_state ? "compact" : "delete", err) &&
           must_be(c, "message.timestamp.type", s->timestamp_type, "LogAppendTime", err) &&
           (c->is_state || any_retention ||
            (must_be_unlimited(c, "retention.ms", s->retention_ms, err) &&
             must_be_unlimited(c, "retention.bytes", s->retention_bytes, err)));
}

bool topic_check(const struct options *options, const char *events, const char *state,
                 const char *dead, bool allow_short_retention, struct error *err)
{
    const char *topics[] = {events, state, dead};
    struct topic_settings settings[ARRAY_LEN(topics)];
    if (strcmp(events, state) == 0 || strcmp(events, dead) == 0 || strcmp(state, dead) == 0)
        return error_set(err, ERROR_CONFIG, false,
                         "events_topic, state_topic and dead_topic must be three topics");
    bool fine = topic_settings_fetch(options, topics, ARRAY_LEN(topics), ANSWER_MS, settings, err);
    for (size_t i = 0; fine && i < ARRAY_LEN(topics); i++) {
        const struct checking c = {options, topics[i], topics[i] == state};
        fine = check(&c, &settings[i], allow_short_retention, err);
    }
    return fine;
}
