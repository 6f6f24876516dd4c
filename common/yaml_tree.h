/* The tree behind yaml.h: for yaml.c, which builds it, and yaml_tree.c, which answers from it. */
#ifndef MOOC_YAML_TREE_H
#define MOOC_YAML_TREE_H

#include "yaml.h"

struct yaml_node {
    enum yaml_kind kind;
    int line, key_line; /* key_line: of the key that it belongs to; 0 without */
    char *scalar;
    bool plain; /* a scalar without quotes */
    size_t count, capacity;
    struct yaml_node **items;
    char **keys; /* mappings only */
};

struct yaml_node *yaml_node_new(int line);
void yaml_node_free(struct yaml_node *node);
/* Takes the item and, in a mapping, its key (else NULL). */
void yaml_node_add(struct yaml_node *node, char *key, struct yaml_node *item);
/* Takes root, which may be NULL. */
struct yaml *yaml_document_new(const char *name, struct yaml_node *root);

#endif
