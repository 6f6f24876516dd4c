#include "sources.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../common/allocate.h"
#include "../common/log.h"
#include "../common/nearest.h"
#include "connector/sightings.h"
#include "connector/kind.h"

/* ---- kinds: `files`, and one of each connector ---- */

static void make_kinds(struct sources *s)
{
    size_t count = registry_count(s->registry);
    s->kinds = must_have(calloc(count + 1, sizeof *s->kinds));
    for (size_t i = 0; i < count; i++) {
        const char *origin;
        const struct connector *connector = registry_at(s->registry, i, &origin);
        s->kinds[i] = platform_kind_template;
        s->kinds[i].name = connector->name;
        s->kinds[i].mapping_version = connector->version;
        s->kinds[i].connector = connector;
        if (strcmp(origin, REGISTRY_SHIPPED) != 0)
            s->kinds[i].mapping_fingerprint = connector->fingerprint;
    }
    s->kinds[count] = source_kind_files;
    s->kind_count = count + 1;
}

static const struct source_kind *find_kind(const struct sources *s, const char *name)
{
    for (size_t i = 0; i < s->kind_count; i++)
        if (strcmp(s->kinds[i].name, name) == 0)
            return &s->kinds[i];
    return NULL;
}

static bool bad_kind(const struct sources *s, const struct yaml *doc, const struct yaml_node *node,
                     const char *kind, struct error *err)
{
    const char *names[128];
    size_t count = 0;
    for (; count < s->kind_count && count < ARRAY_LEN(names); count++)
        names[count] = s->kinds[count].name;
    const char *nearest = nearest_name(kind, names, count);
    const struct yaml_node *said = yaml_get(node, "kind");
    if (!*kind)
        return error_set(err, ERROR_CONFIG, false,
                         "%s:%d: a source needs a kind: files, or a connector (`mooc-ingest "
                         "connectors list` names them)",
                         yaml_name(doc), yaml_line(said ? said : node));
    return error_set(err, ERROR_CONFIG, false,
                     "%s:%d: kind: no connector is named `%.60s`%s%s%s; `mooc-ingest connectors "
                     "list` names them, by what `connector:` says in their files",
                     yaml_name(doc), yaml_line(said), kind, nearest ? "; did you mean `" : "",
                     nearest ? nearest : "", nearest ? "`?" : "");
}

/* ---- the list in the configuration ---- */

static bool bad(const struct yaml *doc, const struct yaml_node *node, struct error *err,
                const char *what)
{
    return error_set(err, ERROR_CONFIG, false, "%s:%d: %s", yaml_name(doc), yaml_line(node), what);
}

/* A name stands in keys and entities, between bars and colons. */
static bool is_name(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length < 64 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               length;
}

static bool check_one(const struct sources *s, const struct yaml_node *list, size_t index,
                      struct error *err)
{
    const struct options *options = s->context.options;
    const struct yaml *doc = options_document(options);
    const struct yaml_node *node = yaml_item(list, index);
    const char *name = yaml_text(node, "name", ""), *kind = yaml_text(node, "kind", "");
    if (!is_name(name))
        return bad(doc, node, err,
                   "a source needs a name of letters, digits, dots, dashes (at most 63)");
    const struct source_kind *found = find_kind(s, kind);
    if (!found)
        return bad_kind(s, doc, node, kind, err);
    for (size_t i = 0; i < index; i++)
        if (strcmp(yaml_text(yaml_item(list, i), "name", ""), name) == 0)
            return bad(doc, node, err, "two sources have the same name");
    return found->check_settings(found, options, doc, node, err) ||
           error_context(err, "source %s", name);
}

static bool check_list(const struct sources *s, struct error *err)
{
    const struct yaml_node *list = options_section(s->context.options, "sources");
    const struct yaml *doc = options_document(s->context.options);
    if (list && yaml_kind(list) != YAML_SEQUENCE)
        return bad(doc, list, err, "sources: must be a list (each item begins with \"- name:\")");
    for (size_t i = 0; i < yaml_count(list); i++)
        if (!check_one(s, list, i, err))
            return false;
    return true;
}

