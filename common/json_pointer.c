#include <stdlib.h>
#include <string.h>

#include "json.h"

/* One reference token, "~1" and "~0" undone; false when it is longer than any key we look for. */
static bool unescape(const char *token, size_t length, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char c = token[i];
        if (c == '~' && i + 1 < length && (token[i + 1] == '0' || token[i + 1] == '1'))
            c = token[++i] == '0' ? '~' : '/';
        if (used + 1 >= size)
            return false;
        out[used++] = c;
    }
    out[used] = '\0';
    return true;
}

static const struct json *element(const struct json *array, const char *index)
{
    if (!*index || strspn(index, "0123456789") != strlen(index) || strlen(index) > 6)
        return NULL;
    const struct json *item = json_first(array);
    for (long left = strtol(index, NULL, 10); item && left > 0; left--)
        item = json_next(item);
    return item;
}

const struct json *json_pointer(const struct json *root, const char *pointer)
{
    const struct json *node = root;
    while (node && *pointer == '/') {
        char key[256];
        size_t length = strcspn(++pointer, "/");
        if (!unescape(pointer, length, key, sizeof key))
            return NULL;
        node = json_is_array(node) ? element(node, key) : json_get(node, key);
        pointer += length;
    }
    return *pointer ? NULL : node;
}
