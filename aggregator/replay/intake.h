/* The log, or the archive, read up to a vector into memory, by several threads. */
#ifndef MOOC_REPLAY_INTAKE_H
#define MOOC_REPLAY_INTAKE_H

#include "../fold/bulk.h"
#include "../write/store.h"
#include "plan.h"

/* Records that could not be read; their positions name one of the two topics. */
struct unreadable_list {
    struct unreadable_record *items;
    size_t count, capacity;
};

struct intake_result {
    struct bulk_intake *intakes[BULK_INTAKES]; /* one per thread */
    struct unreadable_list unreadable[BULK_INTAKES];
    char topics[2][TOPIC_SIZE]; /* events, rejected records: what a bulk_position's topic numbers */
    int64_t records;
    size_t bytes; /* that the facts take */
};

/* part: which people's facts, and what else. *result is zeroed before. */
bool intake_run(const struct replay_plan *plan, const struct bulk_part *part,
                struct intake_result *result, struct error *err) MUST_CHECK;
/* Without the intakes, if their ownership went elsewhere (then they are NULL). */
void intake_release(struct intake_result *result);

#endif
