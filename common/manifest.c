#include "manifest.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "allocate.h"
#include "clock.h"
#include "crypto.h"
#include "file.h"
#include "text_buffer.h"

#define NAME "manifest.json"
#define MAX_FILE ((size_t)1 << 30)
#define PATH_SIZE 4096
#define DIGEST_SIZE 65

struct names {
    char **items; /* within the folder, "tables/units.jsonl" */
    size_t count, capacity;
};

static void free_names(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
}

static bool failed(struct error *err, const char *path)
{
    return error_tell(err, ERROR_CONFIG, false, "%s: " REASON_VI, "%s: " REASON_EN, path,
                      ERROR_REASON(errno));
}

static bool sync_file(const char *folder, const char *name, struct error *err)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return file_sync(path, err);
}

/* below: "" or "secrets/". */
static bool gather(const char *folder, const char *below, struct names *names, struct error *err)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/%s", folder, below);
    DIR *dir = opendir(path);
    if (!dir)
        return failed(err, path);
    bool fine = true;
    for (struct dirent *entry; fine && (entry = readdir(dir));) {
        char name[PATH_SIZE];
        struct stat info;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (snprintf(name, sizeof(name) - 1, "%s%s", below, entry->d_name) >= (int)sizeof(name) - 1 ||
            snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path)) {
            fine = error_set(err, ERROR_CONFIG, false, "%s: a name is too long", folder);
        } else if (lstat(path, &info) != 0) {
            fine = failed(err, path);
        } else if (S_ISDIR(info.st_mode)) {
            size_t length = strlen(name);
            name[length] = '/';
            name[length + 1] = '\0';
            fine = gather(folder, name, names, err);
        } else if (!utf8_valid(name, strlen(name))) {
            fine = error_set(err, ERROR_CONFIG, false, "%s: the name is not UTF-8", path);
        } else {
            names->items =
                array_room(names->items, names->count, &names->capacity, sizeof(*names->items));
            names->items[names->count++] = must_have(strdup(name));
        }
    }
    closedir(dir);
    return fine && sync_file(folder, below, err); /* the names in it */
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool digest(const char *folder, const char *name, size_t *length, char out[DIGEST_SIZE],
                   struct error *err)
{
    char path[PATH_SIZE];
    uint8_t sum[32];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    char *bytes = file_read_whole(path, MAX_FILE, length, err);
    if (!bytes)
        return false;
    sha256(bytes, *length, sum);
    hex_encode(sum, sizeof(sum), out);
    free(bytes);
    return true;
}

bool manifest_write(const struct program *program, const char *what, const char *folder,
                    const char *more, struct error *err)
{
    char now[CLOCK_TEXT_SIZE], path[PATH_SIZE], sum[DIGEST_SIZE] = "";
    struct names names = {0};
    struct text_buffer out = {0};
    size_t length = 0;
    clock_format(clock_now_us(), now);
    text_buffer_add_format(&out, "{\"%s\":\"%s\",\"format\":%d,\"version\":\"%s\"", what,
                           program->name, MANIFEST_FORMAT, MOOC_PULSE_VERSION);
    text_buffer_add_format(&out, ",\"made_at\":\"%s\"", now);
    text_buffer_add_text(&out, more);
    text_buffer_add_text(&out, ",\n\"files\":[");
    bool fine = gather(folder, "", &names, err);
    if (names.count > 0)
        qsort(names.items, names.count, sizeof(*names.items), by_text);
    for (size_t i = 0; fine && i < names.count; i++) {
        fine = sync_file(folder, names.items[i], err) &&
               digest(folder, names.items[i], &length, sum, err);
        text_buffer_add_text(&out, i > 0 ? ",\n{\"name\":" : "\n{\"name\":");
        text_buffer_add_json_string(&out, names.items[i]);
        text_buffer_add_format(&out, ",\"bytes\":%zu,\"sha256\":\"%s\"}", length, sum);
    }
    text_buffer_add_text(&out, "]}\n");
    snprintf(path, sizeof(path), "%s/" NAME, folder);
    fine = fine && file_write_whole(path, out.data, out.length, err) && file_sync(path, err) &&
           file_sync(folder, err);
    text_buffer_free(&out);
    free_names(&names);
    return fine;
}

/* ---- checking ---- */

static bool check_kind(const struct program *program, const char *folder, const struct json *root,
                       struct error *err)
{
    const char *made_by = json_get_string(root, "backup_of");
    int64_t format = 0;
    if (!made_by || strcmp(made_by, program->name) != 0)
        return error_set(err, ERROR_USAGE, false, "%s is a backup of %s, not of %s", folder,
                         made_by ? made_by : "something else", program->name);
    if (!json_integer(json_get(root, "format"), &format) || format != MANIFEST_FORMAT)
        return error_set(err, ERROR_USAGE, false,
                         "%s has format %lld, this program reads format %d: take the release of %s "
                         "that made it (%s)",
                         folder, (long long)format, MANIFEST_FORMAT, program->name,
                         json_get_string(root, "version") ? json_get_string(root, "version")
                                                          : "unknown");
    return true;
}

static bool check_file(const char *folder, const struct json *file, struct error *err)
{
    char sum[DIGEST_SIZE];
    size_t length = 0;
    int64_t bytes = 0;
    const char *name = json_get_string(file, "name"), *wanted = json_get_string(file, "sha256");
    if (!name || !wanted || !json_integer(json_get(file, "bytes"), &bytes))
        return error_set(err, ERROR_STATE, false, "%s/" NAME " is damaged", folder);
    struct error why = {0};
    if (!digest(folder, name, &length, sum, &why))
        return error_set(err, ERROR_STATE, false, "the backup is not whole: %s", why.message);
    return ((int64_t)length == bytes && strcmp(sum, wanted) == 0) ||
           error_set(err, ERROR_STATE, false,
                     "%s/%s is not what was saved: its checksum is another. Take another copy of "
                     "the backup",
                     folder, name);
}

struct json *manifest_check(const struct program *program, const char *folder, struct error *err)
{
    char path[PATH_SIZE];
    size_t length = 0;
    snprintf(path, sizeof(path), "%s/" NAME, folder);
    char *text = file_read_whole(path, MAX_FILE, &length, NULL);
    struct json *root = text ? json_parse(text, length, NULL) : NULL;
    if (!text)
        error_set(err, ERROR_USAGE, false,
                  "%s is no folder that `%s backup` made and finished: it has no " NAME, folder,
                  program->name);
    else if (!root)
        error_set(err, ERROR_STATE, false, "%s is damaged", path);
    free(text);
    bool fine = root && check_kind(program, folder, root, err);
    const struct json *file = fine ? json_first(json_get(root, "files")) : NULL;
    for (; fine && file; file = json_next(file))
        fine = check_file(folder, file, err);
    if (fine)
        return root;
    json_free(root);
    return NULL;
}
