#include "numbers.h"

#include <errno.h>
#include <stdlib.h>

const char *numbers_read(const char *text, int64_t *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *end;
        errno = 0;
        out[i] = strtoll(text, &end, 10);
        if (end == text || errno == ERANGE)
            return NULL;
        text = end;
    }
    return text;
}
