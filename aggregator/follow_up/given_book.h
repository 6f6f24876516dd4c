/* (Functions named workbook_… are the XLSX library's.) One more sheet for a workbook in its package, and the looks that it uses. */
#ifndef MOOC_FOLLOW_UP_GIVEN_BOOK_H
#define MOOC_FOLLOW_UP_GIVEN_BOOK_H

#include "../../common/book_parts.h"
#include "../../common/sheet.h"

/* One more child at the end of an element, whose prefix it gets: "%s" in child. False where there is no such element. */
bool given_book_append(struct package *package, const char *part, const char *element,
                       const char *child);

/* Indices of cell formats (attribute s): Times New Roman 13 as offices print. All 0 where the workbook has no formats of its own. */
struct given_book_looks {
    size_t title, text, heading, cell, number, total, total_number;
};
void given_book_looks(struct book_parts *workbook, struct given_book_looks *looks);

/* Rows first to last (from 1) stand on each page of the sheet, unless it says itself which do. Without it the sheet is as right. */
void given_book_repeat_rows(struct book_parts *workbook, size_t place, const char *sheet,
                            size_t first, size_t last);
/* For each format of cells one more that differs in that text is wrapped: format k + the number given back. 0: it could not be done. */
size_t given_book_wrap(struct book_parts *workbook);
/* The same with cells that a protected sheet lets people fill in. */
size_t given_book_unlock(struct book_parts *workbook);

/* A new last sheet; the name becomes another where there is such a sheet. Row `heading` (from 1) stands on each of its pages. Takes
 * xml's memory. */
bool given_book_add_sheet(struct book_parts *workbook, const char *name, size_t heading,
                          struct text_buffer *xml, struct error *err) MUST_CHECK;

/* A package with these sheets' cells as text: of a list that came as CSV, or in a workbook that is not understood. head[i]: first
 * header row of sheet i (from 0), SIZE_MAX: none; body[i]: the first one below it. */
struct package *given_book_of_cells(const struct sheet_book *book, const size_t *head,
                                    const size_t *body);

#endif
