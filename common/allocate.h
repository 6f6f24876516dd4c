/* Memory that must be there: a service that cannot allocate ends at once, and goes on from its durable state when it is started
 * again. */
#ifndef MOOC_ALLOCATE_H
#define MOOC_ALLOCATE_H

#include "base.h"

/* memory, or the end of the process if it is NULL. */
void *must_have(void *memory);

/* Room for at least one more item behind `count`: the array, moved if it had to grow, then *capacity has doubled. */
void *array_room(void *array, size_t count, size_t *capacity, size_t item_size);

#endif
