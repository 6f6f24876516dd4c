/* The writer: one session holds the lease, and writes batch after batch, each in one transaction. */
#ifndef MOOC_WRITE_WRITER_H
#define MOOC_WRITE_WRITER_H

#include "../../common/metrics.h"
#include "../../common/options.h"

enum writer_role {
    WRITER_LIVE,     /* writes the live generation and the archive */
    WRITER_FOLLOWER, /* keeps another generation as far as the live one stands, never farther */
};

/* Runs until a stop is requested (true) or an error that time does not mend (false); a follower also ends when there is nothing to
 * follow. Everything else is waited out. */
bool writer_run(const struct options *options, enum writer_role role, struct metrics *metrics,
                struct error *err);

#endif
