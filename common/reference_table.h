/* One CSV file of the reference folder, row by row; faults in cells are reported with file and line. */
#ifndef MOOC_REFERENCE_TABLE_H
#define MOOC_REFERENCE_TABLE_H

#include "reference_private.h"

#define TABLE_COLUMNS 20

/* Set by the caller: name, columns, arena, faults. */
struct table {
    const char *name;
    const char *const *columns; /* NULL-terminated; "?code": the column may be missing, its cells are then empty */
    struct reference_arena *arena;
    struct reference_faults *faults;
    struct sheet_book *book;
    size_t rows, row, width;
    int *lines; /* of the items read */
    size_t read;
    size_t place[TABLE_COLUMNS];
};

/* False: the file cannot be used at all (reported). A file that may be missing counts as empty. */
bool table_open(struct table *t, const char *folder, bool required);
void table_close(struct table *t);
/* Room for per_row items per row below the header (zeroed), and for the rows' lines. */
void *table_items(struct table *t, size_t size, size_t per_row);
/* Moves on to the next row that is not empty. */
bool table_next(struct table *t);
int table_line(const struct table *t);
bool table_has(const struct table *t, size_t n); /* is the n-th declared column there? */

/* The cell of the n-th declared column, cleaned, in the arena; "" when empty. What is wrong with it is reported. */
const char *table_cell(const struct table *t, size_t n);
const char *table_code(const struct table *t, size_t n, bool required);
const char *table_text(const struct table *t, size_t n);
const char *table_date(const struct table *t, size_t n, bool required);
/* if_empty where the cell is empty and need not be filled. */
int64_t table_number(const struct table *t, size_t n, bool required, int64_t max, int64_t if_empty);
/* The parts of a cell between vertical bars. */
size_t table_list(const struct table *t, size_t n, const char *const **parts);

#endif
