/* Folders: making, looking into and copying them. */
#ifndef MOOC_TREE_H
#define MOOC_TREE_H

#include "base.h"
#include "error.h"

/* Missing or empty? *err says why not. */
bool tree_is_free(const char *path, struct error *err) MUST_CHECK;
bool tree_make(const char *path, struct error *err)
    MUST_CHECK; /* 0700; parents too; fine if it is there */
/* One folder, without its parents; fine if it is there. The error says what to do: ERROR_USAGE. */
bool tree_make_folder(const char *path, unsigned mode, struct error *err) MUST_CHECK;
/* Copies regular files and folders, 0600 and 0700; files of the top folder for which leave_out says true are not. What vanishes
 * meanwhile is left out. *files counts. */
bool tree_copy(const char *from, const char *to, bool (*leave_out)(const char *name),
               int64_t *files, struct error *err) MUST_CHECK;
/* With all that stands in it; links are removed, not followed. What cannot be removed stays. */
void tree_remove(const char *path);

#endif
