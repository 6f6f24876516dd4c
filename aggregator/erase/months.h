/* The archive gone through month by month, also the months that were detached and kept. */
#ifndef MOOC_AGGREGATOR_ERASE_MONTHS_H
#define MOOC_AGGREGATOR_ERASE_MONTHS_H

#include "../pg.h"

/* month: of PostgreSQL's type regclass, as text. */
typedef bool erase_visit_fn(struct pg *pg, const char *month, void *context, struct error *err);

struct erase_stopped {
    const char *vi, *en; /* what an operator who stopped it is told */
};

/* Shows progress under the name given. done: months visited. */
bool erase_visit_months(struct pg *pg, const char *name, const struct erase_stopped *stopped,
                        erase_visit_fn *visit, void *context, int64_t *done, struct error *err)
    MUST_CHECK;

#endif
