/* What the writer shows on /metrics. */
#ifndef MOOC_WRITE_WRITER_METRICS_H
#define MOOC_WRITE_WRITER_METRICS_H

#include "../../common/metrics.h"
#include "transaction.h"

struct writer_metrics;

struct writer_metrics *writer_metrics_new(struct metrics *metrics);
void writer_metrics_free(struct writer_metrics *figures);
void writer_metrics_transaction(struct writer_metrics *figures, const struct transaction *transaction,
                                int64_t elapsed_ms, int64_t lag);
/* Parts of the work. The three threads (reading; loading, folding and encoding; committing) work at the same time. */
enum writer_part {
    WRITER_READ,   /* reading, decoding, archive rows: CPU time of the thread */
    WRITER_LOAD,   /* waiting for what must be resident: elapsed time */
    WRITER_FOLD,   /* CPU time */
    WRITER_ENCODE, /* CPU time */
    WRITER_PARTS
};
void writer_metrics_spent(struct writer_metrics *figures, enum writer_part part, int64_t us);
/* A pg_observer: the elapsed time of the batch's statements, by the table that each is about. */
void writer_metrics_statement(void *figures, const char *sql, int64_t us);

void writer_metrics_resident(struct writer_metrics *figures, size_t resident_bytes);

/* Between transactions: what has come in meanwhile. */
void writer_metrics_lag(struct writer_metrics *figures, int64_t lag);

#endif
