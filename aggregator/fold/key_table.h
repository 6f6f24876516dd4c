/* A hash table from 128-bit keys, which are uniformly distributed already, to pointers. Open addressing, linear probing. */
#ifndef MOOC_FOLD_KEY_TABLE_H
#define MOOC_FOLD_KEY_TABLE_H

#include "../../common/base.h"
#include "../../common/crypto.h"

struct key_table {
    struct key_slot {
        struct key128 key;
        void *value; /* NULL = empty */
    } * slots;
    size_t count, capacity;
};

void key_table_clear(struct key_table *table); /* frees the slots, not the values */
void *key_table_get(const struct key_table *table, struct key128 key);
void key_table_put(struct key_table *table, struct key128 key, void *value); /* value not NULL */
void key_table_remove(struct key_table *table, struct key128 key);

#endif
