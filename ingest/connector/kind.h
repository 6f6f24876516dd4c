/* What the engine calls a source whose kind is a connector. */
#ifndef MOOC_CONNECTOR_KIND_H
#define MOOC_CONNECTOR_KIND_H

#include "../source.h"

/* All but name, connector and mapping version. */
extern const struct source_kind platform_kind_template;

#endif
