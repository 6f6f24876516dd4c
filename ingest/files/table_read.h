/* Reads results, attendance and head counts out of a sheet_book: one row per record, cells by what their column is. Pure. What
 * comes out may be personal data in clear: it never leaves the process. */
#ifndef MOOC_TABLE_READ_H
#define MOOC_TABLE_READ_H

#include "../../common/arena.h"
#include "../../common/error.h"
#include "../../common/sheet.h"
#include "table_columns.h"

/* A cell of a column of which there are several: a day of a class, an audience of a form. */
struct table_mark {
    const char *heading, *text;
};

struct table_row {
    size_t sheet;                   /* index in the book */
    int64_t row;                    /* as the spreadsheet program shows it, from 1 */
    const char *cell[TABLE_FIELDS]; /* cleaned; "" = empty or no such column */
    const char *content; /* all that the row says but its number: the same after re-sorting */
    struct table_mark *marks;
    size_t mark_count;
};

struct table_skip {
    size_t sheet;
    int64_t row;
    const char *reason; /* "total", "no_record", "repeated_header" */
};

struct table_list {
    struct arena arena; /* owns all texts */
    enum files_kind kind;
    size_t row_count, skip_count, row_capacity, skip_capacity;
    struct table_row *rows;
    struct table_skip *skips;
};

/* NULL when no sheet has the columns that the kind needs, or no row below them (ERROR_DATA says what was looked for). */
struct table_list *table_read(const struct sheet_book *book, enum files_kind kind,
                              const struct table_mapping *mapping, struct error *err);
void table_free(struct table_list *list);

#endif
