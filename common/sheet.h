/* Tables from files: CSV (comma or semicolon or tab; UTF-8, UTF-16 with BOM, Windows-1258) and .xlsx (by xlsx2csv as a child process,
 * every sheet), in either of them columns typed with a font of TCVN3 or VNI. What comes out is UTF-8 in NFC. .xls and anything else is refused by name with the way out ("open it in Excel, Save As .xlsx"). Bounded: 64 MiB, 200
 * sheets, 1,048,576 rows, 256 columns, 32 KiB a cell. */
#ifndef MOOC_SHEET_H
#define MOOC_SHEET_H

#include "base.h"
#include "error.h"
#include "text_encoding.h"

struct sheet_book;

/* encoding: what the text is, if it is not to be found out (of a workbook only ENCODING_TCVN3 and ENCODING_VNI say anything, and
 * ENCODING_UTF8: that it is neither). */
struct sheet_book *sheet_open_as(const char *path, enum text_encoding encoding, struct error *err);
struct sheet_book *sheet_open(const char *path, struct error *err); /* ENCODING_AUTO */
/* What the text was: "UTF-8", "Windows-1258", "UTF-8, column B from TCVN3 (font .VnTime)"; of a workbook "Excel" instead of UTF-8. */
const char *sheet_encoding(const struct sheet_book *book);
/* Finds out which cells of the workbook that it was opened from are merged; nothing of anything else. */
void sheet_read_merges(struct sheet_book *book, const char *path);
void sheet_free(struct sheet_book *book);

size_t sheet_count(const struct sheet_book *book);
const char *sheet_name(const struct sheet_book *book, size_t sheet); /* "" for CSV */
size_t sheet_rows(const struct sheet_book *book, size_t sheet);
size_t sheet_columns(const struct sheet_book *book, size_t sheet, size_t row);
/* Cell text, "" when absent; row and column from 0. Row numbers equal the file's: row index + 1 is what Excel shows. */
const char *sheet_cell(const struct sheet_book *book, size_t sheet, size_t row, size_t column);
/* Is it known which cells are merged? */
bool sheet_knows_merges(const struct sheet_book *book);
/* The row in which the merged cells begin that this one continues downwards; SIZE_MAX where it continues none. */
size_t sheet_merged_from(const struct sheet_book *book, size_t sheet, size_t row, size_t column);
/* The row stays where it is and says nothing any more. */
void sheet_empty_row(struct sheet_book *book, size_t sheet, size_t row);

/* Writes a book as a file that sheet_open reads again, sheet by sheet and row by row where they stood; path ends in SHEET_KEPT. text gives
 * what is to stand in a cell; it is asked for every cell of a row, up to the widest one's end. Mode 0600. */
#define SHEET_KEPT ".sheets"
typedef const char *(*sheet_text)(void *context, size_t sheet, size_t row, size_t column);
bool sheet_save(const struct sheet_book *book, const char *path, sheet_text text, void *context,
                struct error *err) MUST_CHECK;

#endif
