/* Small files, whole: written beside and renamed, so that a reader sees the old or the new one. */
#ifndef MOOC_FILE_H
#define MOOC_FILE_H

#include "base.h"
#include "error.h"

/* Mode 0600. */
bool file_write_whole(const char *path, const void *bytes, size_t length, struct error *err)
    MUST_CHECK;
/* The same, and on the disk, come what may, once it returns: for what is about to be relied on elsewhere, in Kafka, in PostgreSQL or by
 * who was told that it is kept. */
bool file_write_lasting(const char *path, const void *bytes, size_t length, struct error *err)
    MUST_CHECK;
/* Before long work: can a file be written there? ERROR_USAGE where it is a folder, a link or a device, or the one above is missing or takes none. NULL is fine. */
bool file_check_out(const char *path, struct error *err) MUST_CHECK;
/* The same of a folder that is there and takes files, or can be made; parents are not made. */
bool file_check_folder_out(const char *path, struct error *err) MUST_CHECK;
#define FILE_NAME_SIZE 128
/* A code as a name of a file that is one everywhere: codes are [A-Za-z0-9-], anything else becomes "_". */
void file_name_of(const char *code, char out[FILE_NAME_SIZE]);
/* On the disk, come what may; also of a folder, whose names it then holds. */
bool file_sync(const char *path, struct error *err) MUST_CHECK;
/* NUL-terminated; caller frees. ERROR_CONFIG when it cannot be read or is larger than max. */
char *file_read_whole(const char *path, size_t max, size_t *length, struct error *err);

/* For root, who hands something over to a service of another user: what is made until file_as_ourselves belongs to the owner of what
 * there is of the path, and is made as that user could. Of this thread only. Others than root: nothing changes. */
void file_as_owner_of(const char *path);
void file_as_ourselves(void);

#endif
