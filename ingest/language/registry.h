/* The connectors there are: those shipped in the binary, and those of the operator's folder, which stand in for shipped ones of the
 * same name. */
#ifndef MOOC_CONNECTOR_REGISTRY_H
#define MOOC_CONNECTOR_REGISTRY_H

#include "connector.h"

#define REGISTRY_SHIPPED "shipped"

struct registry;

/* folder: files NAME.yaml; NULL = none. All are read and checked; ERROR_CONFIG names file and line. */
struct registry *registry_open(const char *folder, struct error *err);
void registry_close(struct registry *registry);
size_t registry_count(const struct registry *registry);
/* In the order of their names. origin: REGISTRY_SHIPPED, or the path of its file; may be NULL. */
const struct connector *registry_at(const struct registry *registry, size_t index,
                                    const char **origin);
/* The text of a shipped file, to start an own one from; NULL. */
const char *registry_text(const char *name);

#endif
