/* Dead letters dropped by an operator: the command leaves a job in the spool queue "<source>.dead", the owner of the source's shard
 * withdraws the letters (record.accepted) and forgets what was kept of the records. For every kind of source. */
#ifndef MOOC_INGEST_DEAD_JOBS_H
#define MOOC_INGEST_DEAD_JOBS_H

#include "../shard/shard.h"

struct dead_jobs;

struct dead_jobs *dead_jobs_new(const char *data_dir, const char *source);
void dead_jobs_free(struct dead_jobs *jobs); /* NULL-safe */
/* Takes a waiting job up, or carries one on. Call it while the shard is ready; looks into the spool three times a second. */
void dead_jobs_tick(struct dead_jobs *jobs, struct shard *shard);

#define DEAD_ALL "all" /* instead of a letter's id */
/* For the command: hands over, waits; prints what came of it. Returns the exit code. */
int dead_jobs_drop(const struct options *options, const char *source, const char *id);

#endif
