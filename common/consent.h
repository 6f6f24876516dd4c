/* The last question before what cannot be taken back, asked of whoever sits at the terminal. */
#ifndef MOOC_CONSENT_H
#define MOOC_CONSENT_H

#include "error.h"
#include "options.h"

/* Prints the question on stderr, in the language of the command, with the answers there are, and reads a line: yes is "y", in Vietnamese
 * "c" (có) too. Anything else, the end of input or a stop: false, *err ERROR_STOPPED, "nothing was changed". */
bool consent_given(const struct options *options, const char *question, struct error *err) MUST_CHECK;

#endif
