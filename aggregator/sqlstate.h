/* What an error of PostgreSQL means for who met it, by its SQLSTATE (PostgreSQL documentation, appendix A). Pure. */
#ifndef MOOC_AGGREGATOR_SQLSTATE_H
#define MOOC_AGGREGATOR_SQLSTATE_H

#include "../common/base.h"
#include "../common/error.h"

/* state: five characters. */
void sqlstate_classify(const char *state, enum error_kind *kind, bool *retriable);
/* The database's disk is full: it passes once somebody has made room. */
bool sqlstate_disk_full(const char *state);
/* Sets err to "PostgreSQL, doing: message (state)", of message the first line. Without a state ("") a lost connection is unreachable
 * and passes, anything else is our own fault. Returns false. */
bool sqlstate_error(const char *state, bool lost, const char *doing, const char *message,
                    struct error *err);

#endif
