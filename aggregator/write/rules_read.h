/* The generation's config, read from PostgreSQL. */
#ifndef MOOC_WRITE_RULES_READ_H
#define MOOC_WRITE_RULES_READ_H

#include "../fold/rules.h"
#include "../pg.h"

struct rules *rules_read(struct pg *pg, int config_version, struct error *err);

#endif
