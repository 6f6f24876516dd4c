/* Where a report's figures are from: for who has to answer for them. */
#ifndef MOOC_AGGREGATOR_EXPLAIN_H
#define MOOC_AGGREGATOR_EXPLAIN_H

#include "reports.h"

/* As a script for psql: what the figures are of as comments, then every statement that request->trace holds. Inside the transaction
 * in which the report was made. */
bool explain_report(struct pg *pg, const struct report_request *request, struct report *report,
                    struct text_buffer *out, struct error *err) MUST_CHECK;

struct explain_listing {
    size_t most; /* people */
    bool words;  /* for people; else codes and UTC */
};
/* Who counts in a cell, and by which events: a report. The cell is "unit=HG-SYTE measure=passed"; wave and training are the request's
 * unless it names them. NULL on failure. */
struct report *explain_cell(struct pg *pg, const struct report_request *request, const char *cell,
                            const struct explain_listing *listing, struct error *err);

#endif
