/* What the writer shows on /metrics. */
#ifndef MOOC_WRITE_WRITER_METRICS_H
#define MOOC_WRITE_WRITER_METRICS_H

#include "../../common/metrics.h"
#include "batch.h"

struct writer_metrics;

struct writer_metrics *writer_metrics_new(struct metrics *metrics);
void writer_metrics_free(struct writer_metrics *figures);
void writer_metrics_batch(struct writer_metrics *figures, const struct batch *batch,
                          int64_t elapsed_ms, int64_t lag);
void writer_metrics_resident(struct writer_metrics *figures, size_t resident_bytes);

/* Between batches: what has come in meanwhile. */
void writer_metrics_lag(struct writer_metrics *figures, int64_t lag);

#endif
