/* (Functions named workbook_… are the XLSX library's.) The sheets of a workbook in its package, one more of them, and the looks that it uses. */
#ifndef MOOC_FOLLOW_UP_GIVEN_BOOK_H
#define MOOC_FOLLOW_UP_GIVEN_BOOK_H

#include "../../common/sheet.h"
#include "package.h"

struct given_book_sheet {
    char *name; /* as people see it */
    char *part; /* in the package */
    bool hidden;
};

struct given_book {
    struct package *package; /* borrowed */
    char *main, *relations;  /* parts: xl/workbook.xml and its .rels */
    size_t sheet_count, capacity;
    struct given_book_sheet *sheets;
};

/* ERROR_DATA where it is not understood. */
bool given_book_open(struct package *package, struct given_book *out, struct error *err) MUST_CHECK;
void given_book_close(struct given_book *workbook);
/* The sheet of that name (NULL: any) and place among those that are not hidden; NULL. */
const struct given_book_sheet *given_book_find(const struct given_book *workbook, const char *name,
                                               size_t place);

/* Indices of cell formats (attribute s): Times New Roman 13 as offices print. All 0 where the workbook has no formats of its own. */
struct given_book_looks {
    size_t title, text, heading, cell, number, total, total_number;
};
void given_book_looks(struct given_book *workbook, struct given_book_looks *looks);

/* A new last sheet; the name becomes another where there is such a sheet. Row `heading` (from 1) stands on each of its pages. Takes
 * xml's memory. */
bool given_book_add_sheet(struct given_book *workbook, const char *name, size_t heading,
                          struct text_buffer *xml, struct error *err) MUST_CHECK;

/* A package with these sheets' cells as text: of a list that came as CSV, or in a workbook that is not understood. head[i]: first
 * header row of sheet i (from 0), SIZE_MAX: none; body[i]: the first one below it. */
struct package *given_book_of_cells(const struct sheet_book *book, const size_t *head,
                                    const size_t *body);

#endif
