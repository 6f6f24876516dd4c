/* .xlsx to text by xlsx2csv as a child process: no shell, a clean environment, bounded in time, memory and output. */
#ifndef MOOC_SHEET_XLSX_H
#define MOOC_SHEET_XLSX_H

#include "base.h"
#include "error.h"

#define XLSX_SHEET_MARKER '\a' /* cannot stand in XML, so in no cell */

/* All visible sheets as CSV with every field quoted, each after a line "\a <number> - <name>". Dates are ISO, numbers keep
 * their digits; empty fields at the end of a row are left out. Caller frees *text, which has room for one more byte after *length. */
bool xlsx_to_text(const char *path, char **text, size_t *length, struct error *err) MUST_CHECK;

#endif
