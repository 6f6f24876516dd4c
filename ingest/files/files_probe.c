#include "files_probe.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files_job.h"
#include "reread.h"

static bool check_codes(const struct files_env *env, const struct reference_wave **wave,
                        struct error *err)
{
    const struct reference *r = env->context->reference;
    if (r == NULL)
        return error_tell(err, ERROR_CONFIG, false,
                          "muốn nạp danh sách thì cần danh mục: đặt mục reference",
                          "lists need the reference folder: set option reference");
    *wave = env->wave != NULL ? reference_find_wave(r, env->wave) : NULL;
    if (env->wave != NULL && *wave == NULL)
        return error_tell(err, ERROR_CONFIG, false, "đợt %s không có trong waves.csv",
                          "wave %s is not in waves.csv", env->wave);
    if (env->unit != NULL && reference_find_unit(r, env->unit) == NULL)
        return error_tell(err, ERROR_CONFIG, false, "đơn vị %s không có trong units.csv",
                          "unit %s is not in units.csv", env->unit);
    return true;
}

bool files_check(const struct files_env *env, const struct files_settings *settings, struct error *err)
{
    const struct reference_wave *wave = NULL;
    const struct teller to = tell_of(env->context->options);
    if (!check_codes(env, &wave, err))
        return false;
    printf(TELL(&to, "danh mục: %zu đơn vị, %zu đợt\n", "reference: %zu units, %zu waves\n"),
           env->context->reference->unit_count, env->context->reference->wave_count);
    printf(TELL(&to, "đợt: %s\n", "wave: %s\n"),
           wave != NULL ? wave->name : TELL(&to, "theo từng lần nạp", "as each import says"));
    printf(TELL(&to, "e-mail của người trong danh sách: %s\n", "e-mails of listed people: %s\n"),
           settings->keep_emails
               ? TELL(&to, "giữ trong một tệp mã hóa, để hỏi nền tảng về tài khoản",
                      "kept in one encrypted file, to ask platforms for their accounts")
               : TELL(&to, "không giữ", "not kept"));
    if (settings->inbox == NULL) {
        puts(TELL(&to, "thư mục theo dõi: không có; dùng mooc-ingest import TỆP",
                  "watched folder: none; use mooc-ingest import FILE"));
        return true;
    }
    if (access(settings->inbox, R_OK | W_OK | X_OK) != 0)
        return error_tell(err, errno == ENOENT ? ERROR_CONFIG : ERROR_UNREACHABLE, true,
                          "thư mục theo dõi %s: " REASON_VI, "watched folder %s: " REASON_EN,
                          settings->inbox, ERROR_REASON(errno));
    printf(TELL(&to, "thư mục theo dõi: %s (%s, %s)\n", "watched folder: %s (%s, %s)\n"),
           settings->inbox, files_kind_name(settings->kind),
           settings->complete ? TELL(&to, "đầy đủ", "complete") : TELL(&to, "bổ sung", "supplement"));
    return true;
}

struct sampling {
    const char *file;
    int left;
};

static void print_fact(void *context, const struct import_fact *fact)
{
    struct sampling *sampling = context;
    const struct event *e = fact->seen.event;
    struct text_buffer data = {0};
    if (sampling->left <= 0)
        return;
    event_encode_data(e, &data);
    printf("%s %s row %lld %s %s\n", sampling->file, e->sheet != NULL ? e->sheet : "",
           (long long)e->row, event_type_name(e->type), data.data);
    text_buffer_free(&data);
    sampling->left--;
}

static void print_rows(const struct files_env *env, const struct files_settings *settings,
                       const char *path, int *left)
{
    struct files_job job = {.kind = settings->kind, .encoding = settings->encoding, .id = "sample"};
    (void)snprintf(job.path, sizeof(job.path), "%s", path);
    (void)snprintf(job.wave, sizeof(job.wave), "%s", env->wave != NULL ? env->wave : "");
    (void)snprintf(job.unit, sizeof(job.unit), "%s", env->unit != NULL ? env->unit : "");
    files_base_name(path, job.file);
    struct import_run *run = import_run_new(env, &job);
    struct sampling sampling = {job.file, *left};
    run->reader = import_start_reading(run);
    run->contents = file_reader_wait(run->reader);
    if (run->contents->err.kind != ERROR_NONE)
        printf("%s: %s\n", job.file, run->contents->err.message);
    else
        for (size_t i = 0; i < run->kind->rows(run) && sampling.left > 0; i++)
            run->kind->each(run, NULL, i, print_fact, &sampling);
    *left = sampling.left;
    import_run_free(run);
}

bool files_sample(const struct files_env *env, const struct files_settings *settings, int n,
                  struct error *err)
{
    const struct reference_wave *wave = NULL;
    if (!check_codes(env, &wave, err))
        return false;
    if (settings->inbox == NULL || (wave == NULL && settings->kind == FILES_ROSTER))
        return error_set(err, ERROR_USAGE, false,
                         "this source has no watched folder with a wave to take a sample from; "
                         "mooc-ingest import FILE --preview tells what a file would change");
    DIR *dir = opendir(settings->inbox);
    if (dir == NULL)
        return error_tell(err, ERROR_UNREACHABLE, true, "thư mục theo dõi %s: " REASON_VI,
                          "watched folder %s: " REASON_EN, settings->inbox, ERROR_REASON(errno));
    for (struct dirent *entry; n > 0 && (entry = readdir(dir)) != NULL;) {
        char path[4096];
        struct stat info;
        (void)snprintf(path, sizeof(path), "%.3700s/%s", settings->inbox, entry->d_name);
        if (entry->d_name[0] != '.' && stat(path, &info) == 0 && S_ISREG(info.st_mode))
            print_rows(env, settings, path, &n);
    }
    (void)closedir(dir);
    return true;
}
