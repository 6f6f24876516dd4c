/* The sheet with counts per study group. */
#ifndef MOOC_FOLLOW_UP_GROUPS_SHEET_H
#define MOOC_FOLLOW_UP_GROUPS_SHEET_H

#include "list_back.h"
#include "given_book.h"

/* The worksheet's XML: a row per group, totals, and what each status means. The row (from 1) of its headings. */
size_t groups_sheet(const struct group_counts *groups, const struct given_book_looks *looks,
                    const struct list_back *back, struct text_buffer *out);

/* Are these the first cells of such a sheet's headings, in either language? */
bool groups_sheet_is_heading(const char *first, const char *second, const char *third);

#endif
