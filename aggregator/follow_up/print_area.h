/* The part of a sheet that is printed, where the unit chose one: up to columns that were added. */
#ifndef MOOC_FOLLOW_UP_PRINT_AREA_H
#define MOOC_FOLLOW_UP_PRINT_AREA_H

#include "given_book.h"

/* Ranges that reach furthest to the right reach to this column (from 0): to the end of out. False: they do already, or it is no area. */
bool print_area_widen(const char *area, size_t length, size_t column, struct text_buffer *out);
/* The same of the sheet at that place, if it has a print area. */
void given_book_widen_print(struct book_parts *workbook, size_t place, size_t column);

#endif
