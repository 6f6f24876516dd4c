#include "files_probe.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files_job.h"
#include "roster_map.h"

static bool check_codes(const struct files_env *env, const struct reference_wave **wave,
                        struct error *err)
{
    const struct reference *r = env->context->reference;
    if (r == NULL)
        return error_set(err, ERROR_CONFIG, false,
                         "lists need the reference folder: set option reference");
    *wave = env->wave != NULL ? reference_find_wave(r, env->wave) : NULL;
    if (env->wave != NULL && *wave == NULL)
        return error_set(err, ERROR_CONFIG, false, "wave %s is not in waves.csv", env->wave);
    if (env->unit != NULL && reference_find_unit(r, env->unit) == NULL)
        return error_set(err, ERROR_CONFIG, false, "unit %s is not in units.csv", env->unit);
    return true;
}

bool files_check(const struct files_env *env, const struct files_settings *settings, struct error *err)
{
    const struct reference_wave *wave = NULL;
    if (!check_codes(env, &wave, err))
        return false;
    printf("reference: %zu units, %zu waves\n", env->context->reference->unit_count,
           env->context->reference->wave_count);
    printf("wave: %s\n", wave != NULL ? wave->name : "as each import says");
    printf("e-mails of listed people: %s\n",
           settings->keep_emails ? "kept in one encrypted file, to ask platforms for their accounts"
                                 : "not kept");
    if (settings->inbox == NULL) {
        printf("watched folder: none; use mooc-ingest import FILE\n");
        return true;
    }
    if (access(settings->inbox, R_OK | W_OK | X_OK) != 0)
        return error_set(err, errno == ENOENT ? ERROR_CONFIG : ERROR_UNREACHABLE, true,
                         "watched folder %s: %s", settings->inbox, strerror(errno));
    printf("watched folder: %s (%s lists)\n", settings->inbox,
           settings->complete ? "complete" : "supplement");
    return true;
}

static void print_rows(const struct files_env *env, const struct reference_wave *wave,
                       const char *path, int *left)
{
    struct error err = {0};
    char file[256];
    const struct roster_settings settings = {env->context->reference, wave->province, env->unit};
    const struct roster_origin origin = {env->source, wave->code, "sample", file};
    const struct row_correction none = {0};
    files_base_name(path, file);
    struct sheet_book *book = sheet_open(path, &err);
    struct roster_list *list = book != NULL ? roster_read(book, &settings, &err) : NULL;
    if (list == NULL)
        printf("%s: %s\n", file, err.message);
    for (size_t i = 0; list != NULL && i<list->person_count && * left> 0; i++) {
        const struct roster_person *p = &list->persons[i];
        struct roster_event mapped;
        struct text_buffer data = {0};
        if (p->same_as != SIZE_MAX)
            continue;
        roster_map(env->context->hmac, &origin, p, sheet_name(book, p->sheet), &none, &mapped);
        event_encode_data(&mapped.event, &data);
        printf("%s %s row %lld %s %s\n", file, sheet_name(book, p->sheet), (long long)p->row,
               event_type_name(mapped.event.type), data.data);
        text_buffer_free(&data);
        (*left)--;
    }
    roster_free(list);
    sheet_free(book);
}

bool files_sample(const struct files_env *env, const struct files_settings *settings, int n,
                  struct error *err)
{
    const struct reference_wave *wave = NULL;
    if (!check_codes(env, &wave, err))
        return false;
    if (settings->inbox == NULL || wave == NULL)
        return error_set(err, ERROR_USAGE, false,
                         "this source has no watched folder with a wave to take a sample from; "
                         "mooc-ingest import FILE --preview tells what a file would change");
    DIR *dir = opendir(settings->inbox);
    if (dir == NULL)
        return error_set(err, ERROR_UNREACHABLE, true, "watched folder %s: %s", settings->inbox,
                         strerror(errno));
    for (struct dirent *entry; n > 0 && (entry = readdir(dir)) != NULL;) {
        char path[4096];
        struct stat info;
        (void)snprintf(path, sizeof(path), "%.3700s/%s", settings->inbox, entry->d_name);
        if (entry->d_name[0] != '.' && stat(path, &info) == 0 && S_ISREG(info.st_mode))
            print_rows(env, wave, path, &n);
    }
    (void)closedir(dir);
    return true;
}
