/* What a running mooc-ingest tells of itself: readiness, metrics and <data_dir>/status.json, which `mooc-ingest status` reads. */
#ifndef MOOC_INGEST_REPORT_H
#define MOOC_INGEST_REPORT_H

#include "../sources.h"

#define REPORT_STALE_MS 5000 /* an older report means that nothing runs */

struct report {
    const struct options *options;
    const char *instance;
    const struct sources *sources;
    const int32_t *home;         /* shard of each source */
    struct shard *const *shards; /* by partition, NULL where not ours */
    int32_t partitions;
    const struct error *group_problem; /* NULL: this instance has its work */
    const struct error *kafka_away;    /* NULL: Kafka answers */
};

void report_write(const struct report *report);
/* Before there is anything else to tell: Kafka does not answer. */
void report_write_waiting(const struct options *options, const struct error *reason);
/* What it says of the sources, to be told on after they are closed. */
void report_sources(const struct report *report, struct text_buffer *out);
/* sources: the above; NULL where it never got so far. */
void report_write_stopped(const struct options *options, const char *sources);

const char *report_shard_status(enum shard_status status);

#endif
