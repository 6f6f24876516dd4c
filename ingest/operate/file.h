/* Small files, whole: written beside and renamed, so that a reader sees the old or the new one. */
#ifndef MOOC_INGEST_FILE_H
#define MOOC_INGEST_FILE_H

#include "../../common/base.h"
#include "../../common/error.h"

/* Mode 0600. */
bool file_write_whole(const char *path, const void *bytes, size_t length, struct error *err)
    MUST_CHECK;
/* NUL-terminated; caller frees. ERROR_CONFIG when it cannot be read or is larger than max. */
char *file_read_whole(const char *path, size_t max, size_t *length, struct error *err);

#endif
