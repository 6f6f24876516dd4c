/* Whether the archive holds all its months, for who counts or writes anew from all of it. */
#ifndef MOOC_ARCHIVE_WHOLE_H
#define MOOC_ARCHIVE_WHOLE_H

#include "../pg.h"

/* ERROR_STATE if a month was detached or let go, naming the first and how it comes back. In the transaction that will read, if what
 * is read must be what was looked at. */
bool archive_is_whole(struct pg *pg, struct error *err) MUST_CHECK;

#endif
