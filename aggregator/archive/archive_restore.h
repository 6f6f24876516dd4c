/* Loads an export back into archive.events: into the empty archive of a new server, or one month that was detached and dropped.
 *
 * Into an empty archive: first all files are read and checked; then the vector is set (archive.offsets, to what archive_through says
 * of each partition) and the months stand as detached; then each month is loaded in a transaction of its own. Killed in between, the
 * same call goes on with the months that are missing. Of who was erased since the export, rows keep no value. Records at or behind
 * archive_through, which the log gives again, are left out. The live generation is not touched: it must reach the same vector before
 * `run` may write, which is `replay start --from-archive` and `replay promote`, or a backup of the database that stood there. */
#ifndef MOOC_ARCHIVE_RESTORE_H
#define MOOC_ARCHIVE_RESTORE_H

#include "../pg.h"

struct archive_import_outcome {
    size_t months; /* loaded now */
    int64_t rows;
};

/* month: "2026-03", only this one, of an archive that lacks it; NULL: all. pg is in no transaction. topic: the option events_topic; an
 * export of another one is refused (ERROR_STATE), as is an archive that is neither empty nor this export's. */
bool archive_import(struct pg *pg, const char *topic, const char *dir, const char *month,
                    struct archive_import_outcome *outcome, struct error *err) MUST_CHECK;

#endif
