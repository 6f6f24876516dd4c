/* Columns added to the right of what stands in a worksheet's XML (ECMA-376 Part 1, 18.3); everything else stays as it is: values,
 * formulas, merged cells; and formats and widths, but for what makes the list's rows fit on paper. Pure. */
#ifndef MOOC_FOLLOW_UP_SHEET_EDIT_H
#define MOOC_FOLLOW_UP_SHEET_EDIT_H

#include "../../common/error.h"
#include "../../common/text_buffer.h"

#define ADDED_COLUMNS 4

/* What a row gets. */
struct added_row {
    size_t row; /* from 1 */
    bool head; /* a header's row: its cells look like the last one with something in it, those of others like like_column */
    const char *text[ADDED_COLUMNS]; /* always text, never a formula; NULL: an empty cell with the format only */
    double height;                   /* in points; a header's may be higher. 0: as it is */
};

struct added_columns {
    const struct added_row *rows; /* ascending */
    size_t row_count;
    size_t like_column; /* from 0 */
    size_t again; /* column of the first, where they stand from before: all but the last are written anew; SIZE_MAX: they do not */
    double widths[ADDED_COLUMNS]; /* in characters */
    /* Format k of the workbook with its text wrapped is format k + wrapping: what rows' cells get. 0: there are none. */
    size_t wrapping;
    size_t unlocking; /* the same of formats that are not locked: what the last of the added cells gets, to be filled in */
    size_t *first;    /* NULL, or where it is said which column the first is */
    const double *given_widths; /* of the columns that are there, from the first; 0: as it is */
    size_t given_count;
};

/* "BC" of column 54 (from 0); out holds 4 bytes. */
void sheet_column_name(size_t column, char out[4]);

/* ERROR_DATA where the XML is not understood: nothing of *out is of use then. */
bool sheet_add_columns(const char *xml, size_t length, const struct added_columns *added,
                       struct text_buffer *out, struct error *err) MUST_CHECK;

#endif
