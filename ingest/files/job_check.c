#include "job_check.h"

#include <stdio.h>
#include <string.h>

#include "files_settings.h"
#include "import_internal.h"
#include "imports.h"
#include "reread.h"

static const struct yaml_node *node_of(const struct options *options, const char *source)
{
    const struct yaml_node *list = options_section(options, "sources");
    for (size_t i = 0; i < yaml_count(list); i++)
        if (strcmp(yaml_text(yaml_item(list, i), "name", ""), source) == 0)
            return yaml_item(list, i);
    return NULL;
}

static bool check_import(const struct files_env *env, const struct files_job *job, struct error *err)
{
    struct import_run *run = import_run_new(env, job);
    bool fine = import_run_check(run, err);
    if (fine) {
        run->reader = import_start_reading(run);
        const struct file_contents *contents = file_reader_wait(run->reader);
        fine = contents->err.kind == ERROR_NONE;
        if (!fine)
            *err = contents->err;
    }
    import_run_free(run);
    return fine;
}

static bool check_corrections(const struct files_job *job, struct error *err)
{
    const struct file_format format = {.corrections = true, .encoding = job->encoding};
    struct file_reader *reader = file_reader_start(job->path, &format, NULL);
    const struct file_contents *contents = file_reader_wait(reader);
    bool fine = contents->err.kind == ERROR_NONE;
    if (!fine)
        *err = contents->err;
    file_reader_free(reader);
    return fine;
}

static bool check(const struct options *options, const struct files_env *env,
                  const struct files_job *job, struct error *err)
{
    const char *folder = options_text(options, "reference");
    struct files_job kept;
    struct error unread = {0};
    if (job->command == FILES_REVOKE)
        return imports_load(env, job->target, &kept) || imports_unknown(env, err);
    if (job->command == FILES_CORRECT)
        return check_corrections(job, err);
    /* A folder that has got a fault is the owner's to judge: it goes on with what it read before. */
    struct reference *reference = folder != NULL ? reference_load(folder, NULL, NULL, &unread) : NULL;
    if (folder != NULL && reference == NULL)
        return true;
    struct source_context context = *env->context;
    struct files_env with = *env;
    context.reference = reference;
    with.context = &context;
    bool fine = check_import(&with, job, err);
    if (reference != NULL)
        reference_free(reference);
    return fine;
}

bool job_check(const struct options *options, const char *source, const struct files_job *job,
               const char *path, struct error *err)
{
    struct files_settings settings;
    struct files_job whole = *job;
    const struct source_context context = {.options = options,
                                           .data_dir = options_text(options, "data_dir")};
    if (!files_settings_read(options, options_document(options), node_of(options, source),
                             &settings, err)) {
        files_settings_free(&settings);
        return false;
    }
    const struct files_env env = {.context = &context,
                                  .source = source,
                                  .wave = settings.wave,
                                  .unit = settings.unit,
                                  .platform = settings.platform,
                                  .columns = &settings.columns};
    files_settings_complete(&settings, &whole);
    (void)snprintf(whole.path, sizeof(whole.path), "%s", path != NULL ? path : "");
    bool fine = check(options, &env, &whole, err);
    if (!fine && path != NULL) { /* as it was typed: who stands in another folder sees it */
        error_without_context(err, job->file);
        fine = error_context(err, "%s", path);
    }
    files_settings_free(&settings);
    return fine;
}
