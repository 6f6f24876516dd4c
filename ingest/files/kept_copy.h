/* A kept original without the people who were erased: their rows are empty, all others stand where they stood, so that they can be
 * corrected and taken back by file, sheet and row. What stands beside the rows of people (letterhead, signatures, notes) loses the cells
 * that name one of them. Pure but for the file. */
#ifndef MOOC_KEPT_COPY_H
#define MOOC_KEPT_COPY_H

#include "../../common/roster_read.h"

/* Writes the book that the list was read from to path, which ends in SHEET_KEPT. gone: of each person of the list. */
bool kept_copy_write(const struct sheet_book *book, const struct roster_list *roster,
                     const bool *gone, const char *path, struct error *err) MUST_CHECK;

#endif
