/* What can be said of a job before it is handed over, by whoever types the command: so that what is wrong by itself does not wait in the
 * spool until somebody starts the service. */
#ifndef MOOC_FILES_JOB_CHECK_H
#define MOOC_FILES_JOB_CHECK_H

#include "../../common/options.h"
#include "files_job.h"

/* path: the file; NULL for a revocation. The file is read whole as the owner would read it, wave, unit and kept import are looked up as
 * it would look them up. What only the owner knows is left to it. ERROR_USAGE, or ERROR_DATA where the file is at fault. */
bool job_check(const struct options *options, const char *source, const struct files_job *job,
               const char *path, struct error *err) MUST_CHECK;

#endif
