#include "nearest.h"

#include <string.h>

#include "text.h"

#define LONGEST 100 /* longer ones are no typing mistakes */

const char *nearest_name(const char *typed, const char *const *names, size_t count)
{
    size_t length = strnlen(typed, LONGEST + 1);
    if (length > LONGEST)
        return NULL;
    unsigned limit = length < 3 ? 1 : (unsigned)(length / 3);
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        unsigned distance = names[i] ? text_distance(typed, names[i], limit) : limit + 1;
        if (distance > limit)
            continue;
        nearest = names[i];
        if (distance == 0)
            break;
        limit = distance - 1;
    }
    return nearest;
}
