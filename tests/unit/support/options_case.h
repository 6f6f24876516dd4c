/* A program with an option of every type, and its command lines as one text, for the tests of options. */
#ifndef MOOC_TESTS_OPTIONS_CASE_H
#define MOOC_TESTS_OPTIONS_CASE_H

#include "../../../common/options.h"

extern const struct program case_program;

/* Words are split at blanks. Fails the test if they are refused. */
struct options *case_parse(const char *line);
/* Fails the test unless they are refused with exactly this, and exit code 2. */
void case_refused(const char *line, enum error_kind kind, const char *message);

#endif
