/* What `mooc-ingest check` and `sample` tell of a files source. Blocking; nothing is published or moved. */
#ifndef MOOC_FILES_PROBE_H
#define MOOC_FILES_PROBE_H

#include "files_env.h"
#include "files_settings.h"

bool files_check(const struct files_env *env, const struct files_settings *settings,
                 struct error *err) MUST_CHECK;
/* Up to n rows of the files that wait in the watched folder, as events with keyed identifiers. */
bool files_sample(const struct files_env *env, const struct files_settings *settings, int n,
                  struct error *err) MUST_CHECK;

#endif
