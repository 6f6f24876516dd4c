#include "key_list.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

void key_list_free(struct key_list *list)
{
    free(list->keys);
    *list = (struct key_list){.keys = NULL};
}

bool key_list_add(struct key_list *list, const char *text)
{
    struct key128 key = key128_of(text, strlen(text));
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (key128_compare(list->keys[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < list->count && key128_equal(list->keys[low], key))
        return false;
    list->keys = array_room(list->keys, list->count, &list->capacity, sizeof *list->keys);
    memmove(list->keys + low + 1, list->keys + low, (list->count - low) * sizeof *list->keys);
    list->keys[low] = key;
    list->count++;
    return true;
}
