#include "row_lookup.h"

void row_lookup_one(const struct files_env *env, const struct shard *shard, const char *content,
                    struct row_correction *out)
{
    char name[ROW_CORRECTION_NAME];
    row_correction_name(env->context->hmac, content, name);
    row_correction_decode(shard != NULL ? shard_cursor_get(shard, env->source, name) : NULL, out);
}

void row_lookup(const struct files_env *env, const struct shard *shard,
                const struct roster_list *list, size_t index, struct row_correction *out)
{
    row_lookup_one(env, shard, list->persons[index].own_content, out);
    if (!((list->persons[index].faults >> ROSTER_LISTED_TWICE) & 1U))
        return;
    for (size_t i = 0; i < list->person_count; i++) {
        struct row_correction other;
        if (list->persons[i].same_as != index)
            continue;
        row_lookup_one(env, shard, list->persons[i].own_content, &other);
        row_correction_merge(out, &other);
    }
}
