/* The sheets of a workbook in its package: which part each is, by the relations between them (ECMA-376 Part 2). */
#ifndef MOOC_BOOK_PARTS_H
#define MOOC_BOOK_PARTS_H

#include "package.h"

struct given_book_sheet {
    char *name; /* as people see it */
    char *part; /* in the package */
    bool hidden;
    size_t place; /* among all of the workbook */
};

struct given_book {
    struct package *package; /* borrowed */
    char *main, *relations;  /* parts: xl/workbook.xml and its .rels */
    size_t sheet_count, capacity;
    size_t places; /* sheets that the workbook names */
    struct given_book_sheet *sheets;
};

/* The part of the workbook whose relation's type ends so, as "/styles"; NULL. Caller frees. */
char *given_book_part(const struct given_book *workbook, const char *type_end);

/* ERROR_DATA where it is not understood. */
bool given_book_open(struct package *package, struct given_book *out, struct error *err) MUST_CHECK;
void given_book_close(struct given_book *workbook);
/* The sheet of that name (NULL: any) and place among those that are not hidden; NULL. */
const struct given_book_sheet *given_book_find(const struct given_book *workbook, const char *name,
                                               size_t place);

#endif
