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

void reference_fault(struct reference_faults *faults, const char *file, int line,
                     const char *format, ...)
{
    char text[768], fault[900];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (file == NULL)
        (void)snprintf(fault, sizeof(fault), "%s", text);
    else if (line > 0)
        (void)snprintf(fault, sizeof(fault), "%s:%d: %s", file, line, text);
    else
        (void)snprintf(fault, sizeof(fault), "%s: %s", file, text);
    if (faults->count++ == 0)
        (void)error_set(faults->err, ERROR_CONFIG, false, "%s", fault);
    if (faults->report != NULL)
        faults->report(faults->context, fault);
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
        reference_fault(faults, NULL, 0, "the reference folder %s cannot be opened: %s", folder,
                        strerror(reason));
    return reason == 0;
}

struct reference *reference_load(const char *folder, void (*report)(void *context, const char *fault),
                                 void *context, struct error *err)
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
    if (faults.count > 1) {
        char first[800];
        (void)snprintf(first, sizeof(first), "%.790s", err != NULL ? err->message : "");
        (void)error_set(err, ERROR_CONFIG, false, "%s (and %zu more)", first, faults.count - 1);
    }
    (void)error_context(err, "reference folder %s", folder);
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
