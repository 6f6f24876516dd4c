/* What the files of pg.h share. Only they know libpq. */
#ifndef MOOC_AGGREGATOR_PG_PRIVATE_H
#define MOOC_AGGREGATOR_PG_PRIVATE_H

#include <libpq-fe.h>

#include "pg.h"
#include "pg_line.h"
#include "pg_statements.h"

struct pg {
    PGconn *connection;
    int64_t patience_ms; /* 0: a reply is waited for as long as the connection stands */
    bool ends_on_stop, cancelled;
    bool silent; /* it stands, but a reply did not come in time: nothing is to be had from it */
    struct pg_line line;
    char sqlstate[6];
    struct pg_statements statements;
    char *row; /* of COPY TO STDOUT, libpq's; NULL: none */
    pg_observer observer;
    void *context;
};

bool pg_connection_lost(const struct pg *pg);
/* Fills err from the result, or where there is none from the connection; false. */
bool pg_failed(struct pg *pg, const PGresult *result, const char *doing, struct error *err);
/* There is no connection: says why, where it was looked for and what to do (pg_refused.c). False. */
bool pg_refused(struct pg *pg, const struct options *options, struct error *err);
/* There is one, in which nothing may be written: says why. Who logged in as a BI tool cannot write later either. False. */
bool pg_refuse_writing(struct pg *pg, struct error *err);
bool pg_fine(const PGresult *result);
/* As PQexec: the last result, or the one that starts COPY. NULL: nothing was sent, or no reply came in time. */
PGresult *pg_reply(struct pg *pg, int sent);
PGresult *pg_execute(struct pg *pg, const char *sql);
void pg_tell_observer(const struct pg *pg, const char *sql, int64_t began_us);

#endif
