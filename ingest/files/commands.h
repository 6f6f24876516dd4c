/* The commands `import` and `correct`: hand a file to the running mooc-ingest through the spool. Each returns the exit code. */
#ifndef MOOC_INGEST_FILES_COMMANDS_H
#define MOOC_INGEST_FILES_COMMANDS_H

#include "../../common/options.h"

int files_import_command(const struct program *program, const struct options *options);
int files_correct_command(const struct program *program, const struct options *options);

#endif
