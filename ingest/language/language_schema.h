/* The language's table as JSON Schema (draft 2020-12), for editors: what it refuses the reader refuses too. What only the reader
 * can tell: names in templates, references between streams, bounds of durations, regular expressions. */
#ifndef MOOC_CONNECTOR_LANGUAGE_SCHEMA_H
#define MOOC_CONNECTOR_LANGUAGE_SCHEMA_H

#include "../../common/text_buffer.h"

/* schema/connector.schema.json: of connector files. Ends in a newline. */
void language_schema(struct text_buffer *out);
/* docs/connectors/reference.md. */
void language_reference(struct text_buffer *out);

#endif
