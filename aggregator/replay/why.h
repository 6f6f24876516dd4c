/* Who counts in a cell of the figures, and by which events. */
#ifndef MOOC_REPLAY_WHY_H
#define MOOC_REPLAY_WHY_H

#include "generations.h"

/* Inside a transaction of one snapshot. The cell is option why; prints as options format and out say. */
bool why_print(struct pg *pg, const struct options *options, const struct generation *live,
               const struct generation *other, struct error *err) MUST_CHECK;

#endif
