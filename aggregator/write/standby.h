/* Standing by: an instance that may not write looks several times a second whether it may, and says why not, in its log, /healthz,
 * /readyz and metrics. It may when nobody else writes and the live generation is of this program's fold version. */
#ifndef MOOC_WRITE_STANDBY_H
#define MOOC_WRITE_STANDBY_H

#include "../../common/metrics.h"
#include "lease.h"
#include "log_reader.h"

struct standby;

/* follows: not the live generation is wanted but one kept beside it, of this program's fold version. */
struct standby *standby_new(const struct options *options, bool follows, struct metrics *metrics,
                            struct log_reader *reader);
void standby_free(struct standby *standby);

/* Waits for the lease, which pg and reading are then bound to (lease_try), and gives its generation. The reader has discovered its
 * partitions: who cannot reach Kafka leaves the lease to others. NULL on failure; when the process is to stop, or there is nothing to
 * follow, ERROR_STOPPED. */
struct lease *standby_wait(struct standby *standby, struct pg *pg, struct pg *reading,
                           int *generation, struct error *err);
/* The lease is given back or lost. */
void standby_over(struct standby *standby);

#endif
