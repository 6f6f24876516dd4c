/* Two generations at one vector: the live one is held still by a transaction until the other has come as far. */
#ifndef MOOC_REPLAY_HOLD_H
#define MOOC_REPLAY_HOLD_H

#include "generations.h"
#include "plan.h"

/* Waits first, without holding anybody up, until the other is near. Then, inside a transaction of pg that is left open, holds `live` and
 * waits until `other` stands exactly there. On failure nothing is held. *vector is where both stand, *since_ms when
 * holding began (clock_monotonic_ms). */
bool hold_at_one_vector(struct pg *pg, const struct options *options, const struct generation *live,
                        const struct generation *other, struct replay_vector *vector,
                        int64_t *since_ms, struct error *err) MUST_CHECK;

#endif
