/* Memory that is freed at once: what reading one file or folder leaves behind. Out of memory aborts. */
#ifndef MOOC_ARENA_H
#define MOOC_ARENA_H

#include "base.h"

struct arena {
    struct arena_block *blocks;
};

void *arena_allocate(struct arena *arena, size_t bytes); /* zeroed, aligned to 16 */
const char *arena_text(struct arena *arena, const char *text);
/* Frees everything and wipes it: personal data in clear stood there. */
void arena_free(struct arena *arena);

#endif
