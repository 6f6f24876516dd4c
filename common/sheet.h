/* Tables from files: CSV (UTF-8, with or without BOM; comma or semicolon or tab) and .xlsx (by xlsx2csv as a child process, every
 * sheet). .xls and anything else is refused by name with the way out ("open it in Excel, Save As .xlsx"). Bounded: 64 MiB, 200
 * sheets, 1,048,576 rows, 256 columns, 32 KiB a cell. */
#ifndef MOOC_SHEET_H
#define MOOC_SHEET_H

#include "base.h"
#include "error.h"

struct sheet_book;

struct sheet_book *sheet_open(const char *path, struct error *err);
void sheet_free(struct sheet_book *book);

size_t sheet_count(const struct sheet_book *book);
const char *sheet_name(const struct sheet_book *book, size_t sheet); /* "" for CSV */
size_t sheet_rows(const struct sheet_book *book, size_t sheet);
size_t sheet_columns(const struct sheet_book *book, size_t sheet, size_t row);
/* Cell text, "" when absent; row and column from 0. Row numbers equal the file's: row index + 1 is what Excel shows. */
const char *sheet_cell(const struct sheet_book *book, size_t sheet, size_t row, size_t column);

#endif
