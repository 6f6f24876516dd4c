/* A filled-in sheet of corrections on its way: each line finds its row in the kept original, the row's old entity goes and the
 * corrected one comes in one transaction. Ticked by the source; never blocks. */
#ifndef MOOC_CORRECT_RUN_H
#define MOOC_CORRECT_RUN_H

#include "files_env.h"
#include "files_job.h"
#include "files_report.h"

struct correct_run;

struct correct_run *correct_run_new(const struct files_env *env, const struct files_job *job);
bool correct_run_tick(struct correct_run *run, struct shard *shard); /* true when it is over */
const struct files_report *correct_run_report(const struct correct_run *run);
void correct_run_progress(const struct correct_run *run, struct told *out);
void correct_run_free(struct correct_run *run); /* NULL-safe */

#endif
