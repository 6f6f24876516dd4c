/* The fold's own state, shared by fold.c (apply) and fold_load.c (plan and load). */
#ifndef MOOC_FOLD_STATE_H
#define MOOC_FOLD_STATE_H

#include "fold.h"

/* A fact that a planned event says. */
struct pending {
    struct fact fact;
    struct key128 key;       /* of its subject */
    struct subject *subject; /* NULL: not resident when it was planned, or the fact changes nothing */
    int training;
    uint32_t next; /* 1 + index of the next one of its person; 0: none */
};

struct touched_pair {
    struct key128 identifier, subject;
};

struct fold {
    const struct rules *rules;
    size_t cache_bytes,
        confirmed_bytes; /* what may be, and what was resident after the last fold_confirm */
    struct people people;
    struct measurer *measurer;
    struct contribution before, after;
    struct changes changes;
    uint32_t batch, load_mark;
    uint32_t first_batch;            /* of the changes; 0: none since the last fold_confirm */
    struct key_table loaded_persons; /* person key -> a subject loaded with it */

    struct pending *pending; /* of the planned batch */
    size_t pending_count, pending_capacity;
    struct person **touched;
    size_t touched_count, touched_capacity;
    struct subject **regrouped;
    size_t regrouped_count, regrouped_capacity;
    struct touched_pair *pairs;
    size_t pair_count, pair_capacity;
};

#endif
