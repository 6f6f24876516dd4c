/* How far a generation beside the live one may go: as far as that stands. */
#ifndef MOOC_WRITE_FOLLOW_H
#define MOOC_WRITE_FOLLOW_H

#include "log_reader.h"

/* The reader hands out nothing beyond where the live generation stands now. *behind: how many offsets we are short of it (0 where offsets is
 * NULL). */
bool follow_live(struct log_reader *reader, const int64_t *offsets, struct pg *pg, int64_t *behind,
                 struct error *err) MUST_CHECK;

#endif
