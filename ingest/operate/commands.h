/* The commands of mooc-ingest but `run`, `status` and `state`. Each returns the exit code. */
#ifndef MOOC_INGEST_COMMANDS_H
#define MOOC_INGEST_COMMANDS_H

#include "../../common/options.h"

int command_check(const struct program *program, const struct options *options);
int command_discover(const struct program *program, const struct options *options);
int command_sample(const struct program *program, const struct options *options);
int command_hold_list(const struct program *program, const struct options *options);
int command_hold_accept(const struct program *program, const struct options *options);
int command_hold_reject(const struct program *program, const struct options *options);
int command_status(const struct program *program, const struct options *options);

#endif
