#include "lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

static size_t count_of(char *const *lines)
{
    size_t count = 0;
    while (lines[count])
        count++;
    return count;
}

char **lines_copy(const char *const *lines)
{
    size_t count = 0;
    while (lines && lines[count])
        count++;
    char **copy = must_have(calloc(count + 1, sizeof *copy));
    for (size_t i = 0; i < count; i++)
        copy[i] = must_have(strdup(lines[i]));
    return copy;
}

void lines_add(char ***lines, const char *name, const char *value)
{
    size_t count = count_of(*lines), size = strlen(name) + strlen(value) + 3;
    *lines = must_have(realloc(*lines, (count + 2) * sizeof **lines));
    char *line = must_have(malloc(size));
    snprintf(line, size, "%s: %s", name, value);
    (*lines)[count] = line;
    (*lines)[count + 1] = NULL;
}

void lines_free(char **lines)
{
    for (size_t i = 0; lines && lines[i]; i++) {
        explicit_bzero(lines[i], strlen(lines[i]));
        free(lines[i]);
    }
    free(lines);
}

bool line_is_plain(const char *line)
{
    for (const unsigned char *at = (const unsigned char *)line; *at; at++) {
        if ((*at < ' ' && *at != '\t') || *at == 0x7f)
            return false;
    }
    return true;
}
