/* Which event decides that a person counts in a cell: the person is counted again and again in memory, event by event. */
#ifndef MOOC_CELLS_DECIDE_H
#define MOOC_CELLS_DECIDE_H

#include "who_counts.h"

struct decision {
    uint64_t entity; /* as in struct fact */
    int64_t revision, hash;
    bool found;
};

/* What a generation holds of some people. */
struct decider;
struct decider *decider_new(struct pg *pg, int generation, int config_version,
                            const struct counted_person *const *people, size_t count,
                            struct error *err);
void decider_free(struct decider *decider); /* NULL-safe */

/* Of people->items[i] as given: from which event on, in the order of their own times, does the count stay what it is? Events that the
 * measure is about come first (an exam for passed), all others only where those decide nothing. */
struct decision decider_find(struct decider *decider, const struct cell_query *query, size_t i);

#endif
