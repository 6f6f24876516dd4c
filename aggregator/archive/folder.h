/* The folder of an archive export. Its manifest is written last, beside and renamed, so that it never names what is not there; what it
 * does not name was left by an export that was killed, and is swept away by the next one. */
#ifndef MOOC_ARCHIVE_FOLDER_H
#define MOOC_ARCHIVE_FOLDER_H

#include "gzip_file.h"
#include "manifest.h"

#define ARCHIVE_PATH 4096

struct archive_folder {
    const char *dir; /* borrowed */
    int lock;        /* descriptor of the folder, locked; -1: not */
};

/* For who writes: makes the folder where it is missing; another export at work there is ERROR_STATE. */
bool archive_folder_lock(struct archive_folder *folder, const char *dir, struct error *err)
    MUST_CHECK;
void archive_folder_unlock(struct archive_folder *folder);

/* *found false and an empty manifest where there is none yet. */
bool archive_folder_read(const char *dir, struct archive_manifest *manifest, bool *found,
                         struct error *err) MUST_CHECK;
bool archive_folder_write(const struct archive_folder *folder,
                          const struct archive_manifest *manifest, struct error *err) MUST_CHECK;
/* Is there a whole file of the month? */
bool archive_folder_has(const struct archive_folder *folder, const char *month);
/* Removes files of an export that the manifest does not name. */
void archive_folder_sweep(const struct archive_folder *folder,
                          const struct archive_manifest *manifest);

/* ERROR_CONFIG where dir/name is too long. */
bool archive_path(char out[ARCHIVE_PATH], const char *dir, const char *name, struct error *err)
    MUST_CHECK;

/* The file of a partition of a month while it is written, and then; the second name differs where the content does. */
struct gzip_writer *archive_folder_create(const struct archive_folder *folder, const char *month,
                                          int32_t partition, struct error *err);
bool archive_folder_keep(const struct archive_folder *folder, const char *month,
                         struct gzip_writer *writer, struct archive_part *part, struct error *err)
    MUST_CHECK;

#endif
