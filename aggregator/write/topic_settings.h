/* What Kafka is told to do with a topic's records. */
#ifndef MOOC_WRITE_TOPIC_SETTINGS_H
#define MOOC_WRITE_TOPIC_SETTINGS_H

#include "../../common/error.h"
#include "../../common/options.h"

struct topic_settings {
    bool known;              /* false: the brokers do not tell this login */
    int64_t retention_ms;    /* -1: for ever */
    int64_t retention_bytes; /* of each partition; -1: any number */
};

/* Of each of the topics; waits at most timeout_ms. */
bool topic_settings_fetch(const struct options *options, const char *const *topics, size_t count,
                          int timeout_ms, struct topic_settings *settings, struct error *err)
    MUST_CHECK;

#endif
