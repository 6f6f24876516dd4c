/* A secret in a file, read again when the file changes. What is in use stays so until another one can be read. */
#ifndef MOOC_CONNECTOR_SECRET_FILE_H
#define MOOC_CONNECTOR_SECRET_FILE_H

#include "../../common/error.h"

struct secret_file;

/* NULL with ERROR_CONFIG when there is none at first. */
struct secret_file *secret_file_new(const char *path, struct error *err);
void secret_file_free(struct secret_file *file); /* wiped */

/* Looks at the file (by time, inode and size) if it was not looked at in the last second, or at once. True when the secret is
 * another one now; texts given before are gone then. */
bool secret_file_changed(struct secret_file *file, int64_t now_ms, bool at_once);

const char *secret_file_text(const struct secret_file *file);
/* ERROR_NONE, or why what stands in the file now cannot be used. */
const struct error *secret_file_error(const struct secret_file *file);

#endif
