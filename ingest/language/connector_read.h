/* Inside the reader of connector files. What was checked against the language's table is read here without looking again; what the
 * table cannot say (names, references between streams) is refused here. After the first fault nothing more is read. */
#ifndef MOOC_CONNECTOR_CONNECTOR_READ_H
#define MOOC_CONNECTOR_CONNECTOR_READ_H

#include "../../common/arena.h"
#include "connector.h"

struct reading {
    struct connector *connector;
    const struct yaml *doc;
    struct arena *arena;
    struct owned *owned;  /* compiled values, conditions, mappings, to be freed */
    const char **visible; /* the names, those that make no sense where we are hidden */
    struct error *err;
    bool in_auth;
    bool failed;
};

/* ---- connector_scope.c: names ---- */

/* After options and the tables' names are known. */
void scope_collect(struct reading *r, const struct yaml_node *streams);
enum scope_place {
    SCOPE_OPTIONS, /* auth, headers, faults, only_if */
    SCOPE_REQUEST, /* of a stream */
    SCOPE_RECORD,  /* its records */
};
void scope_show(struct reading *r, enum scope_place place, const struct stream_rules *stream);
/* Of discover: options and what its pages have. */
void scope_show_pages(struct reading *r, const struct page_rules *pages);
/* Place of the table's own name among the names. */
size_t scope_table(const struct reading *r, const char *stream);
/* Of what streams take along from their parent's record. */
size_t scope_taken(struct reading *r, const char *name);

/* ---- connector_parts.c: keys, values, requests ---- */

void reading_refuse(struct reading *r, int line, const char *format, ...) PRINTF_LIKE(3, 4);
/* Of a key of a mapping of the table; its default where node has none; NULL without. */
const char *reading_text(const struct yaml_node *node, const char *mapping, const char *key);
double reading_number(const struct yaml_node *node, const char *mapping, const char *key);
int64_t reading_duration(const struct yaml_node *node, const char *mapping, const char *key);
bool reading_boolean(const struct yaml_node *node, const char *mapping, const char *key);
/* NULL for NULL. */
struct value *reading_value(struct reading *r, const struct yaml_node *node);
struct condition *reading_condition(struct reading *r, const struct yaml_node *node);
struct mapping *reading_mapping(struct reading *r, const struct yaml_node *stream);
/* What the operator configured stands in a path as it is. */
struct value *reading_path(struct reading *r, const struct yaml_node *node);
void reading_pointers(const struct yaml_node *node, const char *out[PAGE_POINTERS]);
const struct request_part *reading_request_parts(struct reading *r, const struct yaml_node *node,
                                                 size_t *count);
void reading_request(struct reading *r, const struct yaml_node *node, struct request_rules *out);
void reading_pages(struct reading *r, const struct yaml_node *node, struct page_rules *out);
/* Does a text below node hold this ("{since}")? */
bool reading_mentions(const struct yaml_node *node, const char *text);
/* Page numbers must be asked for, and only with the pages that have them. */
void reading_check_pages(struct reading *r, const struct yaml_node *node, enum page_rule rule);
void owned_free(struct owned *owned);

/* ---- connector_streams.c, connector_checks.c ---- */

void reading_streams(struct reading *r, const struct yaml_node *streams);
void reading_check_stream(struct reading *r, const struct yaml_node *node,
                          const struct stream_rules *stream);
/* -1 when there is none of that name, which is refused with the nearest. */
int reading_find_stream(struct reading *r, const struct yaml_node *node, const char *name);

#endif
