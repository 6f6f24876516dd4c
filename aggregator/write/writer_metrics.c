#include "writer_metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/clock.h"

struct writer_metrics {
    struct metrics *metrics;
    struct metric *records, *unreadable, *batches, *busy, *lag, *latency, *resident;
    struct metric *parts[WRITER_PARTS];
};

static const char *const part_labels[WRITER_PARTS] = {
    [WRITER_READ] = "part=\"read\"",
    [WRITER_LOAD] = "part=\"load\"",
    [WRITER_FOLD] = "part=\"fold\"",
    [WRITER_ENCODE] = "part=\"encode\"",
};

struct writer_metrics *writer_metrics_new(struct metrics *m)
{
    struct writer_metrics *f = calloc(1, sizeof(*f));
    if (!f)
        abort();
    f->metrics = m;
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
                             "Age of the last transaction's oldest record when it was committed.");
    f->resident = metrics_add(m, METRIC_GAUGE, "mooc_aggregator_resident_bytes", NULL,
                              "Memory of learners' states kept between batches.");
    for (int part = 0; part < WRITER_PARTS; part++)
        f->parts[part] =
            metrics_add(m, METRIC_COUNTER, "mooc_aggregator_part_seconds_total", part_labels[part],
                        "Time spent by part: CPU time, of loading elapsed time.");
    return f;
}

void writer_metrics_free(struct writer_metrics *figures)
{
    free(figures);
}

void writer_metrics_spent(struct writer_metrics *f, enum writer_part part, int64_t us)
{
    metric_increase(f->parts[part], (double)us / 1e6);
}

/* "gen_7.states" gives "states", of the archive's and the offsets' tables the words after the dot as well. */
static void name_table(const char *sql, char out[32])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
    static const char *const schemas[] = {"gen_", "pulse.", "archive."};
    const char *dot = NULL;
    /* A schema's name may stand in a text as well: the first that has a dot behind it. */
    for (size_t i = 0; dot == NULL && i < ARRAY_LEN(schemas); i++)
        for (const char *at = sql; dot == NULL && (at = strstr(at, schemas[i])) != NULL; at++) {
            const char *end = at + strspn(at, letters);
            dot = *end == '.' ? end : NULL;
        }
    snprintf(out, 32, "%.*s", dot ? (int)strspn(dot + 1, letters) : 0, dot ? dot + 1 : "");
}

void writer_metrics_statement(void *context, const char *sql, int64_t us)
{
    struct writer_metrics *f = context;
    char table[32] = "commit", labels[48];
    if (strcmp(sql, "COMMIT") != 0)
        name_table(sql, table);
    snprintf(labels, sizeof(labels), "table=\"%s\"", table);
    metric_increase(metrics_add(f->metrics, METRIC_COUNTER, "mooc_aggregator_statement_seconds_total",
                                labels, "Time the batches' statements took, by table."),
                    (double)us / 1e6);
}

void writer_metrics_lag(struct writer_metrics *f, int64_t lag)
{
    metric_set(f->lag, (double)lag);
}

void writer_metrics_resident(struct writer_metrics *f, size_t resident_bytes)
{
    metric_set(f->resident, (double)resident_bytes);
}

void writer_metrics_transaction(struct writer_metrics *f, const struct transaction *t,
                                int64_t elapsed_ms, int64_t lag)
{
    metric_increase(f->records, (double)t->records);
    metric_increase(f->unreadable, (double)t->unreadable_count);
    metric_increase(f->batches, 1);
    metric_increase(f->busy, (double)elapsed_ms / 1000);
    metric_set(f->lag, (double)lag);
    if (t->records)
        metric_set(f->latency, (double)(clock_now_us() - t->oldest_log_time) / 1e6);
}
