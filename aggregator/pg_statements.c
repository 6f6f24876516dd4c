#include "pg_statements.h"

#include <stdlib.h>
#include <string.h>

#include "../common/allocate.h"

size_t pg_statements_find(const struct pg_statements *statements, const char *text)
{
    size_t at = 0;
    while (at < statements->count && strcmp(statements->texts[at], text) != 0)
        at++;
    return at;
}

void pg_statements_add(struct pg_statements *statements, const char *text)
{
    statements->texts[statements->count++] = must_have(strdup(text));
}

void pg_statements_release(struct pg_statements *statements)
{
    for (size_t i = 0; i < statements->count; i++)
        free(statements->texts[i]);
    statements->count = 0;
}
