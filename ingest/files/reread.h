/* Reads kept originals of imports again, one after the other, to see what they said. */
#ifndef MOOC_REREAD_H
#define MOOC_REREAD_H

#include "import_internal.h"

struct reread;

/* unread is called with an import that cannot be read, and why in its contents' err; true: it is tried again later. */
typedef bool (*reread_unread)(void *context, struct import_run *run);
struct reread *reread_new(const struct files_env *env, reread_unread unread);
void reread_free(struct reread *reread); /* NULL-safe */
/* Another import to read; one that is not kept is passed over. */
void reread_add(struct reread *reread, const char *id);
/* True when all were read. visit is called once for each, with its contents in place; it must not be kept. */
typedef void (*reread_visit)(void *context, struct import_run *run);
bool reread_tick(struct reread *reread, reread_visit visit, void *context);

/* What a row of a file is read as. */
struct file_reader *import_start_reading(const struct import_run *run);

#endif
