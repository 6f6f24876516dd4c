/* Today's requests of a source with a daily bound, carried over a restart and from instance to instance: a cursor in the state says
 * how many were sent at most. It is written a little ahead (by a thousandth of the bound, or ten requests), so not for each request:
 * whoever goes on from there asks so many less, never more. */
#ifndef MOOC_CONNECTOR_DAY_COUNT_H
#define MOOC_CONNECTOR_DAY_COUNT_H

#include "platform.h"

/* What the state is to say, where it says `kept` and `used` were sent. Pure. */
uint64_t day_count_ahead(uint64_t kept, uint64_t used, uint64_t bound);

/* When the source starts on a shard: takes over what the state says. */
void day_count_recall(struct platform *platform);
/* Each turn. */
void day_count_keep(struct platform *platform);

#endif
