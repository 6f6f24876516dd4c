#include "pg_private.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/clock.h"
#include "../common/stop.h"

#define LOOK_MS 200 /* so often a wait that ends on a stop looks for one */

struct pg_rows {
    PGresult *result;
};

void pg_tell_observer(const struct pg *pg, const char *sql, int64_t began_us)
{
    if (pg->observer)
        pg->observer(pg->context, sql, clock_monotonic_us() - began_us);
}

/* Waiting ---------------------------------------------------------------------------------------------------------------- */

void pg_end_on_stop(struct pg *pg)
{
    pg->ends_on_stop = true;
}

/* Asked again as long as there is no reply: what came too early for one statement is lost for the next. */
static void cancel(struct pg *pg)
{
    char why[256];
    PGcancel *request = PQgetCancel(pg->connection);
    if (request && PQcancel(request, why, sizeof(why)))
        pg->cancelled = true;
    PQfreeCancel(request);
}

/* A network that drops a reply and keeps the connection would hold a blocking call for ever. */
static bool await_bytes(struct pg *pg, int64_t until_ms)
{
    struct pollfd socket = {PQsocket(pg->connection), POLLIN, 0};
    int64_t left_ms = pg->patience_ms ? until_ms - clock_monotonic_ms() : -1;
    if (pg->patience_ms && left_ms <= 0)
        return false;
    if (pg->ends_on_stop && (left_ms < 0 || left_ms > LOOK_MS))
        left_ms = LOOK_MS;
    if (poll(&socket, 1, (int)left_ms) != 0)
        return true;
    if (pg->ends_on_stop && stop_requested())
        cancel(pg);
    return !pg->patience_ms || clock_monotonic_ms() < until_ms;
}

static PGresult *next_replies(struct pg *pg)
{
    PGresult *last = NULL, *next;
    int64_t until_ms = clock_monotonic_ms() + pg->patience_ms;
    for (;;) {
        while (PQisBusy(pg->connection)) {
            pg->silent = !await_bytes(pg, until_ms);
            if (pg->silent) {
                PQclear(last);
                return NULL;
            }
            if (!PQconsumeInput(pg->connection))
                break; /* PQgetResult tells what happened */
            pg_line_moved(&pg->line, 0);
        }
        next = PQgetResult(pg->connection);
        if (!next)
            return last;
        PQclear(last);
        last = next;
        ExecStatusType status = PQresultStatus(last);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT)
            return last;
    }
}

/* As PQexec: the last result, or the one that starts COPY. NULL: nothing was sent, or no reply came in time. */
PGresult *pg_reply(struct pg *pg, int sent)
{
    pg_line_moved(&pg->line, 0);
    PGresult *result = sent ? next_replies(pg) : NULL;
    pg_line_rests(&pg->line);
    return result;
}

PGresult *pg_execute(struct pg *pg, const char *sql)
{
    pg_line_moved(&pg->line, 0);
    return pg_reply(pg, !pg->silent && PQsendQuery(pg->connection, sql));
}

/* Statements ------------------------------------------------------------------------------------------------------------- */

