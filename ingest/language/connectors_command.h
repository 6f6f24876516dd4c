/* `mooc-ingest connectors …`: what kinds of platforms there are, and how the language is written. Each returns the exit code. */
#ifndef MOOC_CONNECTOR_CONNECTORS_COMMAND_H
#define MOOC_CONNECTOR_CONNECTORS_COMMAND_H

#include "../../common/options.h"

int connectors_list(const struct program *program, const struct options *options);
int connectors_show(const struct program *program, const struct options *options);
int connectors_schema(const struct program *program, const struct options *options);
int connectors_reference(const struct program *program, const struct options *options);

#endif
