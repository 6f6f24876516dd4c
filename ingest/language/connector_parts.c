/* What every part of the reader needs: keys with the table's defaults, values, requests. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/options.h"
#include "connector_read.h"
#include "language.h"

struct owned {
    struct owned *next;
    struct value *value;
    struct condition *condition;
    struct mapping *mapping;
};

void reading_refuse(struct reading *r, int line, const char *format, ...)
{
    char what[600];
    va_list args;
    if (r->failed)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    error_set(r->err, ERROR_CONFIG, false, "%s:%d: %s", yaml_name(r->doc), line, what);
    r->failed = true;
}

const char *reading_text(const struct yaml_node *node, const char *mapping, const char *key)
{
    return yaml_text(node, key, language_key(language_mapping(mapping), key)->fallback);
}

double reading_number(const struct yaml_node *node, const char *mapping, const char *key)
{
    const char *text = reading_text(node, mapping, key);
    double number;
    return text && language_number(text, &number) ? number : 0;
}

int64_t reading_duration(const struct yaml_node *node, const char *mapping, const char *key)
{
    const char *text = reading_text(node, mapping, key);
    int64_t ms;
    return text && option_duration(text, &ms) ? ms : 0;
}

bool reading_boolean(const struct yaml_node *node, const char *mapping, const char *key)
{
    const char *text = reading_text(node, mapping, key);
    bool yes;
    return text && option_boolean(text, &yes) && yes;
}

/* NULL = that failed. */
static void own(struct reading *r, const struct owned *what)
{
    if (!what->value && !what->condition && !what->mapping) {
        r->failed = true;
        return;
    }
    struct owned *kept = arena_allocate(r->arena, sizeof *kept);
    *kept = *what;
    kept->next = r->owned;
    r->owned = kept;
}

void owned_free(struct owned *owned)
{
    for (; owned; owned = owned->next) {
        if (owned->value)
            value_free(owned->value);
        if (owned->condition)
            condition_free(owned->condition);
        if (owned->mapping)
            mapping_free(owned->mapping);
    }
}

static struct name_list visible_names(const struct reading *r)
{
    const struct connector *c = r->connector;
    struct name_list names = {.count = c->names.count,
                              .items = r->visible,
                              .given_escaped = 1ULL << NAME_LEARNERS | 1ULL << NAME_EMAILS};
    for (size_t i = 0; !r->in_auth && i < c->option_count && c->first_option + i < 64; i++)
        if (c->options[i].kind == CONNECTOR_SECRET)
            names.secret |= 1ULL << (c->first_option + i);
    return names;
}

struct value *reading_value(struct reading *r, const struct yaml_node *node)
{
    if (!node || r->failed)
        return NULL;
    struct name_list names = visible_names(r);
    struct value *value = value_compile(r->doc, node, &names, r->err);
    own(r, &(struct owned){.value = value});
    return value;
}

/* In a request a text is one, even where it begins with / as pointers do. */
static struct value *read_template(struct reading *r, const struct yaml_node *node,
                                   const struct name_list *names)
{
    if (!node || r->failed)
        return NULL;
    struct value *value = yaml_scalar(node) ? value_of_template(r->doc, node, names, r->err)
                                            : value_compile(r->doc, node, names, r->err);
    own(r, &(struct owned){.value = value});
    return value;
}

/* What the operator configured stands in a path as it is: "rostering/v1p2". */
struct value *reading_path(struct reading *r, const struct yaml_node *node)
{
    const struct connector *c = r->connector;
    struct name_list names = visible_names(r);
    for (size_t i = 0; i < c->option_count && c->first_option + i < 64; i++)
        names.given_escaped |= 1ULL << (c->first_option + i);
    return read_template(r, node, &names);
}

struct condition *reading_condition(struct reading *r, const struct yaml_node *node)
{
    if (!node || r->failed)
        return NULL;
    struct name_list names = visible_names(r);
    struct condition *condition = condition_compile(r->doc, node, &names, r->err);
    own(r, &(struct owned){.condition = condition});
    return condition;
}

struct mapping *reading_mapping(struct reading *r, const struct yaml_node *stream)
{
    if (r->failed)
        return NULL;
    struct name_list names = visible_names(r);
    struct mapping *mapping = mapping_compile(r->doc, stream, &names, r->err);
    own(r, &(struct owned){.mapping = mapping});
    return mapping;
}

void reading_pointers(const struct yaml_node *node, const char *out[PAGE_POINTERS])
{
    if (!node || yaml_scalar(node)) {
        out[0] = node ? yaml_scalar(node) : "";
        return;
    }
    for (size_t i = 0; i < yaml_count(node) && i < PAGE_POINTERS; i++)
        out[i] = yaml_scalar(yaml_item(node, i));
}

