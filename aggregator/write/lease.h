/* One writer per generation, the others stand by (DESIGN, aggregator invariant 4). The holder's epoch stands in every offset row:
 * a taker bumps it, ends the old backend by pid and backend_start, and only then reads where to go on. Heartbeats run in a thread
 * and connection of their own, by PostgreSQL's clock; should that be set back, the one who stands by measures too. */
#ifndef MOOC_WRITE_LEASE_H
#define MOOC_WRITE_LEASE_H

#include "../../common/options.h"
#include "../pg.h"

struct lease;

/* Kept by who stands by, from look to look: zeroed at first, but for own_epoch. */
struct lease_holder {
    int64_t own_epoch; /* of this process's last lease: nobody to wait for, though PostgreSQL may not have missed us yet */
    char instance[128];
    char sign[96]; /* the last sign of life seen, and when it was new here (clock_monotonic_ms) */
    int64_t sign_ms;
    int64_t silent_ms;
    bool live; /* the generation last looked at is the live one */
};

/* The option instance, else the host's name, put into host. */
const char *lease_instance(const struct options *options, char host[128]);
/* Locks nothing. 1: the lease is free (no holder, its backend is gone, or it is silent), 0: another writes, -1: failed. */
int lease_look(struct pg *pg, const struct options *options, int generation,
               struct lease_holder *holder, struct error *err);
/* Takes it if it is still free and the generation still (live) or still not (!live) the live one, with the connection that will write.
 * The heartbeat's thread then also watches over pg and reading, and cuts them when they are mute or when another has taken over. NULL
 * without err set (kind ERROR_NONE): another writes, or the roles have changed since the generation was chosen: choose anew. */
struct lease *lease_try(struct pg *pg, struct pg *reading, const struct options *options,
                        int generation, bool live, struct lease_holder *holder, struct error *err);
int64_t lease_epoch(const struct lease *lease);
/* False once a heartbeat found another epoch. */
bool lease_held(const struct lease *lease);
/* Asks, by a connection of the caller's; false with ERROR_FENCED if another has taken over. What was read before, by whatever
 * connection, is nothing of the taker's then: who was stopped while loading must not fold a mix of two writers' states. */
bool lease_confirm(const struct lease *lease, struct pg *asking, struct error *err) MUST_CHECK;
/* Whether it is known that another has taken over or the generation is gone, by the heartbeat or by asking, if that connection still can. */
bool lease_lost(const struct lease *lease, struct pg *asking);
/* Stops the heartbeat; before the connections are freed. pg: the writing connection, to give the lease back; NULL when it is gone. */
void lease_release(struct lease *lease, struct pg *pg);

#endif
