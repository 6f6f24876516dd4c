#include "connector_read.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/crypto.h"
#include "../../common/file.h"
#include "../../common/options.h"
#include "../../common/text_buffer.h"
#include "language.h"

#define MAX_BYTES ((size_t)256 << 10)

struct connector_memory {
    struct arena arena;
    struct owned *owned;
};

static void read_options(struct reading *r, const struct yaml_node *node)
{
    static const char *const kinds[] = {"text", "secret", "number", "boolean"};
    struct connector *c = r->connector;
    for (size_t i = 0; i < yaml_count(node); i++) {
        const struct yaml_node *item = yaml_item(node, i);
        struct connector_option *option = &c->options[c->option_count++];
        const char *kind = reading_text(item, "option", "kind");
        *option = (struct connector_option){.name = yaml_key(node, i),
                                            .required = reading_boolean(item, "option", "required"),
                                            .fallback = yaml_text(item, "default", NULL),
                                            .help = yaml_text(item, "help", "")};
        while (strcmp(kinds[option->kind], kind) != 0)
            option->kind++;
        if (language_key(language_mapping("source"), option->name))
            reading_refuse(r, yaml_key_line(node, i),
                           "options: `%s` is a key that every source has: choose another name",
                           option->name);
        if (option->required && option->fallback)
            reading_refuse(r, yaml_line(item), "options.%s: required, and yet with a default",
                           option->name);
        double number;
        bool yes;
        if (option->fallback &&
            ((option->kind == CONNECTOR_NUMBER && !language_number(option->fallback, &number)) ||
             (option->kind == CONNECTOR_BOOLEAN && !option_boolean(option->fallback, &yes))))
            reading_refuse(r, yaml_line(item), "options.%s: the default is no %s", option->name,
                           kind);
    }
}

static void read_auth(struct reading *r, const struct yaml_node *node)
{
    static const char *const kinds[] = {"none", "basic", "header", "form", "oauth2"};
    struct auth_rules *auth = &r->connector->auth;
    const char *kind = yaml_text(node, "kind", "none");
    while (strcmp(kinds[auth->kind], kind) != 0)
        auth->kind++;
    auth->user = reading_value(r, yaml_get(node, "user"));
    auth->secret = reading_value(r, yaml_get(node, "secret"));
    auth->name = yaml_text(node, "name", NULL);
    auth->value = reading_value(r, yaml_get(node, "value"));
    const struct yaml_node *path = yaml_get(node, "path");
    auth->token_path = reading_path(r, path);
    auth->scheme = yaml_text(node, "scheme", NULL);
    auth->client_in_form = strcmp(yaml_text(node, "client", "header"), "form") == 0;
    const struct yaml_node *form = yaml_get(node, "form");
    for (size_t i = 0; i < yaml_count(form) && !r->failed; i++) {
        auth->form[i].name = yaml_key(form, i);
        auth->form[i].value = reading_value(r, yaml_item(form, i));
        auth->form_count++;
    }
}

static void read_budget(struct reading *r, const struct yaml_node *node)
{
    struct connector *c = r->connector;
    c->requests_per_minute = reading_number(node, "budget", "requests_per_minute");
    c->max_concurrent = (int)reading_number(node, "budget", "max_concurrent");
    c->requests_per_day = (int64_t)reading_number(node, "budget", "requests_per_day");
}

static void read_faults(struct reading *r, const struct yaml_node *node)
{
    static const char *const kinds[] = {"refused", "unauthorised", "throttled", "retry", "empty"};
    size_t count = yaml_count(node);
    struct answer_fault *faults = arena_allocate(r->arena, (count + 1) * sizeof *faults);
    for (size_t i = 0; i < count && !r->failed; i++) {
        const struct yaml_node *item = yaml_item(node, i);
        const char *kind = yaml_text(item, "kind", "");
        while (strcmp(kinds[faults[i].kind], kind) != 0)
            faults[i].kind++;
        faults[i].status = (long)reading_number(item, "fault", "status");
        faults[i].when = reading_condition(r, yaml_get(item, "when"));
        faults[i].contains = yaml_text(item, "contains", NULL);
        faults[i].message = reading_value(r, yaml_get(item, "message"));
        if (faults[i].status == 0 && !faults[i].when && !faults[i].contains)
            reading_refuse(r, yaml_line(item),
                           "faults: one of `status`, `when` and `contains` is needed");
    }
    r->connector->faults = faults;
    r->connector->fault_count = count;
}

