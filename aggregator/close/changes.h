/* What of closed figures is another figure now (đính chính): cell by cell, old and new, and by what. */
#ifndef MOOC_CLOSE_CHANGES_H
#define MOOC_CLOSE_CHANGES_H

#include "../report/report.h"
#include "document.h"

/* The same instant counted again, from all that is known now and by what live is counted with. No transaction of pg is open; none is
 * left. NULL on failure. */
struct report *changes_make(struct pg *pg, const struct options *options, const char *doc,
                            enum language language, struct error *err);

#endif
