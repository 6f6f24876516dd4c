/* The commands `import` and `correct`: hand a file to the running mooc-ingest through the spool. Each returns the exit code. */
#ifndef MOOC_INGEST_FILES_COMMANDS_H
#define MOOC_INGEST_FILES_COMMANDS_H

#include "../../common/options.h"

int files_import_command(const struct program *program, const struct options *options);
int files_correct_command(const struct program *program, const struct options *options);
/* `import revoke ID`: preview, then taken back. `import list`: what is kept and can be revoked. */
int files_revoke_command(const struct program *program, const struct options *options);
int files_list_command(const struct program *program, const struct options *options);
/* Has the running mooc-ingest try the rejected rows of this source again. */
int files_retry(const struct options *options, const char *source);

#endif
