#include "slots.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

#define FIRST_CAPACITY 256

void slots_clear(struct slots *s)
{
    if (s->slots)
        memset(s->slots, 0, s->capacity * sizeof(*s->slots));
    s->count = 0;
}

void slots_release(struct slots *s)
{
    free(s->slots);
    memset(s, 0, sizeof(*s));
}

static void put(struct slots *s, uint32_t hash, uint32_t place)
{
    size_t mask = s->capacity - 1, at = hash & mask;
    while (s->slots[at].place)
        at = (at + 1) & mask;
    s->slots[at] = (struct slot){hash, place};
}

static void grow(struct slots *s)
{
    struct slot *old = s->slots;
    size_t old_capacity = s->capacity;
    s->capacity = old_capacity ? old_capacity * 2 : FIRST_CAPACITY;
    s->slots = must_have(calloc(s->capacity, sizeof(*s->slots)));
    for (size_t i = 0; i < old_capacity; i++)
        if (old[i].place)
            put(s, old[i].hash, old[i].place);
    free(old);
}

size_t slots_find(const struct slots *s, uint64_t hash, slots_is is, const void *items,
                  const void *key)
{
    if (!s->capacity)
        return SIZE_MAX;
    size_t mask = s->capacity - 1;
    for (size_t at = (uint32_t)hash & mask; s->slots[at].place; at = (at + 1) & mask)
        if (s->slots[at].hash == (uint32_t)hash && is(items, s->slots[at].place - 1, key))
            return s->slots[at].place - 1;
    return SIZE_MAX;
}

void slots_add(struct slots *s, uint64_t hash, size_t index)
{
    if ((s->count + 1) * 2 > s->capacity)
        grow(s);
    put(s, (uint32_t)hash, (uint32_t)index + 1);
    s->count++;
}

static size_t slot_of(const struct slots *s, uint64_t hash, size_t index)
{
    size_t mask = s->capacity - 1, at = (uint32_t)hash & mask;
    while (s->slots[at].place != index + 1)
        at = (at + 1) & mask;
    return at;
}

void slots_remove(struct slots *s, uint64_t hash, size_t index)
{
    size_t mask = s->capacity - 1, hole = slot_of(s, hash, index);
    s->count--;
    /* Backward shift: no tombstones, so that an index that lives for months does not silt up. */
    for (size_t at = (hole + 1) & mask; s->slots[at].place; at = (at + 1) & mask) {
        size_t home = s->slots[at].hash & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            s->slots[hole] = s->slots[at];
            hole = at;
        }
    }
    s->slots[hole].place = 0;
}

void slots_move(struct slots *s, uint64_t hash, size_t from, size_t to)
{
    s->slots[slot_of(s, hash, from)].place = (uint32_t)to + 1;
}
