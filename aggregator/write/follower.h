/* Keeps a generation beside the live one current: the next one until it is promoted, the old one for a rollback. */
#ifndef MOOC_WRITE_FOLLOWER_H
#define MOOC_WRITE_FOLLOWER_H

#include "../../common/metrics.h"
#include "../../common/options.h"

/* Follows whatever there is to follow until a stop is requested. */
void follower_run(const struct options *options, struct metrics *metrics);

#endif
