/* What librdkafka's statistics say of the connections. Pure. */
#ifndef MOOC_KAFKA_STATS_H
#define MOOC_KAFKA_STATS_H

#include "base.h"

/* Does Kafka answer, by a client's statistics (JSON of statistics.interval.ms)? False where no connection is up, or where a request
 * has waited for KAFKA_MUTE_MS and nothing at all came meanwhile: a network that is cut refuses nothing. What is no statistics, or
 * names no broker yet, says nothing against it. */
#define KAFKA_MUTE_MS 15000
bool kafka_stats_answers(const char *text, size_t length);

#endif
