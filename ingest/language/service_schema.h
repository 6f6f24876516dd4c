/* schema/mooc-ingest.schema.json: the service's configuration as JSON Schema, made of its options, the language's table and the
 * connectors there are. Sources of other kinds (files, connectors of one's own) are not looked into. */
#ifndef MOOC_CONNECTOR_SERVICE_SCHEMA_H
#define MOOC_CONNECTOR_SERVICE_SCHEMA_H

#include "../../common/options.h"
#include "../../common/text_buffer.h"
#include "registry.h"

void service_schema(const struct program *program, const struct registry *registry,
                    struct text_buffer *out);

#endif