const struct request_part *reading_request_parts(struct reading *r, const struct yaml_node *node,
                                                 size_t *count)
{
    size_t room = 1;
    for (size_t i = 0; i < yaml_count(node); i++)
        room += 1 + yaml_count(yaml_item(node, i));
    struct request_part *parts = arena_allocate(r->arena, room * sizeof *parts);
    struct name_list names = visible_names(r);
    *count = 0;
    for (size_t i = 0; i < yaml_count(node); i++) {
        const struct yaml_node *item = yaml_item(node, i);
        bool list = yaml_kind(item) == YAML_SEQUENCE;
        for (size_t k = 0; k < (list ? yaml_count(item) : 1); k++) {
            const struct yaml_node *one = list ? yaml_item(item, k) : item;
            parts[(*count)++] =
                (struct request_part){yaml_key(node, i), read_template(r, one, &names)};
        }
    }
    return parts;
}

/* Names of headers and what the transport sets itself. */
static void check_headers(struct reading *r, const struct yaml_node *headers)
{
    for (size_t i = 0; i < yaml_count(headers); i++) {
        const char *name = yaml_key(headers, i);
        for (const char *at = name; *at; at++)
            if (*at <= ' ' || *at > '~' || strchr("\"(),/:;<=>?@[\\]{}", *at))
                reading_refuse(r, yaml_key_line(headers, i),
                               "headers: `%.60s` is no name of a header", name);
    }
}

void reading_request(struct reading *r, const struct yaml_node *node, struct request_rules *out)
{
    const struct yaml_node *form = yaml_get(node, "form"), *json = yaml_get(node, "json");
    check_headers(r, yaml_get(node, "headers"));
    out->post = form || json;
    if (form && json)
        reading_refuse(r, yaml_line(node), "request: `form` and `json` exclude each other");
    struct name_list names = visible_names(r);
    out->path = reading_path(r, yaml_get(node, "path"));
    if (!r->failed && *yaml_text(node, "path", "/") != '/')
        reading_refuse(r, yaml_line(yaml_get(node, "path")),
                       "request.path: must begin with /: the host is the source's `url`");
    out->query = reading_request_parts(r, yaml_get(node, "query"), &out->query_count);
    out->form = reading_request_parts(r, form, &out->form_count);
    out->headers = reading_request_parts(r, yaml_get(node, "headers"), &out->header_count);
    out->json = read_template(r, json, &names);
}

void reading_pages(struct reading *r, const struct yaml_node *node, struct page_rules *out)
{
    static const char *const rules[] = {"one", "next", "link", "page", "offset", "cursor"};
    const char *by = yaml_text(node, "by", "one");
    while (strcmp(rules[out->rule], by) != 0)
        out->rule++;
    if (yaml_get(node, "next"))
        reading_pointers(yaml_get(node, "next"), out->next);
    out->size = (int64_t)reading_number(node, "pages", "size");
    out->smallest = (int64_t)reading_number(node, "pages", "smallest");
    out->overlap = yaml_get(node, "overlap") ? (int64_t)reading_number(node, "pages", "overlap") : 0;
    out->first = yaml_get(node, "first") ? (int64_t)reading_number(node, "pages", "first")
                                         : out->rule == PAGES_NUMBER;
    out->total = yaml_text(node, "total", NULL);
    out->last = yaml_text(node, "last", NULL);
    if (out->smallest > out->size)
        reading_refuse(r, yaml_line(node), "pages: `smallest` is larger than `size`");
}

bool reading_mentions(const struct yaml_node *node, const char *text)
{
    if (!node)
        return false;
    const char *scalar = yaml_scalar(node);
    if (scalar && strstr(scalar, text))
        return true;
    for (size_t i = 0; i < yaml_count(node); i++)
        if (reading_mentions(yaml_item(node, i), text))
            return true;
    return false;
}

void reading_check_pages(struct reading *r, const struct yaml_node *node, enum page_rule rule)
{
    static const struct {
        enum page_rule rule;
        const char *name, *by;
    } needed[] = {{PAGES_NUMBER, "{page}", "page"},
                  {PAGES_OFFSET, "{offset}", "offset"},
                  {PAGES_CURSOR, "{cursor}", "cursor"}};
    for (size_t i = 0; i < ARRAY_LEN(needed); i++)
        if (needed[i].rule == rule && !reading_mentions(node, needed[i].name))
            reading_refuse(r, yaml_line(node), "request: pages go by %s, but %s is nowhere",
                           needed[i].by, needed[i].name);
}
