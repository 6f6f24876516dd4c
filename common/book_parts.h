/* The sheets of a workbook in its package: which part each is, by the relations between them (ECMA-376 Part 2). */
#ifndef MOOC_BOOK_PARTS_H
#define MOOC_BOOK_PARTS_H

#include "package.h"

struct book_sheet {
    char *name; /* as people see it */
    char *part; /* in the package */
    bool hidden;
    size_t place; /* among all of the workbook */
};

struct book_parts {
    struct package *package; /* borrowed */
    char *main, *relations;  /* parts: xl/workbook.xml and its .rels */
    size_t sheet_count, capacity;
    size_t places; /* sheets that the workbook names */
    struct book_sheet *sheets;
};

/* The part of the workbook whose relation's type ends so, as "/styles"; NULL. Caller frees. */
char *book_parts_related(const struct book_parts *workbook, const char *type_end);

/* ERROR_DATA where it is not understood. */
bool book_parts_open(struct package *package, struct book_parts *out, struct error *err) MUST_CHECK;
void book_parts_close(struct book_parts *workbook);
/* The sheet of that name (NULL: any) and place among those that are not hidden; NULL. */
const struct book_sheet *book_parts_sheet(const struct book_parts *workbook, const char *name,
                                          size_t place);
/* As people read them: without regard to spaces around and the form of letters. */
bool book_parts_same_name(const char *a, const char *b);

#endif
