#include "allocate.h"

#include <stdio.h>
#include <stdlib.h>

#define FIRST_CAPACITY 16

void *must_have(void *memory)
{
    if (!memory) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return memory;
}

void *array_room(void *array, size_t count, size_t *capacity, size_t item_size)
{
    if (count < *capacity)
        return array;
    *capacity = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    return must_have(realloc(array, *capacity * item_size));
}
