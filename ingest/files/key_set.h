/* A set of names, held as hashes. */
#ifndef MOOC_KEY_SET_H
#define MOOC_KEY_SET_H

#include "../../common/base.h"

struct key_set;

struct key_set *key_set_new(void);
void key_set_free(struct key_set *set); /* NULL-safe */
/* False if it was there already. */
bool key_set_add(struct key_set *set, const char *name);
bool key_set_has(const struct key_set *set, const char *name);

#endif
