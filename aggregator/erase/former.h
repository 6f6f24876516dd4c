/* Keys of which nothing is in force any more, by what the archive's records said of them: rows that left a list, accounts that lost their
 * e-mail, links taken back. */
#ifndef MOOC_AGGREGATOR_ERASE_FORMER_H
#define MOOC_AGGREGATOR_ERASE_FORMER_H

#include "people.h"

/* Adds them to the people's subjects, and counts them: whoever had one of the identifiers under one of the names. ERROR_STATE where nobody
 * in force says a name and the identifiers stood on rows of several. Reads the archive through, with progress. */
bool erase_find_former(struct pg *pg, struct erase_people *people, struct error *err) MUST_CHECK;

#endif
