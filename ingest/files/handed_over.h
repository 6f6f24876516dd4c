/* Work that was handed over before and is not done yet: typed again, it is not queued again. */
#ifndef MOOC_HANDED_OVER_H
#define MOOC_HANDED_OVER_H

#include "../../common/spool.h"
#include "files_job.h"

/* Does a job wait in the spool that asks for the same and whose file, if path is not NULL, has the same bytes? Gives its id. */
bool handed_over_before(const char *data_dir, const char *source, const struct files_job *job,
                        const char *path, char id[SPOOL_ID_SIZE]);

#endif
