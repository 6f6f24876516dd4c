#include "backup_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "tree.h"

#define MAX_TEXT ((size_t)4 << 20)
#define PATH_SIZE 4096

/* ---- saving ---- */

bool backup_files_begin(struct backup_files *files, const struct options *options,
                        const char *folder, const char *config_name, struct error *err)
{
    char path[PATH_SIZE];
    size_t length = 0;
    const struct yaml *document = options_document(options);
    *files = (struct backup_files){.options = options, .folder = folder};
    if (!document)
        return error_set(err, ERROR_USAGE, false, "say with --config what is to be saved");
    snprintf(path, sizeof(path), "%s/secrets", folder);
    if (!tree_is_free(folder, err) || !file_check_folder_out(folder, err) || !tree_make(path, err))
        return false;
    char *text = file_read_whole(yaml_name(document), MAX_TEXT, &length, err);
    snprintf(path, sizeof(path), "%s/%s", folder, config_name);
    bool fine = text && file_write_whole(path, text, length, err);
    free(text);
    return fine;
}

bool backup_files_add(struct backup_files *files, const char *given, struct error *err)
{
    char to[PATH_SIZE], line[PATH_SIZE + 32];
    size_t length;
    char *path = options_resolve_path(files->options, given);
    char *absolute = realpath(path, NULL);
    snprintf(line, sizeof(line), " %s\n", absolute ? absolute : path);
    bool known = files->list.length > 0 && strstr(files->list.data, line) != NULL;
    char *bytes = known ? NULL : file_read_whole(path, MAX_TEXT, &length, err);
    bool fine = known;
    if (bytes) {
        snprintf(to, sizeof(to), "%s/secrets/%lld", files->folder, (long long)files->count);
        text_buffer_add_format(&files->list, "%lld%s", (long long)files->count++, line);
        fine = file_write_whole(to, bytes, length, err);
    }
    free(bytes);
    free(absolute);
    free(path);
    return fine;
}

/* What a program writes, whatever part of the file it stands in. */
static bool names_output(const char *key)
{
    const char *dot = strrchr(key, '.');
    const char *last = dot ? dot + 1 : key;
    return strcmp(last, "port_file") == 0 || strcmp(last, "metrics_file") == 0;
}

/* A key without a value is one that was not given. */
static bool names_secret(const char *key, const struct yaml_node *value)
{
    size_t length = strlen(key);
    const char *path = yaml_scalar(value);
    return length > 5 && strcmp(key + length - 5, "_file") == 0 && !names_output(key) && path &&
           path[0] != '\0';
}

static bool add_named(struct backup_files *files, const struct yaml_node *node, struct error *err)
{
    bool fine = true;
    for (size_t i = 0; fine && i < yaml_count(node); i++) {
        bool mapping = yaml_kind(node) == YAML_MAPPING;
        const char *key = mapping ? yaml_key(node, i) : "";
        const struct yaml_node *value = mapping ? yaml_get(node, key) : yaml_item(node, i);
        fine = names_secret(key, value) ? backup_files_add(files, yaml_scalar(value), err)
                                        : add_named(files, value, err);
    }
    return fine;
}

bool backup_files_add_named(struct backup_files *files, struct error *err)
{
    return add_named(files, yaml_root(options_document(files->options)), err);
}

bool backup_files_end(struct backup_files *files, struct error *err)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/secrets/list", files->folder);
    return file_write_whole(path, files->list.data ? files->list.data : "", files->list.length, err);
}

void backup_files_free(struct backup_files *files)
{
    text_buffer_free(&files->list);
}

/* ---- putting back ---- */

/* Something stands at path already. */
static bool compare(const char *path, const char *saved, const char *bytes, size_t length,
                    struct backup_put *put, struct error *err)
{
    size_t there = 0;
    char *now = file_read_whole(path, MAX_TEXT, &there, err);
    bool same = now && there == length && memcmp(now, bytes, length) == 0;
    bool read = now != NULL;
    free(now);
    if (!read || same)
        return same;
    if (put->other == BACKUP_OTHER_REFUSED)
        return error_set(err, ERROR_USAGE, false,
                         "%s is there already, and is another than the saved one: take it away if "
                         "the saved one is right",
                         path);
    if (put->write)
        text_buffer_add_format(&put->kept, "%s (saved as %s)\n", path, saved);
    return true;
}

static bool put_one(const char *folder, const char *number, const char *path,
                    struct backup_put *put, struct error *err)
{
    char from[PATH_SIZE], parent[PATH_SIZE];
    size_t length;
    snprintf(from, sizeof(from), "%s/secrets/%s", folder, number);
    char *bytes = file_read_whole(from, MAX_TEXT, &length, err);
    if (!bytes)
        return false;
    bool fine = true;
    if (access(path, F_OK) == 0) {
        fine = compare(path, from, bytes, length, put, err);
    } else if (put->write) {
        snprintf(parent, sizeof(parent), "%s", path);
        char *slash = strrchr(parent, '/');
        if (slash && slash != parent) {
            *slash = '\0';
            fine = tree_make(parent, err);
        }
        fine = fine && file_write_whole(path, bytes, length, err);
    }
    free(bytes);
    return fine;
}

bool backup_files_put(const char *folder, struct backup_put *put, struct error *err)
{
    char path[PATH_SIZE];
    size_t length;
    snprintf(path, sizeof(path), "%s/secrets/list", folder);
    char *list = file_read_whole(path, MAX_TEXT, &length, err);
    bool fine = list != NULL;
    char *rest = NULL;
    for (char *line = list ? strtok_r(list, "\n", &rest) : NULL; fine && line;
         line = strtok_r(NULL, "\n", &rest)) {
        char *space = strchr(line, ' ');
        if (!space || space == line || strspn(line, "0123456789") != (size_t)(space - line)) {
            fine = error_set(err, ERROR_CONFIG, false, "%s is damaged", path);
            break;
        }
        *space = '\0';
        fine = put_one(folder, line, space + 1, put, err);
    }
    free(list);
    return fine;
}

void backup_put_free(struct backup_put *put)
{
    text_buffer_free(&put->kept);
}
