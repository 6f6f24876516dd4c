/* Rows that could not become events, in clear, one file each: <data_dir>/quarantine/<source>/<wave>.<row key>.json, mode 0600.
 * They are tried again when the reference folder changes, and go when the row became an event or left its file. */
#ifndef MOOC_QUARANTINE_H
#define MOOC_QUARANTINE_H

#include "files_env.h"
#include "roster_map.h"

/* A row as it was kept. The texts belong to `arena`. */
struct quarantined {
    struct arena arena;
    char path[4096];
    char row_key[33];
    const char *import_id, *file, *sheet, *wave;
    struct roster_person person; /* unit NULL */
};

/* letter: the dead letter that goes out. */
bool quarantine_put(const struct files_env *env, const struct roster_origin *origin,
                    const struct event *letter, const struct roster_person *person,
                    struct error *err) MUST_CHECK;
/* Calls back for each kept row of the source; return false to stop. */
typedef bool (*quarantine_visit)(void *context, const struct quarantined *row);
void quarantine_for_each(const struct files_env *env, quarantine_visit visit, void *context);
void quarantine_path(const struct files_env *env, const char *wave, const char *row_key,
                     char out[4096]);

#endif
