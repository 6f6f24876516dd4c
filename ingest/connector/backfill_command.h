#ifndef MOOC_CONNECTOR_BACKFILL_COMMAND_H
#define MOOC_CONNECTOR_BACKFILL_COMMAND_H

#include "../../common/options.h"

/* Returns the exit code. */
int backfill_command(const struct program *program, const struct options *options);

#endif
