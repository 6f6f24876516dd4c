/* What an error of PostgreSQL means for who met it, by its SQLSTATE (PostgreSQL documentation, appendix A). Pure. */
#ifndef MOOC_AGGREGATOR_SQLSTATE_H
#define MOOC_AGGREGATOR_SQLSTATE_H

#include "../common/base.h"
#include "../common/error.h"

/* state: five characters. */
void sqlstate_classify(const char *state, enum error_kind *kind, bool *retriable);
/* The database's disk is full: it passes once somebody has made room. */
bool sqlstate_disk_full(const char *state);
/* Sets err to "PostgreSQL, doing: message (state)", of message the first line, and what to do about it where that is known. Without a
 * state ("") a lost connection is unreachable and passes, anything else is our own fault. Returns false. */
bool sqlstate_error(const char *state, bool lost, const char *doing, const char *message,
                    struct error *err);
/* What our own functions raise says itself what is wrong: "message. hint" (NULL: none), without state; vi: all of it in Vietnamese, which they
 * raise as the detail, or NULL. Returns false. */
bool sqlstate_raised(const char *state, const char *message, const char *hint, const char *vi,
                     struct error *err);

#endif
