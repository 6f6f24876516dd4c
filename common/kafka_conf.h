/* How every Kafka client of the two services is set up: the operator's `brokers` and `kafka.*`, under what a client's correctness
 * demands. The type is librdkafka's; only files that own a client see through it. */
#ifndef MOOC_KAFKA_CONF_H
#define MOOC_KAFKA_CONF_H

#include "error.h"
#include "options.h"

struct rd_kafka_conf_s;

/* A default whose name begins with ? is left out where this librdkafka does not know it. defaults lose to the operator's kafka.* properties, fixed ones win over them (a differing property is refused, so that nobody
 * believes it took effect): NULL-terminated lists of name, value, name, value …; either may be NULL. options may be NULL, then
 * bootstrap.servers must be among the fixed. librdkafka's own log lines go to our log. The caller hands the result to
 * rd_kafka_new. */
struct rd_kafka_conf_s *kafka_conf_new(const struct options *options, const char *const *defaults,
                                       const char *const *fixed, struct error *err);

/* Does librdkafka's code (rd_kafka_resp_err_t) mean that no broker could be asked? */
bool kafka_is_away(int code);
/* Sets err to ERROR_UNREACHABLE: where Kafka was looked for, and what to do. options may be NULL. detail: librdkafka's words. False. */
bool kafka_no_answer(const struct options *options, const char *detail, struct error *err);

/* Are the operator's properties names and values that librdkafka knows? For --check-config. */
bool kafka_conf_check(const struct options *options, struct error *err) MUST_CHECK;

#endif
