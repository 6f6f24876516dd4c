/* Which row of a report it is, whatever stands in its figures: by its codes, or by its first text where it has none. Pure. */
#ifndef MOOC_CLOSE_ROW_KEY_H
#define MOOC_CLOSE_ROW_KEY_H

#include "../report/report.h"

/* Replaces what *out held. */
void row_key(const struct report *report, size_t row, struct text_buffer *out);
/* What stands in the row's text column of that name; NULL: nothing. */
const char *row_text(const struct report *report, size_t row, const char *column);
/* The first text that a person reads in the row; "" if there is none. */
const char *row_label(const struct report *report, size_t row);

#endif
