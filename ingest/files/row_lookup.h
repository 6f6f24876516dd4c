/* Corrections in force for rows of a list, from the shard's cursors. */
#ifndef MOOC_ROW_LOOKUP_H
#define MOOC_ROW_LOOKUP_H

#include "files_env.h"
#include "roster_map.h"

/* shard NULL: nothing is in force. What is kept for person `index` and every row merged into it. */
void row_lookup(const struct files_env *env, const struct shard *shard,
                const struct roster_list *list, size_t index, struct row_correction *out);
/* What is kept for one row's own content. */
void row_lookup_one(const struct files_env *env, const struct shard *shard, const char *content,
                    struct row_correction *out);

#endif
