/* For the files of this folder. */
#ifndef MOOC_VERIFY_STEPS_H
#define MOOC_VERIFY_STEPS_H

#include "verify.h"

/* The text with gen_N replaced by the generation's schema; freed by the caller. */
char *verify_statement(const char *text, int generation);
bool verify_statements(struct pg *pg, const char *text, int generation, struct error *err) MUST_CHECK;
/* Unpacks the rows of the states into temporary table verify_packed. */
bool verify_unpack_states(struct pg *pg, int generation, int config_version, struct error *err)
    MUST_CHECK;

#endif