static bool open_registry(struct sources *s, struct error *err)
{
    s->registry = registry_open(options_text(s->context.options, "connectors_dir"), err);
    if (s->registry)
        make_kinds(s);
    return s->registry != NULL;
}

static bool no_key(const struct options *options, struct error *err)
{
    if (!options_document(options))
        return error_set(err, ERROR_CONFIG, false,
                         "no configuration was given: name its file with --config FILE or in "
                         "MOOC_CONFIG (README, \"Configuration by example\"); option "
                         "hmac_key_file at least must be set");
    return error_set(err, ERROR_CONFIG, false,
                     "option hmac_key_file is not set: a file with at least 16 secret bytes, kept "
                     "for ever (`openssl rand -hex 32 > FILE`), that only this user can read");
}

static bool check_secrets(const struct sources *s, struct error *err)
{
    const struct options *options = s->context.options;
    const struct yaml_node *list = options_section(options, "sources");
    if (yaml_count(list) > 0 && !options_text(options, "hmac_key_file"))
        return no_key(options, err);
    for (size_t i = 0; i < yaml_count(list); i++) {
        const struct yaml_node *node = yaml_item(list, i);
        const struct source_kind *kind = find_kind(s, yaml_text(node, "kind", ""));
        if (kind->check_secrets &&
            !kind->check_secrets(kind, options, options_document(options), node, err))
            return error_context(err, "source %s", yaml_text(node, "name", ""));
    }
    return true;
}

bool sources_check(const struct options *options, struct error *err)
{
    struct sources s = {.context = {.options = options}};
    bool fine = open_registry(&s, err) && check_list(&s, err) && check_secrets(&s, err);
    registry_close(s.registry);
    free(s.kinds);
    return fine;
}

static bool open_listed(struct sources *s, const char *only, struct error *err)
{
    const struct options *options = s->context.options;
    const struct yaml_node *list = options_section(options, "sources");
    const struct yaml *doc = options_document(options);
    s->items = calloc(yaml_count(list) + 1, sizeof(struct source *));
    if (!s->items)
        return error_set(err, ERROR_INTERNAL, false, "out of memory");
    for (size_t i = 0; i < yaml_count(list); i++) {
        const struct yaml_node *node = yaml_item(list, i);
        const char *name = yaml_text(node, "name", "");
        if (only && strcmp(only, name) != 0)
            continue;
        const struct source_kind *kind = find_kind(s, yaml_text(node, "kind", ""));
        struct source *source = kind->open(kind, &s->context, doc, node, err);
        if (!source)
            return error_context(err, "source %s", name);
        source->kind = kind;
        snprintf(source->name, sizeof(source->name), "%s", name);
        s->items[s->count++] = source;
    }
    if (only && only[0] && s->count == 0)
        return error_set(err, ERROR_USAGE, false, "no source is named %s in the configuration", only);
    return true;
}

static bool open_key(struct sources *s, struct error *err)
{
    const char *path = options_text(s->context.options, "hmac_key_file");
    if (!path)
        return no_key(s->context.options, err);
    s->context.secret = secret_read_file(path, &s->context.secret_length, err);
    if (!s->context.secret)
        return false;
    s->context.hmac = hmac_new(s->context.secret, s->context.secret_length, err);
    if (!s->context.hmac)
        return error_context(err, "%s", path);
    hmac_hex(s->context.hmac, "fingerprint", "", 0, s->hmac_fingerprint);
    s->hmac_fingerprint[16] = '\0'; /* enough to tell keys apart */
    s->keys = key_ring_open(path, options_number(s->context.options, "hmac_key_version"),
                            s->hmac_fingerprint, err);
    return s->keys != NULL;
}

static bool open_reference(struct sources *s, struct error *err)
{
    const char *folder = options_text(s->context.options, "reference");
    if (!folder)
        return true;
    s->reference = reference_load(folder, NULL, NULL, err);
    s->context.reference = s->reference;
    return s->reference != NULL;
}

