#include "writer_metrics.h"

#include <stdlib.h>

#include "../../common/clock.h"

struct writer_metrics {
    struct metric *records, *unreadable, *batches, *busy, *lag, *latency, *resident;
};

struct writer_metrics *writer_metrics_new(struct metrics *m)
{
    struct writer_metrics *f = calloc(1, sizeof(*f));
    if (!f)
        abort();
    f->records = metrics_add(m, METRIC_COUNTER, "mooc_aggregator_records_total", NULL,
                             "Records of the log written to PostgreSQL.");
    f->unreadable = metrics_add(m, METRIC_COUNTER, "mooc_aggregator_unreadable_records_total", NULL,
                                "Records that could not be read and became dead letters.");
    f->batches = metrics_add(m, METRIC_COUNTER, "mooc_aggregator_batches_total", NULL,
                             "Committed transactions.");
    f->busy = metrics_add(m, METRIC_COUNTER, "mooc_aggregator_busy_seconds_total", NULL,
                          "Time spent writing batches.");
    f->lag = metrics_add(m, METRIC_GAUGE, "mooc_aggregator_lag_records", NULL,
                         "Records in the log that are not counted yet.");
    f->latency = metrics_add(m, METRIC_GAUGE, "mooc_aggregator_latency_seconds", NULL,
                             "Age of the last batch's oldest record when it was committed.");
    f->resident = metrics_add(m, METRIC_GAUGE, "mooc_aggregator_resident_bytes", NULL,
                              "Memory of learners' states kept between batches.");
    return f;
}

void writer_metrics_free(struct writer_metrics *figures)
{
    free(figures);
}

void writer_metrics_lag(struct writer_metrics *f, int64_t lag)
{
    metric_set(f->lag, (double)lag);
}

void writer_metrics_resident(struct writer_metrics *f, size_t resident_bytes)
{
    metric_set(f->resident, (double)resident_bytes);
}

void writer_metrics_batch(struct writer_metrics *f, const struct batch *batch, int64_t elapsed_ms,
                          int64_t lag)
{
    metric_increase(f->records, (double)batch->records);
    metric_increase(f->unreadable, (double)batch->unreadable_count);
    metric_increase(f->batches, 1);
    metric_increase(f->busy, (double)elapsed_ms / 1000);
    metric_set(f->lag, (double)lag);
    if (batch->records)
        metric_set(f->latency, (double)(clock_now_us() - batch->oldest_log_time) / 1e6);
}
