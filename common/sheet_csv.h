/* CSV (RFC 4180, leniently) over a buffer that it unquotes in place. Pure. */
#ifndef MOOC_SHEET_CSV_H
#define MOOC_SHEET_CSV_H

#include "base.h"
#include "error.h"

#define SHEET_MAX_BYTES (64U * 1024 * 1024)
#define SHEET_MAX_SHEETS 200
#define SHEET_MAX_ROWS 1048576
#define SHEET_MAX_COLUMNS 256
#define SHEET_MAX_CELL (32U * 1024)

/* Row i has cells[row_first[i]] up to cells[row_first[i + 1]]; empty cells at a row's end are left out. */
struct csv_table {
    const char **cells; /* into the parsed buffer */
    size_t *row_first;  /* row_count + 1 entries */
    size_t cell_count, row_count, cell_capacity, row_capacity;
};

/* Parses from *position until the end, or until a record that begins with `marker` (0: none), and moves *position there.
 * text[length] must be writable: it becomes NUL. Refuses an unclosed quote and what is over the limits, naming the row. */
bool csv_parse(char *text, size_t length, size_t *position, char delimiter, char marker,
               struct csv_table *table, struct error *err) MUST_CHECK;
void csv_table_free(struct csv_table *table);

/* Comma, semicolon or tab: the one that splits most of the first lines. */
char csv_sniff_delimiter(const char *text, size_t length);

#endif
