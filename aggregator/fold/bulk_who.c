/* Who is who, kept in short, for counting a range of people at a time. */
#include <stdlib.h>

#include "../../common/allocate.h"
#include "bulk_private.h"

static uint32_t hash_of(struct key128 person)
{
    return (uint32_t)(person.hi >> 32);
}

static void note_unlinking(struct bulk_who *who, const struct bulk *bulk, size_t begin)
{
    struct key128 identifier = bulk->carriers[begin].identifier;
    key_table_put(&who->unlinking, identifier, who);
    for (size_t i = begin, end = bulk_run_end(bulk, begin); i < end; i++)
        if (key128_equal(bulk->subjects[bulk->carriers[i].subject].key, identifier))
            key_list_add(&who->apart, identifier);
}

struct bulk_who *bulk_who_new(const struct bulk *bulk)
{
    struct bulk_who *who = must_have(calloc(1, sizeof(*who)));
    for (uint32_t i = 0; i < bulk->subject_count; i++) {
        if (bulk->subjects[i].parent != i || bulk->subjects[i].next == NOBODY)
            continue;
        uintptr_t value = (uintptr_t)hash_of(bulk->subjects[i].key) + 1;
        for (uint32_t s = i; s != NOBODY; s = bulk->subjects[s].next)
            key_table_put(&who->persons, bulk->subjects[s].key, (void *)value);
    }
    for (size_t i = 0; i < bulk->unlinking_count; i++)
        note_unlinking(who, bulk, bulk->unlinking[i]);
    return who;
}

void bulk_who_free(struct bulk_who *who)
{
    if (!who)
        return;
    key_table_clear(&who->persons);
    key_table_clear(&who->unlinking);
    key_list_release(&who->apart);
    free(who);
}

size_t bulk_who_range(const struct bulk_who *who, struct key128 subject, size_t ranges)
{
    uintptr_t value = (uintptr_t)key_table_get(&who->persons, subject);
    return (value ? (uint32_t)(value - 1) : hash_of(subject)) % ranges;
}
