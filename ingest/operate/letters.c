#include "letters.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../common/file.h"
#include "../../common/json.h"

#define LETTER_BYTES ((size_t)4 << 20)

static void folder_of(const char *data_dir, const char *source, char out[3500])
{
    (void)snprintf(out, 3500, "%.3300s/quarantine/%.64s", data_dir, source);
}

static void add(struct text_buffer *out, const char *name, const char *value)
{
    text_buffer_add_format(out, "%s\"%s\":", out->length > 1 ? "," : "", name);
    text_buffer_add_json_string(out, value != NULL ? value : "");
}

static bool make_folders(const char *data_dir, const char *folder, struct error *err)
{
    char above[3500];
    (void)snprintf(above, sizeof(above), "%.3300s/quarantine", data_dir);
    return ((mkdir(above, 0700) == 0 || errno == EEXIST) &&
            (mkdir(folder, 0700) == 0 || errno == EEXIST)) ||
           error_tell(err, ERROR_CONFIG, true, "không tạo được %s: " REASON_VI,
                      "cannot make %s: " REASON_EN, folder, ERROR_REASON(errno));
}

bool letters_put(const char *data_dir, const char *source, const char *kind, const struct event *e,
                 struct error *err)
{
    char folder[3500], path[4096];
    struct text_buffer out = {0};
    folder_of(data_dir, source, folder);
    if (!make_folders(data_dir, folder, err))
        return false;
    (void)snprintf(path, sizeof(path), "%s/%.32s.%.32s.json", folder, kind,
                   strrchr(e->entity, ':') + 1);
    text_buffer_add_text(&out, "{");
    add(&out, "entity", e->entity);
    add(&out, "kind", kind);
    add(&out, "reason", e->reason);
    add(&out, "detail", e->detail);
    add(&out, "import", e->import_id);
    add(&out, "file", e->file);
    add(&out, "sheet", e->sheet);
    text_buffer_add_format(&out, ",\"row\":%lld}", (long long)e->row);
    bool fine = file_write_whole(path, out.data, out.length, err);
    text_buffer_free(&out);
    return fine;
}

static const char *text_of(const struct json *root, const char *name)
{
    const char *text = json_get_string(root, name);
    return text != NULL ? text : "";
}

/* False when the visit has seen enough. */
static bool show(struct letter *letter, letters_visit visit, void *context)
{
    size_t length = 0;
    char *text = file_read_whole(letter->path, LETTER_BYTES, &length, NULL);
    struct json *root = text != NULL ? json_parse(text, length, NULL) : NULL;
    bool more = true;
    free(text);
    letter->entity = root != NULL ? text_of(root, "entity") : "";
    if (letter->entity[0] != '\0') {
        letter->kind = text_of(root, "kind");
        letter->reason = text_of(root, "reason");
        letter->detail = text_of(root, "detail");
        letter->import = text_of(root, "import");
        letter->file = text_of(root, "file");
        letter->sheet = text_of(root, "sheet");
        letter->about = text_of(root, "course");
        if (!json_integer(json_get(root, "row"), &letter->row))
            letter->row = 0;
        more = visit(context, letter);
    }
    json_free(root);
    return more;
}

void letters_for_each(const char *data_dir, const char *source, letters_visit visit, void *context)
{
    char folder[3500];
    folder_of(data_dir, source, folder);
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return;
    bool more = true;
    for (struct dirent *entry; more && (entry = readdir(dir)) != NULL;) {
        struct letter letter;
        size_t length = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || length <= 5 || length - 5 >= sizeof(letter.id) ||
            strcmp(entry->d_name + length - 5, ".json") != 0)
            continue;
        (void)snprintf(letter.path, sizeof(letter.path), "%s/%s", folder, entry->d_name);
        (void)snprintf(letter.id, sizeof(letter.id), "%.*s", (int)(length - 5), entry->d_name);
        more = show(&letter, visit, context);
    }
    (void)closedir(dir);
}
