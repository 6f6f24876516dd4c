/* Interned strings: the same text gives the same small number; number 0 is "". */
#ifndef MOOC_FOLD_STRINGS_H
#define MOOC_FOLD_STRINGS_H

#include "../../common/base.h"

struct strings;

struct strings *strings_new(void);
void strings_free(struct strings *strings);
uint32_t strings_intern(struct strings *strings, const char *text, size_t length);
/* The number of a text that was interned, else UINT32_MAX. */
uint32_t strings_find(const struct strings *strings, const char *text, size_t length);
size_t strings_count(const struct strings *strings); /* numbers below it are in use */
const char *strings_text(const struct strings *strings, uint32_t number);

#endif
