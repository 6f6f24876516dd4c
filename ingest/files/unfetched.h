/* What was handed over to a source of lists and is not done yet, and the answers that nobody fetched: a command that nobody could answer
 * ends, and whoever typed it must see later what came of it. Read from the spool, so that it is told also while nobody runs. */
#ifndef MOOC_FILES_UNFETCHED_H
#define MOOC_FILES_UNFETCHED_H

#include "../../common/options.h"
#include "../../common/tell.h"

/* On standard output, for `import list`: each job that waits, each answer whole. */
void unfetched_print(const char *data_dir, const char *source, const struct teller *to);
/* On standard output, for `status`: a line for each source of kind files that has any. runs: a mooc-ingest is at work here. */
void unfetched_count(const struct options *options, const struct teller *to, bool runs);

#endif
