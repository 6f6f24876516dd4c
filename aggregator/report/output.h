/* Where a command's text goes: standard output, or a file that appears whole or not at all. */
#ifndef MOOC_AGGREGATOR_OUTPUT_H
#define MOOC_AGGREGATOR_OUTPUT_H

#include "../../common/error.h"
#include "report.h"

enum output_format { OUTPUT_TABLE, OUTPUT_CSV, OUTPUT_JSON, OUTPUT_XLSX };

/* name may be NULL: then what path ends in, without path or ending a table. Unknown: ERROR_USAGE. */
bool output_format_parse(const char *name, const char *path, enum output_format *format,
                         struct error *err) MUST_CHECK;

/* "vi" or "en"; anything else is ERROR_USAGE. */
bool output_language_parse(const char *name, enum language *language, struct error *err) MUST_CHECK;

/* path NULL: standard output (not for xlsx). A file is written beside and renamed; a CSV file begins with a byte order mark,
 * without which Excel takes Vietnamese for another encoding. */
bool output_report(const struct report *report, enum output_format format, const char *path,
                   struct error *err) MUST_CHECK;

#endif