bool pg_fine(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

bool pg_run(struct pg *pg, const char *sql, struct error *err)
{
    PGresult *result = pg_execute(pg, sql);
    bool ok = pg_fine(result) || pg_failed(pg, result, "running a statement", err);
    PQclear(result);
    return ok;
}

bool pg_begin(struct pg *pg, struct error *err)
{
    return pg_run(pg, "BEGIN ISOLATION LEVEL READ COMMITTED", err);
}

bool pg_commit(struct pg *pg, struct error *err)
{
    int64_t began_us = clock_monotonic_us();
    PGresult *result = pg_execute(pg, "COMMIT");
    pg_tell_observer(pg, "COMMIT", began_us);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (ok && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        ok = error_set(err, ERROR_STATE, true,
                       "PostgreSQL rolled the transaction back instead of committing it");
    else if (!ok) {
        pg_failed(pg, result, "committing", err);
        if (pg_connection_lost(pg) && err) {
            err->kind = ERROR_UNKNOWN_OUTCOME;
            err->retriable = true;
        }
    }
    PQclear(result);
    return ok;
}

void pg_rollback(struct pg *pg)
{
    if (pg->silent || PQtransactionStatus(pg->connection) == PQTRANS_IDLE)
        return;
    PQclear(pg_execute(pg, "ROLLBACK"));
}

static struct pg_rows *rows_of(struct pg *pg, PGresult *result, const char *doing, struct error *err)
{
    if (!pg_fine(result)) {
        pg_failed(pg, result, doing, err);
        PQclear(result);
        return NULL;
    }
    struct pg_rows *rows = malloc(sizeof(*rows));
    if (!rows)
        abort();
    rows->result = result;
    return rows;
}

struct pg_rows *pg_query(struct pg *pg, const char *sql, size_t count,
                         const char *const *parameters, struct error *err)
{
    pg_line_moved(&pg->line, 0);
    int sent = !pg->silent &&
               PQsendQueryParams(pg->connection, sql, (int)count, NULL, parameters, NULL, NULL, 0);
    return rows_of(pg, pg_reply(pg, sent), "querying", err);
}

#define MAX_PARAMETERS 24

/* The name of the prepared statement for this text, made if needed. */
static bool prepare(struct pg *pg, const char *sql, size_t count,
                    const struct pg_parameter *parameters, char name[16], struct error *err)
{
    size_t at = pg_statements_find(&pg->statements, sql);
    snprintf(name, 16, "s%zu", at);
    if (at < pg->statements.count)
        return true;
    if (at == PG_STATEMENTS_MAX)
        return error_set(err, ERROR_INTERNAL, false, "more than %d prepared statements",
                         PG_STATEMENTS_MAX);
    Oid types[MAX_PARAMETERS];
    for (size_t i = 0; i < count; i++)
        types[i] = parameters[i].type;
    PGresult *result =
        pg_reply(pg, !pg->silent && PQsendPrepare(pg->connection, name, sql, (int)count, types));
    bool ok = pg_fine(result) || pg_failed(pg, result, "preparing a statement", err);
    PQclear(result);
    if (ok)
        pg_statements_add(&pg->statements, sql);
    return ok;
}

struct pg_rows *pg_query_binary(struct pg *pg, const char *sql, size_t count,
                                const struct pg_parameter *parameters, struct error *err)
{
    const char *values[MAX_PARAMETERS];
    int lengths[MAX_PARAMETERS], formats[MAX_PARAMETERS];
    size_t bytes = 0;
    char name[16];
    if (count > MAX_PARAMETERS) {
        error_set(err, ERROR_INTERNAL, false, "a statement with %zu parameters", count);
        return NULL;
    }
    if (!prepare(pg, sql, count, parameters, name, err))
        return NULL;
    for (size_t i = 0; i < count; i++) {
        values[i] = parameters[i].data;
        lengths[i] = (int)parameters[i].length;
        formats[i] = 1;
        bytes += parameters[i].length;
    }
    int64_t began_us = clock_monotonic_us();
    pg_line_moved(&pg->line, bytes);
    PGresult *result =
        pg_reply(pg, !pg->silent && PQsendQueryPrepared(pg->connection, name, (int)count, values,
                                                        lengths, formats, 1));
    pg_tell_observer(pg, sql, began_us);
    return rows_of(pg, result, "running a prepared statement", err);
}

/* Results ---------------------------------------------------------------------------------------------------------------- */

void pg_rows_free(struct pg_rows *rows)
{
    if (!rows)
        return;
    PQclear(rows->result);
    free(rows);
}

size_t pg_rows_count(const struct pg_rows *rows)
{
    return (size_t)PQntuples(rows->result);
}

size_t pg_rows_columns(const struct pg_rows *rows)
{
    return (size_t)PQnfields(rows->result);
}

const char *pg_rows_column_name(const struct pg_rows *rows, size_t column)
{
    return PQfname(rows->result, (int)column);
}

const char *pg_rows_value(const struct pg_rows *rows, size_t row, size_t column)
{
    if (PQgetisnull(rows->result, (int)row, (int)column))
        return NULL;
    return PQgetvalue(rows->result, (int)row, (int)column);
}

size_t pg_rows_length(const struct pg_rows *rows, size_t row, size_t column)
{
    return (size_t)PQgetlength(rows->result, (int)row, (int)column);
}

int64_t pg_rows_integer(const struct pg_rows *rows, size_t row, size_t column, int64_t if_null)
{
    const char *text = pg_rows_value(rows, row, column);
    return text ? strtoll(text, NULL, 10) : if_null;
}

int64_t pg_rows_affected(const struct pg_rows *rows)
{
    const char *text = PQcmdTuples(rows->result);
    return *text ? strtoll(text, NULL, 10) : 0;
}
