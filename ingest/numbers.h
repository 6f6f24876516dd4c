/* Whole numbers in what this service has written itself: jobs, places in a walk, names of files. */
#ifndef MOOC_INGEST_NUMBERS_H
#define MOOC_INGEST_NUMBERS_H

#include "../common/base.h"

/* The next `count` numbers of a text that has blanks between them: what follows the last; NULL where one is missing or too large. */
const char *numbers_read(const char *text, int64_t *out, size_t count);

#endif
