/* `mooc-ingest run`: the loop over ownership, shards and sources. */
#ifndef MOOC_INGEST_ENGINE_H
#define MOOC_INGEST_ENGINE_H

#include "../common/options.h"

/* Returns the exit code. */
int engine_run(const struct program *program, const struct options *options);

/* One process per data_dir: a locked file, freed when the process ends. fd, or -1 with err set. */
int engine_lock(const char *data_dir, struct error *err);
/* Is it locked just now? */
bool engine_runs(const char *data_dir);

#endif
