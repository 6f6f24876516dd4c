/* Which cells of a workbook are merged: its text (sheet_xlsx.h) does not say. */
#ifndef MOOC_SHEET_MERGES_H
#define MOOC_SHEET_MERGES_H

#include "base.h"

struct sheet_merge {
    size_t top, left, bottom, right; /* from 0, all of them merged */
};

struct sheet_merges {
    struct sheet_merge *items;
    size_t count, capacity;
};

/* Of the sheet of that name and place among those that are shown, for each of the names. False where the workbook is not understood:
 * then there are none. */
bool sheet_merges_read(const char *path, const char *const *names, size_t count,
                       struct sheet_merges *merges) MUST_CHECK;
/* The merged cells of which this is one; NULL. */
const struct sheet_merge *sheet_merges_at(const struct sheet_merges *merges, size_t row,
                                          size_t column);

#endif
