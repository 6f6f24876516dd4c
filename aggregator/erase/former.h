/* Keys of which nothing is in force any more, by what the archive's records said of them: rows that left a list, accounts that lost their
 * e-mail, links taken back. */
#ifndef MOOC_AGGREGATOR_ERASE_FORMER_H
#define MOOC_AGGREGATOR_ERASE_FORMER_H

#include "key_query.h"

/* Adds those to subjects who had one of the identifiers under one of the subjects' names, and counts them; to identifiers those that are the
 * subjects' alone. ERROR_STATE where no subject has a name and the identifiers stood on rows of several people. Reads the archive
 * through, with progress. */
bool erase_find_former(struct pg *pg, int generation, struct key_list *subjects,
                       struct key_list *identifiers, int64_t *former, struct error *err) MUST_CHECK;

#endif
