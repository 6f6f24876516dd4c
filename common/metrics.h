/* /metrics (Prometheus text format 0.0.4), /healthz and /readyz over libmicrohttpd. */
#ifndef MOOC_METRICS_H
#define MOOC_METRICS_H

#include "base.h"
#include "error.h"

struct metrics;
struct metric; /* belongs to its metrics */

enum metric_type { METRIC_COUNTER, METRIC_GAUGE };

struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);

/* A time series. labels is ready text such as `source="daotao",stream="grades"` or NULL. The same (name, labels) gives the
 * same metric. Thread-safe. Never NULL: when memory is out it aborts. */
struct metric *metrics_add(struct metrics *metrics, enum metric_type type, const char *name,
                           const char *labels, const char *help);
void metric_set(struct metric *metric, double value);
void metric_increase(struct metric *metric, double by);
double metric_value(const struct metric *metric);

/* Readiness is a set of named conditions with a reason each; ready when none is unmet. A NULL reason = met. */
void metrics_ready(struct metrics *metrics, const char *condition, const char *unmet_reason);
/* "ready" or the unmet reasons, one a line. Returns whether ready. */
bool metrics_readiness(struct metrics *metrics, char *out, size_t size);

/* Serves on "host:port" (port 0 = any free one); "off" serves nothing. If port_file is not NULL, the port is written there. */
bool metrics_serve(struct metrics *metrics, const char *listen, const char *port_file,
                   struct error *err) MUST_CHECK;

#endif
