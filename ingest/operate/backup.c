#include "backup.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/text_buffer.h"
#include "../../common/yaml.h"
#include "file.h"
#include "../keys/key_ring.h"
#include "tree.h"

#define MAX_TEXT ((size_t)4 << 20)
#define PATH_SIZE 4096

static int finish(struct error *err)
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

struct saving {
    const struct options *options;
    const char *folder;
    struct text_buffer list; /* "<number> <path>" a line */
    int64_t secrets, files;  /* secrets: and connectors, which are put back likewise */
};

static bool save_secret(struct saving *s, const char *given, struct error *err)
{
    char to[PATH_SIZE], line[PATH_SIZE + 32];
    size_t length;
    char *path = options_resolve_path(s->options, given);
    char *absolute = realpath(path, NULL);
    snprintf(line, sizeof(line), " %s\n", absolute ? absolute : path);
    bool known = s->list.length > 0 && strstr(s->list.data, line) != NULL;
    char *bytes = known ? NULL : file_read_whole(path, MAX_TEXT, &length, err);
    bool fine = known;
    if (bytes) {
        snprintf(to, sizeof(to), "%s/secrets/%lld", s->folder, (long long)s->secrets);
        text_buffer_add_format(&s->list, "%lld%s", (long long)s->secrets++, line);
        fine = file_write_whole(to, bytes, length, err);
    }
    free(bytes);
    free(absolute);
    free(path);
    return fine;
}

/* Every `…_file` of the configuration that names a secret. */
static bool save_named(struct saving *s, const struct yaml_node *node, struct error *err)
{
    bool fine = true;
    for (size_t i = 0; fine && i < yaml_count(node); i++) {
        const char *key = yaml_kind(node) == YAML_MAPPING ? yaml_key(node, i) : "";
        const struct yaml_node *value =
            yaml_kind(node) == YAML_MAPPING ? yaml_get(node, key) : yaml_item(node, i);
        size_t length = strlen(key);
        bool named = length > 5 && strcmp(key + length - 5, "_file") == 0 &&
                     strcmp(key, "port_file") != 0 && yaml_kind(value) == YAML_SCALAR;
        fine = named ? save_secret(s, yaml_scalar(value), err) : save_named(s, value, err);
    }
    return fine;
}

static bool save_keys(struct saving *s, const char *first, struct error *err)
{
    char path[PATH_SIZE];
    bool fine = true;
    for (int64_t v = 1; fine && v <= options_number(s->options, "hmac_key_version"); v++) {
        key_ring_file(first, v, path, sizeof(path));
        fine = save_secret(s, path, err);
    }
    return fine;
}

/* Without its connectors a configuration cannot be used. */
static bool save_connectors(struct saving *s, const char *folder, struct error *err)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return error_set(err, ERROR_CONFIG, false, "connectors_dir %s: %s", folder, strerror(errno));
    bool fine = true;
    for (struct dirent *file; fine && (file = readdir(dir));) {
        char path[PATH_SIZE];
        size_t length = strlen(file->d_name);
        if (file->d_name[0] == '.' || length < 6 || strcmp(file->d_name + length - 5, ".yaml") != 0)
            continue;
        snprintf(path, sizeof(path), "%.3800s/%.255s", folder, file->d_name);
        fine = save_secret(s, path, err);
    }
    closedir(dir);
    return fine;
}

static bool save_all(struct saving *s, struct error *err)
{
    char from[PATH_SIZE], to[PATH_SIZE];
    const struct yaml *doc = options_document(s->options);
    const char *key = options_text(s->options, "hmac_key_file"),
               *connectors = options_text(s->options, "connectors_dir");
    size_t length = 0;
    if (!doc)
        return error_set(err, ERROR_USAGE, false, "say with --config what is to be saved");
    snprintf(to, sizeof(to), "%s/secrets", s->folder);
    if (!tree_is_free(s->folder, err) || !tree_make(to, err))
        return false;
    char *text = file_read_whole(yaml_name(doc), MAX_TEXT, &length, err);
    snprintf(to, sizeof(to), "%s/ingest.yaml", s->folder);
    bool fine = text && file_write_whole(to, text, length, err) &&
                (!key || save_keys(s, key, err)) && save_named(s, yaml_root(doc), err) &&
                (!connectors || save_connectors(s, connectors, err));
    free(text);
    snprintf(to, sizeof(to), "%s/secrets/list", s->folder);
    fine = fine && file_write_whole(to, s->list.data ? s->list.data : "", s->list.length, err);
    snprintf(from, sizeof(from), "%s", options_text(s->options, "data_dir"));
    snprintf(to, sizeof(to), "%s/data", s->folder);
    return fine && tree_copy(from, to, is_made_anew, &s->files, err);
}

int command_backup(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    struct saving s = {.options = options, .folder = options_argument(options, 0)};
    if (save_all(&s, &err))
        printf("saved into %s: the configuration, %lld files that it names (secrets, connectors), "
               "%lld files of the data_dir; not the reference folder. Whoever has it can recognise "
               "people: keep it as you keep keys\n",
               s.folder, (long long)s.secrets, (long long)s.files);
    text_buffer_free(&s.list);
    return finish(&err);
}

/* ---- restore ---- */

/* write false: only looks whether it could be. */
static bool restore_secret(const char *folder, const char *number, const char *path, bool write,
                           struct error *err)
{
    char from[PATH_SIZE], parent[PATH_SIZE];
    size_t length, there = 0;
    snprintf(from, sizeof(from), "%s/secrets/%s", folder, number);
    char *bytes = file_read_whole(from, MAX_TEXT, &length, err);
    if (!bytes)
        return false;
    bool fine = true;
    if (access(path, F_OK) == 0) {
        char *now = file_read_whole(path, MAX_TEXT, &there, err);
        fine = now && ((there == length && memcmp(now, bytes, length) == 0) ||
                       error_set(err, ERROR_USAGE, false,
                                 "%s is there already, and is another than the saved one: take it "
                                 "away if the saved one is right",
                                 path));
        free(now);
    } else if (write) {
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

static bool restore_secrets(const char *folder, bool write, struct error *err)
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
        fine = restore_secret(folder, line, space + 1, write, err);
    }
    free(list);
    return fine;
}

int command_restore(const struct program *program, const struct options *options)
{
    (void)program;
    struct error err = {0};
    char from[PATH_SIZE];
    int64_t files = 0;
    const char *folder = options_argument(options, 0),
               *data_dir = options_text(options, "data_dir");
    snprintf(from, sizeof(from), "%s/data", folder);
    if (access(from, R_OK) != 0)
        error_set(&err, ERROR_USAGE, false, "%s is no folder that `mooc-ingest backup` made", folder);
    else if (tree_is_free(data_dir, &err) && restore_secrets(folder, false, &err) &&
             restore_secrets(folder, true, &err) && tree_copy(from, data_dir, NULL, &files, &err))
        printf("restored: secrets and connectors to where they stood, %lld files into %s. The "
               "configuration is "
               "%s/ingest.yaml; what mooc-ingest remembers is in Kafka (if that is lost too: "
               "`mooc-ingest state rebuild`)\n",
               (long long)files, data_dir, folder);
    return finish(&err);
}
