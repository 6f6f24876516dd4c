/* How wide a list's columns are to be so that it can be read on A4. Pure. */
#ifndef MOOC_FOLLOW_UP_PAPER_WIDTHS_H
#define MOOC_FOLLOW_UP_PAPER_WIDTHS_H

#include "../../common/sheet.h"
#include "sheet_edit.h"

/* Characters of the common size 11 that fill the width of A4 landscape at a size of 9. */
#define PAPER_CHARACTERS 172.0

/* widths[0 … count - 1]: in characters, as wide as what stands in these rows needs, where text wraps; at most about `room` together, unless
 * numbers, dates and long words take more. 0: nothing stands in the column, it may keep its width. */
void paper_widths(const struct sheet_book *book, size_t sheet, const struct added_row *rows,
                  size_t row_count, double room, double *widths, size_t count);
/* And how high the rows are then; ours: the widths of what they get. */
void paper_heights(const struct sheet_book *book, size_t sheet, const double *widths, size_t count,
                   const double *ours, struct added_row *rows, size_t row_count);

#endif
