/* Is there what a cell is named by? A name that nobody knows would give an empty list, which reads as nobody. */
#ifndef MOOC_CELLS_CELL_NAMES_H
#define MOOC_CELLS_CELL_NAMES_H

#include "../pg.h"
#include "cell_query.h"

struct counted_generation {
    int number, config_version;
};

/* Training, wave, unit and group are known to one of the generations at least; else ERROR_USAGE names what there is, and where all of it
 * stands. */
bool cell_names_check(struct pg *pg, const struct cell_query *query,
                      const struct counted_generation *generations, size_t count, struct error *err)
    MUST_CHECK;

#endif
