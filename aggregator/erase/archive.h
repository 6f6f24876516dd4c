/* The archive's rows of erased learners, gone through month by month. */
#ifndef MOOC_AGGREGATOR_ERASE_ARCHIVE_H
#define MOOC_AGGREGATOR_ERASE_ARCHIVE_H

#include "../fold/fold.h"
#include "../pg.h"

struct erase_pass {
    struct key_list learners; /* folded before the pass began, and first gone through by it */
    int64_t months, rows;     /* rows: that had more than they keep */
};

/* Each month is a transaction; given again, it goes on. */
bool erase_archive(struct pg *pg, const char *reason, struct erase_pass *pass, struct error *err)
    MUST_CHECK;
/* Whoever was erased and counted, ever. */
bool erase_read_everyone(struct pg *pg, struct key_list *out, struct error *err) MUST_CHECK;

#endif
