#include "name_set.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/crypto.h"

struct name_set {
    struct key128 *slots; /* all zero: free */
    size_t count, size;   /* size is a power of two */
};

struct name_set *name_set_new(void)
{
    struct name_set *set = must_have(calloc(1, sizeof(*set)));
    set->size = 64;
    set->slots = must_have(calloc(set->size, sizeof(set->slots[0])));
    return set;
}

void name_set_free(struct name_set *set)
{
    if (set == NULL)
        return;
    free(set->slots);
    free(set);
}

static size_t place_of(const struct name_set *set, struct key128 key)
{
    size_t place = (size_t)key.lo & (set->size - 1);
    while ((set->slots[place].hi | set->slots[place].lo) != 0 && !key128_equal(set->slots[place], key))
        place = (place + 1) & (set->size - 1);
    return place;
}

static void grow(struct name_set *set)
{
    struct name_set larger = {.size = set->size * 2};
    larger.slots = must_have(calloc(larger.size, sizeof(larger.slots[0])));
    for (size_t i = 0; i < set->size; i++) {
        if ((set->slots[i].hi | set->slots[i].lo) != 0)
            larger.slots[place_of(&larger, set->slots[i])] = set->slots[i];
    }
    free(set->slots);
    set->slots = larger.slots;
    set->size = larger.size;
}

bool name_set_add(struct name_set *set, const char *name)
{
    struct key128 key = key128_of(name, strlen(name));
    size_t place = place_of(set, key);
    if ((set->slots[place].hi | set->slots[place].lo) != 0)
        return false;
    set->slots[place] = key;
    if (++set->count * 2 > set->size)
        grow(set);
    return true;
}

bool name_set_has(const struct name_set *set, const char *name)
{
    size_t place = place_of(set, key128_of(name, strlen(name)));
    return (set->slots[place].hi | set->slots[place].lo) != 0;
}
