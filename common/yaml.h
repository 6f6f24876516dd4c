/* Reads a YAML file into a tree of nodes with line numbers. Anchors, aliases, tags and multi-documents are refused; duplicate
 * and empty keys are refused; UTF-8; depth <= 32, file <= 4 MiB, 10,000 keys a mapping. Errors are ERROR_CONFIG,
 * "FILE:LINE: what". */
#ifndef MOOC_YAML_H
#define MOOC_YAML_H

#include "base.h"
#include "error.h"

struct yaml;      /* a document */
struct yaml_node; /* belongs to its document */

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml *yaml_load_file(const char *path, struct error *err);
struct yaml *yaml_load_text(const char *text, size_t length, const char *name, struct error *err);
void yaml_unload(struct yaml *doc); /* not yaml_free: libyaml exports a function of that name */

const struct yaml_node *yaml_root(const struct yaml *doc); /* NULL for an empty document */
enum yaml_kind yaml_kind(const struct yaml_node *node);
int yaml_line(const struct yaml_node *node); /* from 1 */
/* As written; NULL if node is NULL or no scalar; "" for null. */
const char *yaml_scalar(const struct yaml_node *node);
/* A scalar without quotes: true, not "true". */
bool yaml_is_plain(const struct yaml_node *node);
size_t yaml_count(const struct yaml_node *node); /* items or pairs; 0 for scalars and NULL */
/* Item, or value of the pair; its key, and the line where the key stands (from 1). NULL and 0 outside. */
const struct yaml_node *yaml_item(const struct yaml_node *node, size_t index);
const char *yaml_key(const struct yaml_node *node, size_t index);
int yaml_key_line(const struct yaml_node *node, size_t index);
/* Value of a key, NULL if absent; node may be NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *node, const char *key);
/* Text of a scalar child, fallback if absent. */
const char *yaml_text(const struct yaml_node *node, const char *key, const char *fallback);
/* Fails, naming file, line and key, if the mapping has a key outside the NULL-terminated list. */
bool yaml_only_keys(const struct yaml *doc, const struct yaml_node *node, const char *const *keys,
                    struct error *err) MUST_CHECK;
const char *yaml_name(const struct yaml *doc); /* path, for messages */

#endif
