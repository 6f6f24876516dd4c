/* The persons who count in a cell of a generation, found by folding what is stored of everybody. */
#ifndef MOOC_CELLS_WHO_COUNTS_H
#define MOOC_CELLS_WHO_COUNTS_H

#include "../pg.h"
#include "cell_query.h"

struct counted_person {
    struct key128 key;
    size_t cells; /* how often */
    size_t own;   /* of these: in the unit itself, not below it */
    struct key128 *subjects;
    size_t subject_count;
};

struct counted_people {
    struct counted_person *items; /* ascending by key */
    size_t count, capacity;
};

/* Inside a transaction of pg; takes memory for everybody's facts meanwhile. */
bool who_counts(struct pg *pg, int generation, int config_version, const struct cell_query *query,
                struct counted_people *people, struct error *err) MUST_CHECK;
void counted_people_release(struct counted_people *people);
/* NULL: not among them. */
const struct counted_person *counted_people_find(const struct counted_people *people,
                                                 struct key128 key);

#endif
