/* How every Kafka client of the two services is set up: the operator's `brokers` and `kafka.*`, under what a client's correctness
 * demands. The type is librdkafka's; only files that own a client see through it. */
#ifndef MOOC_KAFKA_CONF_H
#define MOOC_KAFKA_CONF_H

#include "error.h"
#include "options.h"

struct rd_kafka_conf_s;

/* A default whose name begins with ? is left out where this librdkafka does not know it. defaults lose to the operator's kafka.* properties, fixed ones win over them (a differing property is refused, so that nobody
 * believes it took effect): NULL-terminated lists of name, value, name, value …; either may be NULL. options may be NULL, then
 * bootstrap.servers must be among the fixed. librdkafka's own log lines go to our log; of a command that ends, those about connections
 * only at level debug, as kafka_failed tells them. The caller hands the result to
 * rd_kafka_new. */
struct rd_kafka_conf_s *kafka_conf_new(const struct options *options, const char *const *defaults,
                                       const char *const *fixed, struct error *err);

/* Why a call of librdkafka failed, to an operator: where Kafka does not answer and what to look at, with the client's own words and the
 * last connection that failed ("Connection refused", what TLS or SASL did not like) behind. doing: "asking for topics", told where it
 * did answer. code: a rd_kafka_resp_err_t. options may be NULL. ERROR_UNREACHABLE, false. */
bool kafka_failed(const struct options *options, const char *doing, int code, struct error *err);

/* Are the operator's properties names and values that librdkafka knows? For --check-config. */
bool kafka_conf_check(const struct options *options, struct error *err) MUST_CHECK;

#endif
