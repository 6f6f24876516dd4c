#include <stdlib.h>

#include "allocate.h"
#include "crypto.h"
#include "key_ring.h"

/* Open addressing; 0 = free, so a hash of 0 counts as 1. */
struct key_set {
    uint64_t *slots;
    size_t size, count; /* size: a power of two */
};

struct key_set *key_set_new(void)
{
    struct key_set *set = must_have(calloc(1, sizeof(*set)));
    set->size = 64;
    set->slots = must_have(calloc(set->size, sizeof(*set->slots)));
    return set;
}

void key_set_free(struct key_set *set)
{
    if (!set)
        return;
    free(set->slots);
    free(set);
}

static size_t slot_of(const struct key_set *set, uint64_t hash)
{
    size_t at = hash & (set->size - 1);
    while (set->slots[at] && set->slots[at] != hash)
        at = (at + 1) & (set->size - 1);
    return at;
}

static void grow(struct key_set *set)
{
    uint64_t *old = set->slots;
    size_t size = set->size;
    set->size = size * 2;
    set->slots = must_have(calloc(set->size, sizeof(*set->slots)));
    for (size_t i = 0; i < size; i++)
        if (old[i])
            set->slots[slot_of(set, old[i])] = old[i];
    free(old);
}

bool key_set_add(struct key_set *set, uint64_t hash)
{
    hash = hash ? hash : 1;
    size_t at = slot_of(set, hash);
    if (set->slots[at])
        return false;
    set->slots[at] = hash;
    if (++set->count > set->size / 4 * 3)
        grow(set);
    return true;
}

bool key_set_has(const struct key_set *set, uint64_t hash)
{
    return set->slots[slot_of(set, hash ? hash : 1)] != 0;
}

size_t key_set_count(const struct key_set *set)
{
    return set->count;
}

void key_set_each(const struct key_set *set, void (*visit)(void *context, uint64_t hash),
                  void *context)
{
    for (size_t i = 0; i < set->size; i++)
        if (set->slots[i])
            visit(context, set->slots[i]);
}

uint64_t key_hash(const char *key, size_t length)
{
    return key128_of(key, length).hi;
}
