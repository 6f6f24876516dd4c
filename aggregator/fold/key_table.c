#include "key_table.h"

#include <stdlib.h>
#include <string.h>

void key_table_clear(struct key_table *table)
{
    free(table->slots);
    memset(table, 0, sizeof(*table));
}

static size_t find(const struct key_table *table, struct key128 key)
{
    size_t at = (size_t)key.lo & (table->capacity - 1);
    while (table->slots[at].value && !key128_equal(table->slots[at].key, key))
        at = (at + 1) & (table->capacity - 1);
    return at;
}

static void grow(struct key_table *table)
{
    struct key_slot *old = table->slots;
    size_t old_capacity = table->capacity;
    table->capacity = old_capacity ? old_capacity * 2 : 64;
    table->slots = calloc(table->capacity, sizeof(struct key_slot));
    if (!table->slots)
        abort();
    for (size_t i = 0; i < old_capacity; i++)
        if (old[i].value)
            table->slots[find(table, old[i].key)] = old[i];
    free(old);
}

void *key_table_get(const struct key_table *table, struct key128 key)
{
    return table->capacity ? table->slots[find(table, key)].value : NULL;
}

void key_table_put(struct key_table *table, struct key128 key, void *value)
{
    if ((table->count + 1) * 4 > table->capacity * 3)
        grow(table);
    size_t at = find(table, key);
    if (!table->slots[at].value)
        table->count++;
    table->slots[at] = (struct key_slot){key, value};
}

void key_table_remove(struct key_table *table, struct key128 key)
{
    if (!table->capacity)
        return;
    size_t mask = table->capacity - 1, hole = find(table, key);
    if (!table->slots[hole].value)
        return;
    table->count--;
    /* Backward shift: no tombstones, so that a table that lives for months does not silt up. */
    for (size_t at = (hole + 1) & mask; table->slots[at].value; at = (at + 1) & mask) {
        size_t home = (size_t)table->slots[at].key.lo & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            table->slots[hole] = table->slots[at];
            hole = at;
        }
    }
    table->slots[hole].value = NULL;
}
