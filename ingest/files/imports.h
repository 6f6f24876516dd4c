/* Originals of imported lists: <data_dir>/imports/<import id>/ with the file and import.json, mode 0600, kept for some days so
 * that a correction finds its row again by file, sheet and row. */
#ifndef MOOC_IMPORTS_H
#define MOOC_IMPORTS_H

#include "files_env.h"
#include "file_reader.h"
#include "files_job.h"
#include "../../common/tell.h"

/* Copies the job's file and sets job->path to the copy: what is read is what is kept. Done before with the same id: nothing. */
bool imports_keep(const struct files_env *env, struct files_job *job, struct error *err) MUST_CHECK;
/* From now on the copy is without those people of the list who are gone, and their rows are nowhere; where nobody is left, or it cannot be
 * written, it is not kept at all. */
void imports_clear(const struct files_env *env, const struct files_job *job,
                   const struct file_contents *contents, const bool *gone);
/* The file was no list: it is not kept. */
void imports_drop(const struct files_env *env, const struct files_job *job);
/* The newest import of this source whose file has this name (compared folded), or the newest one before the import `before`
 * ("" = any); out->path is the original, out->id its import. */
bool imports_find(const struct files_env *env, const char *file, const char *before,
                  struct files_job *out) MUST_CHECK;
/* The kept import of this source with this id; out->path is the original. */
bool imports_load(const struct files_env *env, const char *id, struct files_job *out) MUST_CHECK;
/* Says that none has the id that was asked for. False. */
bool imports_unknown(const struct files_env *env, struct error *err);
/* Ids of all kept imports of this source and kind, oldest first; caller frees *ids. Returns how many. */
size_t imports_list(const struct files_env *env, enum files_kind kind, char (**ids)[64]);
/* Lists the kept imports of a source on standard output, for `import list`. */
void imports_print(const char *data_dir, const char *source, const struct teller *to);
/* Removes what is older than env->keep_ms. */
void imports_prune(const struct files_env *env);

#endif
