#include "reference.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "crypto.h"
#include "reference_private.h"
#include "text_buffer.h"

PRINTF_LIKE(4, 0)
static void write_fault(char out[900], const char *file, int line, const char *format,
                        va_list arguments)
{
    char text[768];
    (void)vsnprintf(text, sizeof(text), format, arguments);
    if (file == NULL)
        (void)snprintf(out, 900, "%s", text);
    else if (line > 0)
        (void)snprintf(out, 900, "%s:%d: %s", file, line, text);
    else
        (void)snprintf(out, 900, "%s: %s", file, text);
}

void reference_fault(struct reference_faults *faults, const char *file, int line, const char *vi,
                     const char *format, ...)
{
    char fault[900], vietnamese[900];
    struct error said = {0};
    va_list arguments;
    va_start(arguments, format);
    write_fault(fault, file, line, format, arguments);
    va_end(arguments);
    va_start(arguments, format);
    write_fault(vietnamese, file, line, vi, arguments);
    va_end(arguments);
    (void)error_set(&said, ERROR_CONFIG, false, "%s", fault);
    (void)error_vi(&said, "%s", vietnamese);
    if (faults->count++ == 0 && faults->err != NULL)
        *faults->err = said;
    if (faults->report != NULL)
        faults->report(faults->context, &said);
}

static const char *const file_names[] = {
    "units.csv", "trainings.yaml", "waves.csv",    "courses.csv",        "targets.csv",
    "staff.csv", "audiences.csv",  "calendar.csv", "official-units.csv", "unit_history.csv"};

/* Hash over name, length and bytes of each file that is there. */
static void take_fingerprint(struct reference_arena *arena, const char *folder)
{
    struct text_buffer all = {0};
    for (size_t i = 0; i < ARRAY_LEN(file_names); i++) {
        char path[4096], chunk[8192];
        (void)snprintf(path, sizeof(path), "%s/%s", folder, file_names[i]);
        FILE *file = fopen(path, "rbe");
        if (file == NULL)
            continue;
        size_t before = all.length, got;
        while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0 && all.length < 256UL * 1024 * 1024)
            text_buffer_add(&all, chunk, got);
        (void)fclose(file);
        text_buffer_add_format(&all, "\n%s %zu\n", file_names[i], all.length - before);
    }
    uint8_t digest[32];
    sha256(all.data != NULL ? all.data : "", all.length, digest);
    hex_encode(digest, 16, arena->fingerprint);
    text_buffer_free(&all);
}

const struct reference_lines *reference_lines(const struct reference *r)
{
    return &((const struct reference_arena *)r->arena)->lines;
}

static bool folder_is_there(const char *folder, struct reference_faults *faults)
{
    struct stat status;
    int reason = stat(folder, &status) != 0 ? errno : S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
    if (reason != 0)
        reference_fault(faults, NULL, 0, "không mở được thư mục danh mục %s: " REASON_VI,
                        "the reference folder %s cannot be opened: " REASON_EN, folder,
                        ERROR_REASON(reason));
    return reason == 0;
}

/* err: the first fault. */
static void name_folder(const char *folder, size_t count, struct error *err)
{
    if (err == NULL)
        return;
    struct error first = *err;
    char more[48] = "", more_vi[48] = "";
    if (count > 1) {
        (void)snprintf(more, sizeof(more), " (and %zu more)", count - 1);
        (void)snprintf(more_vi, sizeof(more_vi), " (và %zu lỗi nữa)", count - 1);
    }
    (void)error_set(err, ERROR_CONFIG, false, "reference folder %s: %.790s%s", folder,
                    first.message, more);
    (void)error_vi(err, "thư mục danh mục %s: %.790s%s", folder, first.vi, more_vi);
}

struct reference *reference_load(const char *folder, reference_report *report, void *context,
                                 struct error *err)
{
    struct reference_faults faults = {report, context, 0, err};
    struct reference *r = calloc(1, sizeof(*r));
    if (r == NULL)
        abort();
    r->arena = calloc(1, sizeof(struct reference_arena));
    if (r->arena == NULL)
        abort();
    if (!folder_is_there(folder, &faults)) {
        reference_free(r);
        return NULL;
    }
    take_fingerprint(r->arena, folder);
    reference_read_trainings(r, folder, &faults);
    if (reference_read_tables(r, folder, &faults)) {
        reference_check(r, &faults);
        reference_index_units(r, &faults);
    }
    if (faults.count == 0)
        return r;
    name_folder(folder, faults.count, err);
    reference_free(r);
    return NULL;
}

void reference_free(struct reference *reference)
{
    if (reference == NULL)
        return;
    struct reference_arena *arena = reference->arena;
    arena_free(&arena->memory);
    free(arena);
    free(reference);
}

const struct reference_wave *reference_find_wave(const struct reference *r, const char *code)
{
    for (size_t i = 0; code != NULL && i < r->wave_count; i++) {
        if (strcmp(r->waves[i].code, code) == 0)
            return &r->waves[i];
    }
    return NULL;
}

void reference_fingerprint(const struct reference *r, char out[33])
{
    memcpy(out, ((const struct reference_arena *)r->arena)->fingerprint, 33);
}
