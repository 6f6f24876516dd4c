/* Who had a files source do what: for `mooc-ingest audit`. */
#ifndef MOOC_DONE_NOTE_H
#define MOOC_DONE_NOTE_H

#include "files_env.h"
#include "files_job.h"
#include "files_report.h"

/* Notes work that changed something, or found nothing to change; previews and what was refused whole are not noted. result: the report as
 * JSON. What is done is done: that it could not be noted is told in the log, and no reason to do it again. */
void done_note(const struct files_env *env, const struct files_job *job,
               const struct files_report *report, const char *result);

#endif
