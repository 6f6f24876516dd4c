/* The writer: one session holds the lease, and writes batch after batch, each in one transaction. */
#ifndef MOOC_WRITE_WRITER_H
#define MOOC_WRITE_WRITER_H

#include "../../common/metrics.h"
#include "../../common/options.h"

/* Runs until a stop is requested (true) or an error that time does not mend (false). Everything else is waited out. */
bool writer_run(const struct options *options, struct metrics *metrics, struct error *err);

#endif
