#include "quarantine.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/file.h"
#include "../../common/json.h"
#include "files_job.h"

static void folder_of(const struct files_env *env, char out[3500])
{
    (void)snprintf(out, 3500, "%.3300s/quarantine/%.64s", env->context->data_dir, env->source);
}

void quarantine_path(const struct files_env *env, const char *wave, const char *row_key,
                     char out[4096])
{
    char folder[3500];
    folder_of(env, folder);
    (void)snprintf(out, 4096, "%s/%.64s.%.32s.json", folder, wave, row_key);
}

static void add(struct text_buffer *out, const char *name, const char *value)
{
    text_buffer_add_format(out, "%s\"%s\":", out->length > 1 ? "," : "", name);
    text_buffer_add_json_string(out, value);
}

static void add_list(struct text_buffer *out, const char *name, const char *const *items, size_t count)
{
    text_buffer_add_format(out, ",\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        text_buffer_add_text(out, i > 0 ? "," : "");
        text_buffer_add_json_string(out, items[i]);
    }
    text_buffer_add_text(out, "]");
}

bool quarantine_put(const struct files_env *env, const struct roster_origin *origin,
                    const struct event *letter, const struct roster_person *p, struct error *err)
{
    char path[4096], folder[3500];
    folder_of(env, folder);
    if (!files_make_folder(folder, err))
        return false;
    const char *row_key = strrchr(letter->entity, ':') + 1;
    quarantine_path(env, origin->wave, row_key, path);
    struct text_buffer out = {0};
    text_buffer_add_text(&out, "{");
    add(&out, "entity", letter->entity);
    add(&out, "kind", "roster");
    add(&out, "reason", letter->reason);
    add(&out, "detail", letter->detail);
    add(&out, "row_key", row_key);
    add(&out, "import", origin->import_id);
    add(&out, "file", origin->file);
    add(&out, "sheet", letter->sheet != NULL ? letter->sheet : "");
    add(&out, "wave", origin->wave);
    add(&out, "name", p->name);
    add(&out, "birth_date", p->birth_date);
    add(&out, "citizen", p->citizen);
    add(&out, "phone", p->phone);
    add(&out, "unit_text", p->unit_text);
    add(&out, "group", p->group);
    add(&out, "invited_by", p->invited_by);
    add(&out, "content", p->content);
    add(&out, "email", p->raw_email);
    add_list(&out, "emails", p->emails, p->email_count);
    add_list(&out, "audience", p->audiences, p->audience_count);
    text_buffer_add_format(&out, ",\"row\":%lld,\"faults\":%u}", (long long)p->row, p->faults);
    bool ok = file_write_whole(path, out.data, out.length, err);
    text_buffer_free(&out);
    return ok;
}

static const char *text_of(struct quarantined *q, const struct json *root, const char *name)
{
    const char *text = json_get_string(root, name);
    return text != NULL ? arena_text(&q->arena, text) : "";
}

static size_t list_of(struct quarantined *q, const struct json *root, const char *name,
                      const char **items, size_t most)
{
    size_t count = 0;
    const struct json *list = json_get(root, name);
    for (const struct json *item = json_first(list); item != NULL && count < most;
         item = json_next(item)) {
        if (json_string(item) != NULL)
            items[count++] = arena_text(&q->arena, json_string(item));
    }
    return count;
}

static bool load(struct quarantined *q)
{
    size_t length = 0;
    char *text = file_read_whole(q->path, 65536, &length, NULL);
    struct json *root = text != NULL ? json_parse(text, length, NULL) : NULL;
    struct roster_person *p = &q->person;
    int64_t faults = 0;
    free(text);
    if (root == NULL)
        return false;
    const char *row_key = text_of(q, root, "row_key");
    (void)snprintf(q->row_key, sizeof(q->row_key), "%.32s", row_key);
    q->import_id = text_of(q, root, "import");
    q->file = text_of(q, root, "file");
    q->sheet = text_of(q, root, "sheet");
    q->wave = text_of(q, root, "wave");
    p->name = text_of(q, root, "name");
    p->birth_date = text_of(q, root, "birth_date");
    p->citizen = text_of(q, root, "citizen");
    p->phone = text_of(q, root, "phone");
    p->unit_text = text_of(q, root, "unit_text");
    p->group = text_of(q, root, "group");
    p->invited_by = text_of(q, root, "invited_by");
    p->content = p->own_content = text_of(q, root, "content");
    p->raw_email = text_of(q, root, "email");
    p->suggestions = "";
    p->same_as = SIZE_MAX;
    p->email_count = list_of(q, root, "emails", p->emails, ROSTER_MAX_EMAILS);
    p->audience_count = list_of(q, root, "audience", p->audiences, ROSTER_MAX_AUDIENCES);
    bool ok = json_integer(json_get(root, "row"), &p->row) &&
              json_integer(json_get(root, "faults"), &faults) && q->wave[0] != '\0';
    p->faults = (unsigned)faults;
    json_free(root);
    return ok;
}

void quarantine_for_each(const struct files_env *env, quarantine_visit visit, void *context)
{
    char top[3500];
    folder_of(env, top);
    DIR *folder = opendir(top);
    if (folder == NULL)
        return;
    bool more = true;
    for (struct dirent *entry; more && (entry = readdir(folder)) != NULL;) {
        struct quarantined q;
        const char *dot = strrchr(entry->d_name, '.');
        if (entry->d_name[0] == '.' || dot == NULL || strcmp(dot, ".json") != 0)
            continue;
        memset(&q, 0, sizeof(q));
        (void)snprintf(q.path, sizeof(q.path), "%s/%s", top, entry->d_name);
        if (load(&q))
            more = visit(context, &q);
        arena_free(&q.arena);
    }
    (void)closedir(folder);
}
