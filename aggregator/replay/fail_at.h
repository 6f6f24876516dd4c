/* For tests: the variable MOOC_FAIL_AT names a phase at which the process ends at once, as if it were killed there. */
#ifndef MOOC_REPLAY_FAIL_AT_H
#define MOOC_REPLAY_FAIL_AT_H

#include "../../common/base.h"

/* Always true, if it returns. */
bool fail_at(const char *phase);

#endif
