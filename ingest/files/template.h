/* The command `template KIND`: a workbook to fill in, which the reader of its kind takes as it is. */
#ifndef MOOC_FILES_TEMPLATE_H
#define MOOC_FILES_TEMPLATE_H

#include "../../common/options.h"
#include "../../common/reference.h"
#include "files_kind.h"

/* Headings, one example row, drop-downs from the reference folder (NULL: none), and a sheet that says what each column means. source:
 * whose courses are offered; NULL = all. */
bool template_write(enum files_kind kind, const struct reference *reference, const char *source,
                    const char *path, struct error *err) MUST_CHECK;

int files_template_command(const struct program *program, const struct options *options);

#endif
