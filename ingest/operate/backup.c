#include "backup.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../common/backup_files.h"
#include "../../common/manifest.h"
#include "../../common/key_ring.h"
#include "../../common/tree.h"

#define PATH_SIZE 4096

static int finish(const struct error *err)
{
    if (err->kind != ERROR_NONE)
        fprintf(stderr, "mooc-ingest: %s\n", err->message);
    return error_exit_code(err);
}

/* ---- backup ---- */

/* Written anew by a running instance, or only of use to it. */
static bool is_made_anew(const char *name)
{
    size_t length = strlen(name);
    return strcmp(name, "lock") == 0 || strcmp(name, "status.json") == 0 ||
           strncmp(name, "holds.", 6) == 0 || (length > 4 && strcmp(name + length - 4, ".tmp") == 0);
}

static bool save_keys(struct backup_files *files, const char *first, struct error *err)
{
    char path[PATH_SIZE];
    bool fine = true;
    for (int64_t v = 1; fine && v <= options_number(files->options, "hmac_key_version"); v++) {
        key_ring_file(first, v, path, sizeof(path));
        fine = backup_files_add(files, path, err);
    }
    return fine;
}

/* Without its connectors a configuration cannot be used. */
static bool save_connectors(struct backup_files *files, const char *folder, struct error *err)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return error_tell(err, ERROR_CONFIG, false, "connectors_dir %s: " REASON_VI,
                          "connectors_dir %s: " REASON_EN, folder, ERROR_REASON(errno));
    bool fine = true;
    for (struct dirent *file; fine && (file = readdir(dir));) {
        char path[PATH_SIZE];
        size_t length = strlen(file->d_name);
        if (file->d_name[0] == '.' || length < 6 || strcmp(file->d_name + length - 5, ".yaml") != 0)
            continue;
        snprintf(path, sizeof(path), "%.3800s/%.255s", folder, file->d_name);
        fine = backup_files_add(files, path, err);
    }
    closedir(dir);
    return fine;
}

/* kept: how many files of the data_dir. */
static bool save_all(struct backup_files *files, const struct program *program, int64_t *kept,
                     struct error *err)
{
    char to[PATH_SIZE];
    const char *key = options_text(files->options, "hmac_key_file"),
               *connectors = options_text(files->options, "connectors_dir");
    snprintf(to, sizeof(to), "%s/data", files->folder);
    return (!key || save_keys(files, key, err)) && backup_files_add_named(files, err) &&
           (!connectors || save_connectors(files, connectors, err)) && backup_files_end(files, err) &&
           tree_copy(options_text(files->options, "data_dir"), to, is_made_anew, kept, err) &&
           manifest_write(program, "backup_of", files->folder, "", err);
}

int command_backup(const struct program *program, const struct options *options)
{
    struct error err = {0};
    struct backup_files files;
    int64_t kept = 0;
    const char *folder = options_argument(options, 0);
    if (backup_files_begin(&files, options, folder, "ingest.yaml", &err) &&
        save_all(&files, program, &kept, &err))
        printf("saved into %s: the configuration, %lld files that it names (secrets, connectors), "
               "%lld files of the data_dir; not the reference folder. Whoever has it can recognise "
               "people: keep it as you keep keys\n",
               folder, (long long)files.count, (long long)kept);
    backup_files_free(&files);
    return finish(&err);
}

/* ---- restore ---- */

int command_restore(const struct program *program, const struct options *options)
{
    struct error err = {0};
    char from[PATH_SIZE];
    int64_t files = 0;
    const char *folder = options_argument(options, 0),
               *data_dir = options_text(options, "data_dir");
    struct backup_put put = {.other = BACKUP_OTHER_REFUSED};
    struct json *manifest = manifest_check(program, folder, &err);
    bool fine = manifest && tree_is_free(data_dir, &err) && backup_files_put(folder, &put, &err);
    put.write = true;
    snprintf(from, sizeof(from), "%s/data", folder);
    if (fine && backup_files_put(folder, &put, &err) && tree_copy(from, data_dir, NULL, &files, &err))
        printf(
            "restored: secrets and connectors to where they stood, %lld files into %s. The "
            "configuration is %s/ingest.yaml; what mooc-ingest remembers is in Kafka (if that is "
            "lost too: `mooc-ingest state rebuild`)\n",
            (long long)files, data_dir, folder);
    json_free(manifest);
    backup_put_free(&put);
    return finish(&err);
}
