/* The watched folder: which file is whole and ready, and where it goes when it is done. */
#ifndef MOOC_FILES_FOLDER_H
#define MOOC_FILES_FOLDER_H

#include "../../common/error.h"

struct folder;

/* Makes done/ and failed/ in it. */
struct folder *folder_open(const char *path, struct error *err);
void folder_close(struct folder *folder); /* NULL-safe */

/* Looks through the folder; a file counts as whole when looks at least rest_ms apart found it with one size and time, however many there
 * were between. False: none is ready, or, with err set, nothing can be seen. path: of the oldest one that is ready; *saved_us: its time. */
bool folder_next(struct folder *folder, int64_t rest_ms, char path[4096], int64_t *saved_us,
                 struct error *err);
/* Moves the file to done/ or failed/ and writes `text` beside it as <name>.txt. A file that cannot be moved is not offered again
 * until it changes; one that was replaced since folder_next offered it stays and is offered as the new file that it is. */
bool folder_finish(struct folder *folder, const char *path, bool done, const char *text,
                   struct error *err) MUST_CHECK;
/* Entries that the last look passed over: folders, links, devices. */
size_t folder_ignored(const struct folder *folder);
/* Deletes what lies in done/ and failed/ for longer. */
void folder_clean(const struct folder *folder, int64_t older_than_ms);

#endif
