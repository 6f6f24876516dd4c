/* What a generation holds of everybody, in the place of the log: for a change that concerns only how facts are counted. */
#ifndef MOOC_CELLS_STATE_SOURCE_H
#define MOOC_CELLS_STATE_SOURCE_H

#include "../fold/bulk.h"
#include "../pg.h"

/* Inside a transaction of pg: takes part `part` of `parts` of the generation's states. rules may be others than it was folded with, as
 * long as they know its trainings and courses. over is asked now and then whether to stop; may be NULL. */
struct state_source {
    int generation;
    size_t part, parts;
    const struct rules *rules;
    void *context;
    bool (*taken)(void *context, size_t rows);
};
bool state_source_take(const struct state_source *source, struct pg *pg, struct bulk_intake *intake,
                       struct error *err) MUST_CHECK;

#endif
