/* What every part of a files source is given. */
#ifndef MOOC_FILES_ENV_H
#define MOOC_FILES_ENV_H

#include "../source.h"
#include "table_columns.h"

struct files_env {
    const struct source_context *context; /* its reference changes under way: take it once per piece of work */
    const char *source;                   /* name */
    const char *wave, *unit;              /* of the watched folder; NULL */
    const char *platform;                 /* whose accounts the user names of results are; NULL */
    const struct table_mapping *columns; /* headings said in the configuration */
    bool keep_emails;                    /* see listed_emails.h */
    int64_t keep_ms;                     /* how long originals and finished files are kept */
};

/* Streams of this kind. A list that says that it is complete needs no second look before people leave. */
extern const struct stream_spec files_stream_roster, files_stream_totals, files_stream_corrections;

#endif
