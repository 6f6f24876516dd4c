/* A hash index over the items of a growing array: from an item's key to its place. Keys and their comparison are the caller's. */
#ifndef MOOC_FOLD_SLOTS_H
#define MOOC_FOLD_SLOTS_H

#include "../../common/base.h"

struct slots {
    struct slot {
        uint32_t hash, place; /* place: 1 + index; 0 = empty */
    } * slots;
    size_t capacity, count;
};

void slots_clear(struct slots *slots); /* keeps its memory */
void slots_release(struct slots *slots);

/* Is the item at that index the one that is looked for? */
typedef bool (*slots_is)(const void *items, size_t index, const void *key);

/* The item's index, or SIZE_MAX. */
size_t slots_find(const struct slots *slots, uint64_t hash, slots_is is, const void *items,
                  const void *key);
/* An item that is not there yet. */
void slots_add(struct slots *slots, uint64_t hash, size_t index);
void slots_remove(struct slots *slots, uint64_t hash, size_t index);
/* An item that moved within its array. */
void slots_move(struct slots *slots, uint64_t hash, size_t from, size_t to);

static inline uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
    return hash ^ (hash >> 29);
}

#endif
