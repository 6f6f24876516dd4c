/* The commands `dead list|retry|drop`. Each returns the exit code. */
#ifndef MOOC_INGEST_DEAD_COMMAND_H
#define MOOC_INGEST_DEAD_COMMAND_H

#include "../../common/options.h"

int command_dead_list(const struct program *program, const struct options *options);
int command_dead_retry(const struct program *program, const struct options *options);
int command_dead_drop(const struct program *program, const struct options *options);

#endif
