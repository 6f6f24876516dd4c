/* What the backups of both services hold of a configuration: the file itself, and under DIR/secrets/<number> the files that it names
 * (secrets first of all), with DIR/secrets/list saying where each stood ("<number> <path>" a line). Modes 0700 and 0600. */
#ifndef MOOC_BACKUP_FILES_H
#define MOOC_BACKUP_FILES_H

#include "options.h"
#include "text_buffer.h"

struct backup_files {
    const struct options *options;
    const char *folder;
    struct text_buffer list;
    int64_t count;
};

/* Refuses a folder that is not empty, and options without a YAML file. The file is copied as config_name. */
bool backup_files_begin(struct backup_files *files, const struct options *options,
                        const char *folder, const char *config_name, struct error *err) MUST_CHECK;
/* One file that is put back where it stands; the same one again is nothing. */
bool backup_files_add(struct backup_files *files, const char *path, struct error *err) MUST_CHECK;
/* Every `…_file` of the configuration that names a secret. */
bool backup_files_add_named(struct backup_files *files, struct error *err) MUST_CHECK;
/* Writes the list. */
bool backup_files_end(struct backup_files *files, struct error *err) MUST_CHECK;
void backup_files_free(struct backup_files *files);

/* What stands there already and is another than the saved one: */
enum backup_other { BACKUP_OTHER_REFUSED, BACKUP_OTHER_KEPT };
struct backup_put {
    enum backup_other other;
    bool write;              /* false: only looks whether it could be done */
    struct text_buffer kept; /* "PATH (saved as DIR/secrets/N)" a line: others that were kept */
};
/* Each file to where it stood, where it is missing. Freed by backup_put_free. */
bool backup_files_put(const char *folder, struct backup_put *put, struct error *err) MUST_CHECK;
void backup_put_free(struct backup_put *put);

#endif
