/* `mooc-ingest state rebuild` and `state show`. */
#ifndef MOOC_INGEST_REBUILD_H
#define MOOC_INGEST_REBUILD_H

#include "../../common/options.h"

/* Both return the exit code. */
int state_rebuild(const struct program *program, const struct options *options);
int state_show(const struct program *program, const struct options *options);

#endif
