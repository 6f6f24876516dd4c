/* Which documents' figures are closed. */
#ifndef MOOC_CLOSE_CLOSED_LIST_H
#define MOOC_CLOSE_CLOSED_LIST_H

#include "../pg.h"
#include "../report/report.h"

/* A row for each: document, wave, instant, when and by whom it was closed, the reports in it. programs: instants in UTC. NULL on
 * failure. */
struct report *closed_list_make(struct pg *pg, enum language language, bool programs,
                                struct error *err);

#endif
