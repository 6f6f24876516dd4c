/* Where a command's text goes: standard output, or a file that appears whole or not at all. */
#ifndef MOOC_AGGREGATOR_OUTPUT_H
#define MOOC_AGGREGATOR_OUTPUT_H

#include "../../common/error.h"
#include "report.h"

enum output_format {
    OUTPUT_TABLE,
    OUTPUT_CSV,
    OUTPUT_CSV_EXCEL,
    OUTPUT_JSON,
    OUTPUT_XLSX,
    OUTPUT_HTML,
    OUTPUT_TEXT,
};

/* name may be NULL: then what path ends in, without path or ending a table. Unknown: ERROR_USAGE. */
bool output_format_parse(const char *name, const char *path, enum output_format *format,
                         struct error *err) MUST_CHECK;

/* "vi" or "en"; anything else is ERROR_USAGE. */
bool output_language_parse(const char *name, enum language *language, struct error *err) MUST_CHECK;

/* The report in a format of text (not xlsx), as it stands on standard output. The formats of CSV refuse what report_fits_csv does. */
bool output_render(const struct report *report, enum output_format format, struct text_buffer *out,
                   struct error *err) MUST_CHECK;

/* path NULL: standard output (not for xlsx). A file is written beside and renamed; a CSV file begins with a byte order mark,
 * without which Excel takes Vietnamese for another encoding. */
bool output_report(const struct report *report, enum output_format format, const char *path,
                   struct error *err) MUST_CHECK;

#endif
