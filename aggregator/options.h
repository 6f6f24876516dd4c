/* The command line of mooc-aggregator: its option table and its commands. */
#ifndef MOOC_AGGREGATOR_OPTIONS_H
#define MOOC_AGGREGATOR_OPTIONS_H

#include "../common/options.h"

extern const struct program aggregator_program;

#endif
