/* Keeping a generation beside the live one as far as that stands: the next one until it is promoted, the old one for a rollback. */
#ifndef MOOC_WRITE_FOLLOW_H
#define MOOC_WRITE_FOLLOW_H

#include "../../common/metrics.h"
#include "log_reader.h"

/* The reader hands out nothing beyond where the live generation stands now. *behind: how many offsets we are short of it. */
bool follow_live(struct log_reader *reader, const int64_t *offsets, struct pg *pg, int64_t *behind,
                 struct error *err) MUST_CHECK;

/* Follows whatever there is to follow until a stop is requested. */
void follow_run(const struct options *options, struct metrics *metrics);

#endif
