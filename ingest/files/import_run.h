/* One list on its way: read, mapped, observed, committed. Ticked by the source; never blocks. */
#ifndef MOOC_IMPORT_RUN_H
#define MOOC_IMPORT_RUN_H

#include "files_env.h"
#include "files_job.h"
#include "files_report.h"

struct import_run;

/* env and what it points to outlive the run. Wave and unit are checked here: a wrong one ends the run at its first tick. */
struct import_run *import_run_new(const struct files_env *env, const struct files_job *job);
/* True when it is over: everything committed, or report->error says why not. */
bool import_run_tick(struct import_run *run, struct shard *shard);
const struct files_report *import_run_report(const struct import_run *run);
/* "reading", "1200 of 2716 rows" */
void import_run_progress(const struct import_run *run, struct told *out);
void import_run_free(struct import_run *run); /* abandons open sweeps; NULL-safe */

/* When the last list of this kind was taken (µs), and whether it was a complete one; 0 = none yet. */
int64_t import_last_taken(const struct shard *shard, const char *source, enum files_kind kind,
                          bool *complete);

#endif
