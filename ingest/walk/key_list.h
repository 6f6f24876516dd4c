/* Texts that occurred, held as sorted hashes: few hundred at a time (the links of one list). */
#ifndef MOOC_INGEST_KEY_LIST_H
#define MOOC_INGEST_KEY_LIST_H

#include "../../common/crypto.h"

/* Zeroed is empty. */
struct key_list {
    struct key128 *keys;
    size_t count, capacity;
};

void key_list_free(struct key_list *list);
/* False if it was there already. */
bool key_list_add(struct key_list *list, const char *text);

#endif
