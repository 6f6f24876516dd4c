#include "yaml_tree.h"

#include <stdlib.h>
#include <string.h>

#include "allocate.h"
#include "nearest.h"
#include "text_buffer.h"

struct yaml {
    char *name;
    struct yaml_node *root;
};

struct yaml_node *yaml_node_new(int line)
{
    struct yaml_node *node = must_have(calloc(1, sizeof *node));
    node->line = line;
    return node;
}

void yaml_node_free(struct yaml_node *node)
{
    if (!node)
        return;
    for (size_t i = 0; i < node->count; i++) {
        yaml_node_free(node->items[i]);
        if (node->keys)
            free(node->keys[i]);
    }
    free(node->items);
    free(node->keys);
    free(node->scalar);
    free(node);
}

void yaml_node_add(struct yaml_node *node, char *key, struct yaml_node *item)
{
    if (node->count == node->capacity) {
        node->capacity = node->capacity ? node->capacity * 2 : 8;
        node->items = must_have(realloc(node->items, node->capacity * sizeof(struct yaml_node *)));
        if (node->kind == YAML_MAPPING)
            node->keys = must_have(realloc(node->keys, node->capacity * sizeof(char *)));
    }
    node->items[node->count] = item;
    if (key)
        node->keys[node->count] = key;
    node->count++;
}

struct yaml *yaml_document_new(const char *name, struct yaml_node *root)
{
    struct yaml *doc = must_have(calloc(1, sizeof *doc));
    doc->name = must_have(strdup(name));
    doc->root = root;
    return doc;
}

void yaml_unload(struct yaml *doc)
{
    if (!doc)
        return;
    yaml_node_free(doc->root);
    free(doc->name);
    free(doc);
}

const struct yaml_node *yaml_root(const struct yaml *doc)
{
    return doc ? doc->root : NULL;
}

const char *yaml_name(const struct yaml *doc)
{
    return doc->name;
}

enum yaml_kind yaml_kind(const struct yaml_node *node)
{
    return node->kind;
}

int yaml_line(const struct yaml_node *node)
{
    return node->line;
}

const char *yaml_scalar(const struct yaml_node *node)
{
    return node && node->kind == YAML_SCALAR ? node->scalar : NULL;
}

bool yaml_is_plain(const struct yaml_node *node)
{
    return node && node->kind == YAML_SCALAR && node->plain;
}

size_t yaml_count(const struct yaml_node *node)
{
    return node ? node->count : 0;
}

const struct yaml_node *yaml_item(const struct yaml_node *node, size_t index)
{
    return node && index < node->count ? node->items[index] : NULL;
}

const char *yaml_key(const struct yaml_node *node, size_t index)
{
    return node && node->kind == YAML_MAPPING && index < node->count ? node->keys[index] : NULL;
}

int yaml_key_line(const struct yaml_node *node, size_t index)
{
    const struct yaml_node *item = yaml_item(node, index);
    return item ? item->key_line : 0;
}

const struct yaml_node *yaml_get(const struct yaml_node *node, const char *key)
{
    if (!node || node->kind != YAML_MAPPING)
        return NULL;
    for (size_t i = 0; i < node->count; i++) {
        if (strcmp(node->keys[i], key) == 0)
            return node->items[i];
    }
    return NULL;
}

const char *yaml_text(const struct yaml_node *node, const char *key, const char *fallback)
{
    const char *text = yaml_scalar(yaml_get(node, key));
    return text ? text : fallback;
}

bool yaml_only_keys(const struct yaml *doc, const struct yaml_node *node, const char *const *keys,
                    struct error *err)
{
    size_t known = 0;
    while (keys[known])
        known++;
    for (size_t i = 0; i < yaml_count(node); i++) {
        const char *key = yaml_key(node, i);
        bool found = key == NULL;
        for (size_t k = 0; k < known && !found; k++)
            found = strcmp(keys[k], key) == 0;
        if (found)
            continue;
        const char *nearest = nearest_name(key, keys, known);
        struct text_buffer hint = {0};
        for (size_t k = 0; k < known && !nearest; k++)
            text_buffer_add_format(&hint, "%s%s", k ? ", " : "", keys[k]);
        if (nearest)
            text_buffer_add_format(&hint, "\"%s\"?", nearest);
        error_tell(err, ERROR_CONFIG, false,
                   nearest ? "%s:%d: không có mục \"%s\"; có phải là %s"
                           : "%s:%d: không có mục \"%s\"; ở đây có: %s",
                   nearest ? "%s:%d: unknown key \"%s\"; did you mean %s"
                           : "%s:%d: unknown key \"%s\"; known here: %s",
                   doc->name, yaml_key_line(node, i), key, hint.data ? hint.data : "");
        text_buffer_free(&hint);
        return false;
    }
    return true;
}
