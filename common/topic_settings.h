/* What Kafka is told to do with topics' records. */
#ifndef MOOC_TOPIC_SETTINGS_H
#define MOOC_TOPIC_SETTINGS_H

#include "error.h"
#include "options.h"

struct topic_settings {
    bool known;           /* false: the brokers do not tell this login, or there is no such topic */
    bool missing;         /* there is none */
    int64_t retention_ms; /* -1: for ever */
    int64_t retention_bytes;                     /* of each partition; -1: any number */
    char cleanup_policy[32], timestamp_type[32]; /* "compact", "LogAppendTime"; "": not told */
    char why[160];                               /* not known: what the brokers said */
};

/* Of each of the topics, at most eight; waits at most timeout_ms. ERROR_UNREACHABLE when no broker answers, ERROR_STOPPED. */
bool topic_settings_fetch(const struct options *options, const char *const *topics, size_t count,
                          int timeout_ms, struct topic_settings *settings, struct error *err)
    MUST_CHECK;

#endif
