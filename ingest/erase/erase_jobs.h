/* The owner's end of erasures: a job in the spool queue "+erase" (erased_keys.h) is carried out by every shard that is this instance's,
 * then by the local files. Other instances are to be given the same job: what it repeats changes nothing. */
#ifndef MOOC_INGEST_ERASE_JOBS_H
#define MOOC_INGEST_ERASE_JOBS_H

#include "../../common/options.h"
#include "../shard/shard.h"
#include "../sources.h"

struct erase_jobs;

struct erase_jobs *erase_jobs_new(const char *data_dir, int32_t partitions);
void erase_jobs_free(struct erase_jobs *jobs); /* NULL-safe */
/* Looks for a job a few times a second, and carries one on. home: shard of each source; shards: by partition, NULL or paused where not
 * ours. */
void erase_jobs_tick(struct erase_jobs *jobs, const struct sources *sources, const int32_t *home,
                     struct shard *const *shards);

/* `erase FILE`: hands over a job that came as a file, waits, and prints what came of it. Returns the exit code. */
int command_erase(const struct program *program, const struct options *options);

#endif
