/* A connection for a command that asks or loads: connected, and known to fit this program. */
#ifndef MOOC_AGGREGATOR_SESSION_H
#define MOOC_AGGREGATOR_SESSION_H

#include "pg.h"

/* The schema that this program knows (pulse.schema_version). */
#define SESSION_SCHEMA_VERSION 4

/* Refuses a database without our schema or with another version, naming the command to run. */
bool session_check_schema(struct pg *pg, struct error *err) MUST_CHECK;

/* Connects and checks the schema; read_only opens a REPEATABLE READ READ ONLY transaction, so that all that is asked shows one
 * moment. NULL on failure. */
struct pg *session_open(const struct options *options, const char *command, bool read_only,
                        struct error *err);

/* The same of what reads schema bi alone: a BI tool's login may, too. */
struct pg *session_open_views(const struct options *options, const char *command, struct error *err);

/* Prints "mooc-aggregator: message" on standard error, in the language of option lang, and gives the exit code. */
int session_fail(const struct options *options, const struct error *err);

#endif
