#include "reference.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "reference_private.h"
#include "text_buffer.h"
#include "yaml.h"

struct reference_block {
    struct reference_block *next;
    size_t used, size;
    _Alignas(16) char bytes[];
};

void *reference_allocate(struct reference_arena *arena, size_t bytes)
{
    bytes = (bytes + 15) & ~(size_t)15;
    struct reference_block *block = arena->blocks;
    if (block == NULL || block->size - block->used < bytes) {
        size_t size = bytes > 65536 ? bytes : 65536;
        block = malloc(sizeof(*block) + size);
        if (block == NULL)
            abort();
        block->used = 0;
        block->size = size;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *place = block->bytes + block->used;
    block->used += bytes;
    memset(place, 0, bytes);
    return place;
}

const char *reference_text(struct reference_arena *arena, const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(reference_allocate(arena, size), text, size);
}

void reference_fault(struct reference_faults *faults, const char *file, int line,
                     const char *format, ...)
{
    char text[768], fault[900];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (line > 0)
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
    int line = yaml_line(node);
    const struct yaml_node *name = yaml_get(node, "name"), *rule = yaml_get(node, "pass_rule");
    const struct yaml_node *completion = yaml_get(node, "completion");
    struct error err = {0};
    if (!yaml_only_keys(doc, node, keys, &err) ||
        (rule != NULL && !yaml_only_keys(doc, rule, rule_keys, &err)))
        reference_fault(faults, file, 0, "%s", err.message);
    t->code = reference_text(arena, yaml_text(node, "code", ""));
    t->name_vi = reference_text(arena, yaml_text(name, "vi", ""));
    t->name_en = reference_text(arena, yaml_text(name, "en", t->name_vi));
    size_t length = strspn(t->code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    if (length == 0 || length > 32 || t->code[length] != '\0')
        reference_fault(faults, file, line,
                        "code \"%.60s\" is no code (A-Z, 0-9 and hyphens, at most 32)", t->code);
    if (t->name_vi[0] == '\0')
        reference_fault(faults, file, line, "training %s has no name.vi", t->code);
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
        reference_fault(faults, "trainings.yaml", 0, "%s", err.message);
    } else if (root == NULL || yaml_kind(root) != YAML_SEQUENCE || yaml_count(root) == 0) {
        reference_fault(faults, "trainings.yaml", 1, "a list of trainings is expected");
    } else {
        size_t count = yaml_count(root);
        struct reference_training *all =
            reference_allocate(r->arena, count * sizeof(struct reference_training));
        for (size_t i = 0; i < count; i++)
            read_training(r->arena, doc, yaml_item(root, i), &all[i], faults);
        r->trainings = all;
        r->training_count = count;
    }
    yaml_unload(doc);
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
    for (struct reference_block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
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
