#include "imports.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "../../common/file.h"
#include "../../common/log.h"
#include "../../common/text.h"
#include "kept_copy.h"

#define RECORD "import.json"

static const char *extension(const char *file)
{
    const char *dot = strrchr(file, '.');
    return dot != NULL && strlen(dot) <= 6 ? dot : "";
}

/* The original stands there as list.xlsx or list.csv: file names of offices may be anything. */
static void path_as_sent(const char *folder, const char *file, char out[4096])
{
    (void)snprintf(out, 4096, "%.3900s/list%s", folder, extension(file));
}

static void path_cleared(const char *folder, char out[4096])
{
    (void)snprintf(out, 4096, "%.3900s/list" SHEET_KEPT, folder);
}

/* Once somebody of it was erased, what is left of it; then the original is to be nowhere, also after a crash in between. */
static void original_path(const char *folder, const char *file, char out[4096])
{
    char sent[4096];
    path_as_sent(folder, file, sent);
    path_cleared(folder, out);
    if (access(out, R_OK) == 0)
        (void)unlink(sent);
    else
        memcpy(out, sent, sizeof(sent));
}

static void folder_of(const struct files_env *env, const char *id, char out[3900])
{
    (void)snprintf(out, 3900, "%.3400s/imports/%.64s", env->context->data_dir, id);
}

bool imports_keep(const struct files_env *env, struct files_job *job, struct error *err)
{
    char folder[3900], path[4096];
    folder_of(env, job->id, folder);
    path_cleared(folder, path);
    (void)unlink(path); /* of this import, done again after a crash */
    path_as_sent(folder, job->file, path);
    if (strcmp(job->path, path) == 0)
        return true;
    if (!files_make_folder(folder, err) || !files_copy(job->path, path, err))
        return false;
    struct files_job record = *job;
    (void)snprintf(record.path, sizeof(record.path), "%s", env->source); /* whose import it is */
    struct text_buffer text = {0};
    files_job_encode(&record, &text);
    (void)snprintf(path, sizeof(path), "%.3900s/" RECORD, folder);
    bool ok =
        file_write_lasting(path, text.data, text.length, err); /* and the copy's name beside it */
    text_buffer_free(&text);
    path_as_sent(folder, job->file, job->path);
    return ok;
}

void imports_clear(const struct files_env *env, const struct files_job *job,
                   const struct file_contents *contents, const bool *gone)
{
    char folder[3900], path[4096];
    struct error err = {0};
    size_t left = 0;
    folder_of(env, job->id, folder);
    path_cleared(folder, path);
    for (size_t i = 0; i < contents->roster->person_count; i++)
        left += !gone[i];
    bool cleared = left > 0 && kept_copy_write(contents->book, contents->roster, gone, path, &err);
    if (left > 0 && !cleared)
        log_error("a kept list cannot be cleared of an erased person, and is not kept any more",
                  &err);
    if (cleared)
        original_path(folder, job->file, path); /* which takes the original away */
    else
        imports_drop(env, job);
}

void imports_drop(const struct files_env *env, const struct files_job *job)
{
    char folder[3900];
    folder_of(env, job->id, folder);
    files_remove_folder(folder);
}

static bool read_record(const char *folder, struct files_job *out)
{
    char path[4096];
    size_t length = 0;
    (void)snprintf(path, sizeof(path), "%.3900s/" RECORD, folder);
    char *text = file_read_whole(path, 65536, &length, NULL);
    bool ok = text != NULL && files_job_decode(text, length, out, NULL);
    free(text);
    return ok;
}

