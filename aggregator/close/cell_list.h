/* The cells of reports, each found again in other reports of the same names by its row's codes and its column. Pure. */
#ifndef MOOC_CLOSE_CELL_LIST_H
#define MOOC_CLOSE_CELL_LIST_H

#include "../report/report.h"

struct listed_cell {
    const struct report *report; /* or a part of it */
    size_t row, column;
    char *key;
};

struct cell_list {
    struct listed_cell *items; /* ascending by key; ordinal columns ("no") are left out */
    size_t count, capacity;
};

/* The report outlives the list. */
void cell_list_add(struct cell_list *list, const struct report *report);
/* When all are added. */
void cell_list_sort(struct cell_list *list);
void cell_list_release(struct cell_list *list);
/* NULL: it has none. */
const struct listed_cell *cell_list_find(const struct cell_list *list, const char *key);

/* By value: counts and exact fractions, not by how they are printed. NULL is a cell that is not there, equal to an empty one. */
bool cells_equal(const struct listed_cell *a, const struct listed_cell *b);
/* By what a reader sees: 2.103 of 2.716 and 2.104 of 2.717 are both 77,4%. */
bool cells_printed_equal(const struct listed_cell *a, const struct listed_cell *b);

#endif
