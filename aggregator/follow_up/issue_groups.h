/* The study group (Tổ) of rows of lists that have an issue: what a unit sorts its work by. */
#ifndef MOOC_FOLLOW_UP_ISSUE_GROUPS_H
#define MOOC_FOLLOW_UP_ISSUE_GROUPS_H

#include "../pg.h"

struct issue_groups;

/* Of a wave's and a unit's issues; each may be NULL. Inside a transaction that shows one moment. */
struct issue_groups *issue_groups_read(struct pg *pg, const char *wave, const char *unit,
                                       struct error *err);
void issue_groups_free(struct issue_groups *groups); /* NULL-safe */
/* "" where the row has none, or is no row of a list in force. sheet "" for CSV. */
const char *issue_groups_find(const struct issue_groups *groups, const char *file,
                              const char *sheet, int64_t row);

#endif
