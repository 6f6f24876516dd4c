/* What loading a reference folder would change in the database. */
#ifndef MOOC_AGGREGATOR_CONFIG_CHANGES_H
#define MOOC_AGGREGATOR_CONFIG_CHANGES_H

#include <stdio.h>

#include "../../common/reference.h"
#include "../../common/tell.h"
#include "../pg.h"

enum change_class {
    CHANGE_LABEL,      /* takes effect at once */
    CHANGE_ADDITION,   /* extends what the live generation is counted with */
    CHANGE_GENERATION, /* would change figures already counted: needs a new generation */
    CHANGE_FAULT,      /* must not be loaded at all */
    CHANGE_CLASS_COUNT
};

struct config_changes; /* the rows of config_diff.sql */

/* Inside a transaction of the caller: puts the folder into temporary tables and compares. NULL on failure. */
bool config_changes_stage(struct pg *pg, const struct reference *reference, struct error *err)
    MUST_CHECK;
struct config_changes *config_changes_find(struct pg *pg, struct error *err);
void config_changes_free(struct config_changes *changes);

/* Keeps what the staged folder counts with as a config version of its own: gives its number, -1 on failure. */
int64_t config_changes_store(struct pg *pg, const struct reference *reference, struct error *err);

size_t config_changes_count(const struct config_changes *changes, enum change_class of_class);
/* One line per change under a heading per class; many additions of one kind are one line. */
void config_changes_print(const struct config_changes *changes, const struct teller *to, FILE *out);

#endif
