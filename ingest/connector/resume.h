/* Going on in the middle: how far a long sweep has come stands in the state topic, in the same transaction as what was observed before
 * it, so that whoever comes next need not ask for those pages again. The rest of a sweep counts for the mark, never as evidence of
 * absence. Links can hold names, so the place is sealed with the HMAC key. */
#ifndef MOOC_CONNECTOR_RESUME_H
#define MOOC_CONNECTOR_RESUME_H

#include "job.h"

/* Fills from, started_us and resumed_seen if an earlier process left off in the middle of this sweep. */
bool resume_find(struct job *job);
/* Called between pages: keeps the place now and then. Writes nothing for sweeps of a few seconds. */
void resume_keep(struct job *job);
void resume_forget(struct job *job);

#endif
