/* DIR/manifest.json of a folder that a program made whole, a backup or a pack of reports: which program and when, what that program
 * adds, and every file with its size and SHA-256. It is written last, so that a folder without it is not whole. */
#ifndef MOOC_MANIFEST_H
#define MOOC_MANIFEST_H

#include "json.h"
#include "options.h"

#define MANIFEST_FORMAT 1

/* What it names is on the disk before it is. what: the member that names the program ("backup_of", "pack_by"); more: members that the
 * program adds, as JSON (",\"a\":1"), or "". */
bool manifest_write(const struct program *program, const char *what, const char *folder,
                    const char *more, struct error *err) MUST_CHECK;

/* Of a backup: the manifest, once every file that it names was found to be what it says. NULL: ERROR_USAGE when the folder is no whole backup of
 * this program or of another format, ERROR_STATE when a file is missing or damaged. Freed with json_free. */
struct json *manifest_check(const struct program *program, const char *folder, struct error *err);

#endif
