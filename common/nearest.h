/* The nearest of some names to a mistyped one, for "did you mean". */
#ifndef MOOC_NEAREST_H
#define MOOC_NEAREST_H

#include "base.h"

/* NULL if none is near: at most one edit in three characters. The first of equals. NULL entries are passed over. */
const char *nearest_name(const char *typed, const char *const *names, size_t count);

#endif
