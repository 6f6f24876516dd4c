/* /metrics (Prometheus text format 0.0.4), /healthz and /readyz over libmicrohttpd. /readyz answers 200 "ready" or 503 and what is
 * unmet; /healthz always 200 "ok" and, below it, what is unmet. */
#ifndef MOOC_METRICS_H
#define MOOC_METRICS_H

#include "base.h"
#include "error.h"
#include "text_buffer.h"

struct metrics;
struct metric; /* belongs to its metrics */

enum metric_type { METRIC_COUNTER, METRIC_GAUGE };

struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics); /* stops serving */

/* A time series. labels is ready text such as `source="daotao",stream="grades"` or NULL. The same (name, labels) gives the
 * same metric. Thread-safe. Never NULL: when memory is out it aborts, as it does on a name that is none and on a name that
 * has another type already (programming errors). */
struct metric *metrics_add(struct metrics *metrics, enum metric_type type, const char *name,
                           const char *labels, const char *help);
/* Appends `name="value"` with what must be escaped escaped, behind a comma if labels has something already. */
void metrics_label(struct text_buffer *labels, const char *name, const char *value);
void metric_set(struct metric *metric, double value);
void metric_increase(struct metric *metric, double by);
double metric_value(const struct metric *metric);

/* Readiness is a set of named conditions with a reason each; ready when none is unmet. A NULL reason = met. Name what must
 * come true before serving starts: without any condition a program is ready. */
void metrics_ready(struct metrics *metrics, const char *condition, const char *unmet_reason);
/* "ready" or the unmet conditions, "condition: reason" one a line. Returns whether ready. */
bool metrics_readiness(struct metrics *metrics, char *out, size_t size);

/* What /metrics answers, with memory, CPU time and version of the process. */
void metrics_add_text(struct metrics *metrics, struct text_buffer *out);

/* Is it "host:port" or "off"? For --check-config. */
bool metrics_check_listen(const char *listen, struct error *err) MUST_CHECK;

/* Serves on "host:port" ("[::1]:9400" for IPv6; port 0 = any free one) in a thread of its own; "off" serves nothing. If
 * port_file is not NULL, the port is written there. */
bool metrics_serve(struct metrics *metrics, const char *listen, const char *port_file,
                   struct error *err) MUST_CHECK;

#endif
