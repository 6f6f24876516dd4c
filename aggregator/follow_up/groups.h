/* How many persons of each study group (Tổ) stand where. Pure. */
#ifndef MOOC_FOLLOW_UP_GROUPS_H
#define MOOC_FOLLOW_UP_GROUPS_H

#include "status.h"

struct group_count {
    const char *unit, *group; /* borrowed; as they are printed */
    int64_t persons, by_status[FOLLOW_UP_STATUSES];
    size_t seen; /* order of the unit's first row */
};

struct group_counts {
    struct group_count *items;
    size_t count, capacity, last;
};

/* Counts one person; the texts live as long as the counts. */
void groups_add(struct group_counts *groups, const char *unit, const char *group,
                enum follow_up_status status);
/* Units in the order of the list, their groups by number, then by name; people of no group last. */
void groups_sort(struct group_counts *groups);
struct group_count groups_total(const struct group_counts *groups);
/* Groups in the order of people: by number, then by name, no group last. As strcmp. */
int groups_compare(const char *a, const char *b);
void groups_release(struct group_counts *groups);

#endif
