/* An import taken back: what it said and no other kept import says is removed; what another one says as well is as that one says
 * again. Ticked by the source; never blocks. */
#ifndef MOOC_REVOKE_RUN_H
#define MOOC_REVOKE_RUN_H

#include "files_env.h"
#include "files_job.h"
#include "files_report.h"

struct revoke_run;

/* job->target is the import; env outlives the run. */
struct revoke_run *revoke_run_new(const struct files_env *env, const struct files_job *job);
bool revoke_run_tick(struct revoke_run *run, struct shard *shard); /* true when it is over */
const struct files_report *revoke_run_report(const struct revoke_run *run);
void revoke_run_free(struct revoke_run *run); /* NULL-safe */

#endif
