#include "rejected.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../common/file.h"
#include "../../common/log.h"
#include "../../common/text_buffer.h"

#define MAX_PATH 4096

static void file_of(const struct source_context *context, const char *source, const char *stream,
                    const char *entity, char out[MAX_PATH])
{
    (void)snprintf(out, MAX_PATH, "%.3300s/quarantine/%.64s/%.64s.%.32s.json", context->data_dir,
                   source, stream, strrchr(entity, ':') + 1);
}

static bool make_folders(const struct source_context *context, const char *source, struct error *err)
{
    char path[MAX_PATH];
    (void)snprintf(path, sizeof path, "%.3300s/quarantine", context->data_dir);
    bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
    (void)snprintf(path, sizeof path, "%.3300s/quarantine/%.64s", context->data_dir, source);
    if (made && (mkdir(path, 0700) == 0 || errno == EEXIST))
        return true;
    return error_tell(err, ERROR_CONFIG, true, "không tạo được %s: " REASON_VI,
                      "cannot make %s: " REASON_EN, path, ERROR_REASON(errno));
}

/* Depth is bounded: json_parse let no more than JSON_MAX_DEPTH levels through. */
static void append(struct text_buffer *out, const struct json *node)
{
    if (json_is_object(node) || json_is_array(node)) {
        bool object = json_is_object(node);
        text_buffer_add_text(out, object ? "{" : "[");
        for (const struct json *item = json_first(node); item; item = json_next(item)) {
            if (object) {
                text_buffer_add_json_string(out, json_key(item));
                text_buffer_add_text(out, ":");
            }
            append(out, item);
            text_buffer_add_text(out, json_next(item) ? "," : "");
        }
        text_buffer_add_text(out, object ? "}" : "]");
    } else if (json_is_string(node)) {
        text_buffer_add_json_string(out, json_string(node));
    } else if (json_is_number(node)) {
        text_buffer_add_json_double(out, json_number(node, 0));
    } else {
        text_buffer_add_text(out, json_is_null(node)          ? "null"
                                  : json_boolean(node, false) ? "true"
                                                              : "false");
    }
}

static void add(struct text_buffer *out, const char *name, const char *value)
{
    text_buffer_add_format(out, "%s\"%s\":", out->length > 1 ? "," : "", name);
    text_buffer_add_json_string(out, value);
}

void rejected_keep(const struct source_context *context, const struct event *letter,
                   const struct json *record)
{
    char path[MAX_PATH];
    struct error err = {.kind = ERROR_NONE};
    struct text_buffer out = {.data = NULL};
    if (!context->data_dir)
        return;
    file_of(context, letter->source, letter->stream, letter->entity, path);
    text_buffer_add_text(&out, "{");
    add(&out, "entity", letter->entity);
    add(&out, "reason", letter->reason);
    add(&out, "detail", letter->detail);
    if (letter->substream)
        add(&out, "course", letter->substream);
    text_buffer_add_text(&out, ",\"record\":");
    append(&out, record);
    text_buffer_add_text(&out, "}\n");
    if (!make_folders(context, letter->source, &err) ||
        !file_write_whole(path, out.data, out.length, &err))
        log_error("a rejected record could not be kept for looking into", &err);
    text_buffer_free(&out);
}

bool rejected_is_kept(const struct source_context *context, const struct event *letter)
{
    char path[MAX_PATH];
    if (!context->data_dir)
        return false;
    file_of(context, letter->source, letter->stream, letter->entity, path);
    return access(path, F_OK) == 0;
}

void rejected_forget(const struct source_context *context, const char *source, const char *stream,
                     const char *entity)
{
    char path[MAX_PATH];
    if (!context->data_dir)
        return;
    file_of(context, source, stream, entity, path);
    (void)unlink(path); /* it may never have been kept */
}

void rejected_clean(const struct source_context *context, const char *source, const char *stream,
                    const struct shard *shard)
{
    char folder[MAX_PATH];
    size_t length = strlen(stream);
    if (!context->data_dir)
        return;
    (void)snprintf(folder, sizeof folder, "%.3300s/quarantine/%.64s", context->data_dir, source);
    DIR *dir = opendir(folder);
    for (struct dirent *file; dir && (file = readdir(dir));) {
        char entity[EVENT_MAX_KEY + 1];
        const char *name = file->d_name;
        if (strncmp(name, stream, length) != 0 || name[length] != '.' || strlen(name) != length + 38)
            continue;
        (void)snprintf(entity, sizeof entity, "dead:%.64s:%.64s:%.32s", source, stream,
                       name + length + 1);
        if (!shard_holds(shard, entity))
            rejected_forget(context, source, stream, entity);
    }
    if (dir)
        closedir(dir);
}