bool imports_find(const struct files_env *env, const char *file, const char *before,
                  struct files_job *out)
{
    char top[3500], wanted[512], name[512];
    (void)snprintf(top, sizeof(top), "%.3400s/imports", env->context->data_dir);
    DIR *folder = opendir(top);
    if (folder == NULL || !text_fold(file, wanted, sizeof(wanted))) {
        if (folder != NULL)
            (void)closedir(folder);
        return false;
    }
    bool found = false;
    struct files_job job;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[3900];
        if (entry->d_name[0] == '.' || strlen(entry->d_name) >= sizeof(job.id) ||
            (before[0] != '\0' && strcmp(entry->d_name, before) >= 0) || /* ids sort by time */
            (found && strcmp(entry->d_name, out->id) <= 0))
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", top, entry->d_name);
        memset(&job, 0, sizeof(job));
        if (!read_record(path, &job) || job.kind != FILES_ROSTER ||
            strcmp(job.path, env->source) != 0 || !text_fold(job.file, name, sizeof(name)) ||
            strcmp(name, wanted) != 0)
            continue;
        (void)snprintf(job.id, sizeof(job.id), "%.63s", entry->d_name);
        original_path(path, job.file, job.path);
        *out = job;
        found = true;
    }
    (void)closedir(folder);
    return found;
}

bool imports_load(const struct files_env *env, const char *id, struct files_job *out)
{
    char folder[3900];
    if (id[0] == '\0' || id[0] == '.' || strchr(id, '/') != NULL || strlen(id) >= sizeof(out->id))
        return false;
    folder_of(env, id, folder);
    memset(out, 0, sizeof(*out));
    if (!read_record(folder, out) || strcmp(out->path, env->source) != 0)
        return false;
    (void)snprintf(out->id, sizeof(out->id), "%s", id);
    original_path(folder, out->file, out->path);
    return true;
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(a, b);
}

size_t imports_list(const struct files_env *env, enum files_kind kind, char (**ids)[64])
{
    char top[3500];
    (void)snprintf(top, sizeof(top), "%.3400s/imports", env->context->data_dir);
    DIR *folder = opendir(top);
    size_t count = 0, capacity = 0;
    struct files_job job;
    *ids = NULL;
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        if (!imports_load(env, entry->d_name, &job) || job.kind != kind)
            continue;
        *ids = array_room(*ids, count, &capacity, sizeof((*ids)[0]));
        memcpy((*ids)[count++], job.id, sizeof(job.id));
    }
    if (folder != NULL)
        (void)closedir(folder);
    if (count > 0)
        qsort(*ids, count, sizeof((*ids)[0]), compare_ids);
    return count;
}

bool imports_unknown(const struct files_env *env, struct error *err)
{
    return error_tell(
        err, ERROR_USAGE,
        false, "nguồn %s không có lần nạp nào mang mã này, hoặc không còn giữ (keep_days): xem `mooc-ingest import list`",
        "no import of source %s has this id, or it is no longer kept (keep_days): "
        "`mooc-ingest import list` shows those that are",
        env->source);
}

void imports_print(const char *data_dir, const char *source, const struct teller *to)
{
    const struct source_context context = {.data_dir = data_dir};
    const struct files_env env = {.context = &context, .source = source};
    size_t all = 0;
    for (enum files_kind kind = FILES_ROSTER; kind < FILES_KINDS; kind++) {
        char(*ids)[64];
        size_t count = imports_list(&env, kind, &ids);
        all += count;
        for (size_t i = 0; i < count; i++) {
            struct files_job job;
            if (imports_load(&env, ids[i], &job))
                (void)printf("%s  %-10s  %s  %s%s%s\n", job.id, files_kind_name(kind),
                             job.complete ? TELL(to, "đầy đủ ", "complete  ")
                                          : TELL(to, "bổ sung", "supplement"),
                             job.file, job.wave[0] != '\0' ? TELL(to, "  đợt ", "  wave ") : "",
                             job.wave);
        }
        free(ids);
    }
    if (all == 0)
        (void)puts(TELL(to, "không giữ lần nạp nào", "no imports are kept"));
}

void imports_prune(const struct files_env *env)
{
    char top[3500];
    (void)snprintf(top, sizeof(top), "%.3400s/imports", env->context->data_dir);
    files_prune_folders(top, env->keep_ms);
}
