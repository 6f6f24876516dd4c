/* What local files of a files source hold in clear of erased learners: of kept lists their rows go, other kept originals that name one go
 * whole, and so do rows in quarantine. */
#ifndef MOOC_ERASE_RUN_H
#define MOOC_ERASE_RUN_H

#include "../erase/local_erasure.h"
#include "files_env.h"
#include "../../common/roster_read.h"
#include "row_correction.h"

struct erase_run;

struct erase_run *erase_run_new(const struct files_env *env, const struct local_erasure *erasure);
/* True when it is over; counts what went. Ticked while the shard is ready; never blocks. */
bool erase_run_tick(struct erase_run *run, struct shard *shard, struct local_erased *done);
void erase_run_free(struct erase_run *run); /* NULL-safe */

/* A list that was imported though it names people who were erased: its copy is cleared of them. contents are in place. */
struct import_run;
void erase_clear_import(struct shard *shard, struct import_run *import);

/* Is the row of an erased learner, whatever its unit? For rows that are no event. */
bool erase_names_row(const struct files_env *env, const struct shard *shard,
                     const struct roster_person *person, const struct row_correction *correction);

#endif