static bool open_folder(struct sources *s, struct error *err)
{
    s->context.data_dir = options_text(s->context.options, "data_dir");
    if (mkdir(s->context.data_dir, 0700) == 0 || errno == EEXIST)
        return true;
    return error_tell(err, ERROR_CONFIG, false, "data_dir %s: " REASON_VI,
                      "data_dir %s: " REASON_EN, s->context.data_dir, ERROR_REASON(errno));
}

/* "files=1 openedx=1": what the state was made with. */
static void name_connectors(struct sources *s)
{
    for (size_t i = 0; i < s->kind_count; i++)
        text_buffer_add_format(&s->connectors, "%s%s=%u", i ? " " : "", s->kinds[i].name,
                               s->kinds[i].mapping_version);
}

struct sources *sources_open(const struct options *options, const char *only, struct error *err)
{
    struct sources *s = calloc(1, sizeof(*s));
    if (!s) {
        error_set(err, ERROR_INTERNAL, false, "out of memory");
        return NULL;
    }
    s->context.options = options;
    s->metrics = metrics_new();
    s->context.metrics = s->metrics;
    s->context.sightings = sightings_new(SIGHTINGS_MOST_BYTES);
    bool fine = open_registry(s, err) && check_list(s, err) && open_folder(s, err) &&
                open_key(s, err) && open_reference(s, err) && (s->context.http = http_new(err)) &&
                open_listed(s, only, err);
    if (fine) {
        name_connectors(s);
        return s;
    }
    sources_close(s);
    return NULL;
}

const struct connector *sources_connector(const struct sources *s, const char *name,
                                          const struct yaml_node **config)
{
    const struct yaml_node *list = options_section(s->context.options, "sources");
    for (size_t i = 0; i < yaml_count(list); i++) {
        const struct yaml_node *node = yaml_item(list, i);
        *config = node;
        if (strcmp(yaml_text(node, "name", ""), name) == 0)
            return find_kind(s, yaml_text(node, "kind", ""))->connector;
    }
    return NULL;
}

void sources_close(struct sources *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->count; i++)
        s->items[i]->kind->close(s->items[i]);
    free(s->items);
    sightings_free(s->context.sightings);
    if (s->context.http)
        http_free(s->context.http);
    if (s->context.hmac)
        hmac_free(s->context.hmac);
    key_ring_free(s->keys);
    if (s->context.secret)
        secret_free((char *)(uintptr_t)s->context.secret, s->context.secret_length);
    for (size_t i = 0; i < s->retired_count; i++)
        reference_free(s->retired[i]);
    free(s->retired);
    if (s->reference)
        reference_free(s->reference);
    metrics_free(s->metrics);
    text_buffer_free(&s->connectors);
    registry_close(s->registry);
    free(s->kinds);
    free(s);
}

void sources_refresh_reference(struct sources *s)
{
    const char *folder = options_text(s->context.options, "reference");
    struct error err = {0};
    if (!folder)
        return;
    struct reference *fresh = reference_load(folder, NULL, NULL, &err);
    bool told = strcmp(err.message, s->reference_fault.message) == 0;
    s->reference_fault = err;
    if (!fresh) {
        if (!told)
            log_error("the reference folder has a fault; the one read before stays in use", &err);
        return;
    }
    char before[33] = "", after[33];
    if (s->reference)
        reference_fingerprint(s->reference, before);
    reference_fingerprint(fresh, after);
    if (strcmp(before, after) == 0) {
        reference_free(fresh);
        return;
    }
    if (s->reference) {
        s->retired = array_room(s->retired, s->retired_count, &s->retired_capacity,
                                sizeof(struct reference *));
        s->retired[s->retired_count++] = s->reference;
    }
    s->reference = fresh;
    s->context.reference = fresh;
    LOG_INFO_EVENT("reference folder read anew", LOG_NUMBER("units", fresh->unit_count));
}
