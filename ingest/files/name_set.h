/* A set of names, held as hashes. */
#ifndef MOOC_NAME_SET_H
#define MOOC_NAME_SET_H

#include "../../common/base.h"

struct name_set;

struct name_set *name_set_new(void);
void name_set_free(struct name_set *set); /* NULL-safe */
/* False if it was there already. */
bool name_set_add(struct name_set *set, const char *name);
bool name_set_has(const struct name_set *set, const char *name);

#endif
