/* One writer per generation, the others stand by (DESIGN, aggregator invariant 4). The holder's epoch stands in every offset row:
 * a taker bumps it, ends the old backend by pid and backend_start, and only then reads where to go on. Heartbeats run in a thread
 * and connection of their own, by PostgreSQL's clock. */
#ifndef MOOC_WRITE_LEASE_H
#define MOOC_WRITE_LEASE_H

#include "../../common/options.h"
#include "../pg.h"

struct lease;

struct lease_holder {
    char instance[128];
    int64_t silent_ms;
};

/* Tries once, with the connection that will write. NULL without err set (kind ERROR_NONE): another instance writes, see holder. */
struct lease *lease_try(struct pg *pg, const struct options *options, int generation,
                        struct lease_holder *holder, struct error *err);
int64_t lease_epoch(const struct lease *lease);
/* False once a heartbeat found another epoch. */
bool lease_held(const struct lease *lease);
/* Stops the heartbeat. pg: the writing connection, to give the lease back; NULL when it is gone. */
void lease_release(struct lease *lease, struct pg *pg);

#endif
