/* The table of mooc-ingest's options and commands. */
#ifndef MOOC_INGEST_OPTIONS_H
#define MOOC_INGEST_OPTIONS_H

#include "../common/options.h"

extern const struct program ingest_program;

#endif
