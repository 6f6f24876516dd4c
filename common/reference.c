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
#include "yaml.h"

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

static const char *const file_names[] = {"units.csv",   "trainings.yaml", "waves.csv",
                                         "courses.csv", "targets.csv",    "calendar.csv"};

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

/* What common/yaml says begins with the path; faults name the file as the folder's reader knows it. */
static void yaml_fault(struct reference_faults *faults, const char *message)
{
    const char *name = strstr(message, "trainings.yaml:");
    reference_fault(faults, NULL, 0, "%s", name != NULL ? name : message);
}

static void check_keys(const struct yaml *doc, const struct yaml_node *node,
                       const char *const *keys, struct reference_faults *faults)
{
    struct error err = {0};
    if (node != NULL && !yaml_only_keys(doc, node, keys, &err))
        yaml_fault(faults, err.message);
}

static bool read_share(const struct yaml_node *node, const char *key, double *value)
{
    const char *text = yaml_text(node, key, NULL);
    if (text == NULL)
        return true;
    char *end = NULL;
    errno = 0;
    *value = strtod(text, &end);
    return errno == 0 && end != text && *end == '\0' && *value >= 0 && *value <= 1;
}

static void read_training(struct reference_arena *arena, const struct yaml *doc,
                          const struct yaml_node *node, struct reference_training *t,
                          struct reference_faults *faults)
{
    const char *file = "trainings.yaml";
    static const char *const keys[] = {"code", "name", "pass_rule", "completion", NULL};
    static const char *const rule_keys[] = {"by", "min_score", NULL};
    static const char *const name_keys[] = {"vi", "en", NULL};
    static const char *const completion_keys[] = {"min_progress", NULL};
    int line = yaml_line(node);
    const struct yaml_node *name = yaml_get(node, "name"), *rule = yaml_get(node, "pass_rule");
    const struct yaml_node *completion = yaml_get(node, "completion");
    check_keys(doc, node, keys, faults);
    check_keys(doc, rule, rule_keys, faults);
    check_keys(doc, name, name_keys, faults);
    check_keys(doc, completion, completion_keys, faults);
    t->code = reference_text(arena, yaml_text(node, "code", ""));
    t->name_vi = reference_text(arena, yaml_text(name, "vi", ""));
    t->name_en = reference_text(arena, yaml_text(name, "en", t->name_vi));
    size_t length = strspn(t->code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    if (length == 0 || length > 32 || t->code[length] != '\0')
        reference_fault(faults, file, line,
                        "code \"%.60s\" is no code (A-Z, 0-9 and hyphens, at most 32)", t->code);
    if (t->name_vi[0] == '\0')
        reference_fault(faults, file, line, "training %s has no name: write name: {vi: …, en: …}",
                        t->code);
    const char *by = yaml_text(rule, "by", NULL);
    t->pass_by_platform = by != NULL && strcmp(by, "platform") == 0;
    t->pass_min_score = -1;
    if (!read_share(rule, "min_score", &t->pass_min_score))
        reference_fault(faults, file, line, "pass_rule.min_score must be a share from 0 to 1");
    else if ((by != NULL) == (t->pass_min_score >= 0) || (by != NULL && !t->pass_by_platform))
        reference_fault(faults, file, line,
                        "training %s: pass_rule must be either `by: platform` or `min_score: 0.5`",
                        t->code);
    t->completion_min_progress = -1;
    if (!read_share(completion, "min_progress", &t->completion_min_progress))
        reference_fault(faults, file, line, "completion.min_progress must be a share from 0 to 1");
}

static void read_trainings(struct reference *r, const char *folder, struct reference_faults *faults)
{
    char path[4096];
    struct error err = {0};
    (void)snprintf(path, sizeof(path), "%s/trainings.yaml", folder);
    struct yaml *doc = yaml_load_file(path, &err);
    const struct yaml_node *root = doc != NULL ? yaml_root(doc) : NULL;
    if (doc == NULL) {
        yaml_fault(faults, err.message);
    } else if (root == NULL || yaml_kind(root) != YAML_SEQUENCE || yaml_count(root) == 0) {
        reference_fault(faults, "trainings.yaml", 1, "a list of trainings is expected");
    } else {
        size_t count = yaml_count(root);
        struct reference_training *all =
            reference_allocate(r->arena, count * sizeof(struct reference_training));
        int *lines = reference_allocate(r->arena, count * sizeof(*lines));
        for (size_t i = 0; i < count; i++) {
            lines[i] = yaml_line(yaml_item(root, i));
            read_training(r->arena, doc, yaml_item(root, i), &all[i], faults);
        }
        ((struct reference_arena *)r->arena)->lines.trainings = lines;
        r->trainings = all;
        r->training_count = count;
    }
    yaml_unload(doc);
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
    read_trainings(r, folder, &faults);
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