static void read_discover(struct reading *r, const struct yaml_node *node)
{
    struct connector *c = r->connector;
    const struct yaml_node *request = yaml_get(node, "request");
    reading_pages(r, yaml_get(node, "pages"), &c->discover_pages);
    if (!node)
        return;
    scope_show_pages(r, &c->discover_pages);
    reading_request(r, request, &c->discover);
    reading_check_pages(r, request, c->discover_pages.rule);
    reading_pointers(yaml_get(node, "records"), c->discover_records);
    scope_show(r, SCOPE_OPTIONS, NULL);
    c->discover_id = reading_value(r, yaml_get(node, "id"));
    c->discover_name = reading_value(r, yaml_get(node, "name"));
}

static void fingerprint(struct connector *c, const struct yaml_node *root)
{
    uint8_t bytes[16];
    key128_store(language_meaning(root, "connector"), bytes);
    hex_encode(bytes, 8, c->fingerprint);
}

static bool read_all(struct reading *r)
{
    struct connector *c = r->connector;
    const struct yaml_node *root = yaml_root(r->doc);
    if (!language_check(r->doc, root, "connector", NULL, r->err))
        return false;
    c->name = yaml_text(root, "connector", "");
    c->version = (unsigned)reading_number(root, "connector", "version");
    c->title_en = yaml_text(yaml_get(root, "title"), "en", c->name);
    c->title_vi = yaml_text(yaml_get(root, "title"), "vi", c->title_en);
    fingerprint(c, root);
    read_options(r, yaml_get(root, "options"));
    scope_collect(r, yaml_get(root, "streams"));
    if (r->failed)
        return false;
    scope_show(r, SCOPE_OPTIONS, NULL);
    r->in_auth = true;
    read_auth(r, yaml_get(root, "auth"));
    r->in_auth = false;
    read_budget(r, yaml_get(root, "budget"));
    c->headers = reading_request_parts(r, yaml_get(root, "headers"), &c->header_count);
    read_faults(r, yaml_get(root, "faults"));
    read_discover(r, yaml_get(root, "discover"));
    reading_streams(r, yaml_get(root, "streams"));
    return !r->failed;
}

struct connector *connector_read(const char *text, size_t length, const char *name, struct error *err)
{
    if (length > MAX_BYTES) {
        error_set(err, ERROR_CONFIG, false, "%s: larger than %zu KiB", name, MAX_BYTES >> 10);
        return NULL;
    }
    struct yaml *doc = yaml_load_text(text, length, name, err);
    if (!doc)
        return NULL;
    struct connector *c = must_have(calloc(1, sizeof *c));
    struct connector_memory *memory = must_have(calloc(1, sizeof *memory));
    c->doc = doc;
    c->memory = memory;
    struct reading r = {.connector = c, .doc = doc, .arena = &memory->arena, .err = err};
    bool fine = read_all(&r);
    memory->owned = r.owned;
    if (fine)
        return c;
    connector_free(c);
    return NULL;
}

struct connector *connector_load(const char *path, struct error *err)
{
    size_t length;
    char *text = file_read_whole(path, MAX_BYTES, &length, err);
    if (!text)
        return NULL;
    struct connector *c = connector_read(text, length, path, err);
    free(text);
    return c;
}

void connector_free(struct connector *c)
{
    if (!c)
        return;
    struct connector_memory *memory = c->memory;
    owned_free(memory->owned);
    arena_free(&memory->arena);
    free(memory);
    yaml_unload(c->doc);
    free(c);
}
