#include "files_kind.h"

#include <string.h>

static const char *const names[FILES_KINDS] = {"roster", "totals", "results", "attendance",
                                               "headcount"};

const char *files_kind_name(enum files_kind kind)
{
    return names[kind];
}

bool files_kind_parse(const char *name, enum files_kind *out)
{
    for (size_t i = 0; i < FILES_KINDS; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum files_kind)i;
            return true;
        }
    }
    return false;
}

bool files_kind_is_complete(enum files_kind kind)
{
    return kind == FILES_HEADCOUNT;
}
