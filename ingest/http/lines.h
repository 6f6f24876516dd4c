/* A NULL-terminated list of lines of one's own. */
#ifndef MOOC_INGEST_HTTP_LINES_H
#define MOOC_INGEST_HTTP_LINES_H

#include "../../common/base.h"

char **lines_copy(const char *const *lines);                        /* of NULL: an empty list */
void lines_add(char ***lines, const char *name, const char *value); /* "name: value" */
void lines_free(char **lines); /* wipes them: they hold credentials */
/* Can it be sent as one header line: no control characters? */
bool line_is_plain(const char *line);

#endif
