/* What a report asked the database, for whoever wants to ask the same. */
#ifndef MOOC_AGGREGATOR_TRACE_H
#define MOOC_AGGREGATOR_TRACE_H

#include "../../common/text_buffer.h"

/* Zeroed is empty. */
struct report_trace {
    struct text_buffer text; /* statements that psql and any BI tool take as they are */
    size_t count;
    char training[304]; /* that the report is of; "": none */
};

/* Adds a statement with its parameters ($1 …) written as literals. Pure. */
void report_trace_add(struct report_trace *trace, const char *sql, size_t count,
                      const char *const *parameters);
void report_trace_free(struct report_trace *trace);

#endif
