/* The only file that knows libpq. */
#include "pg.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "../common/clock.h"
#include "pg_line.h"
#include "sqlstate.h"

#define MAX_STATEMENTS 64
#define COPY_CHUNK (1 << 17)
#define CONNECTING_MS 5000 /* as connect_timeout below */

struct pg {
    PGconn *connection;
    int64_t patience_ms; /* 0: a reply is waited for as long as the connection stands */
    bool silent; /* it stands, but a reply did not come in time: nothing is to be had from it */
    struct pg_line line;
    char sqlstate[6];
    /* Prepared statements by the address of their text: SQL texts are constants embedded at build. */
    const char *statements[MAX_STATEMENTS];
    size_t statement_count;
    pg_observer observer;
    void *context;
};

struct pg_rows {
    PGresult *result;
};

/* Errors ----------------------------------------------------------------------------------------------------------------- */

static bool connection_lost(const struct pg *pg)
{
    return pg->silent || PQstatus(pg->connection) != CONNECTION_OK;
}

static bool failed(struct pg *pg, const PGresult *result, const char *doing, struct error *err)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    snprintf(pg->sqlstate, sizeof(pg->sqlstate), "%s", state ? state : "");
    if (!message)
        message = PQerrorMessage(pg->connection);
    if (!result && pg->silent)
        message = "the connection stands, but no reply comes";
    return sqlstate_error(pg->sqlstate, connection_lost(pg), doing, message, err);
}

const char *pg_sqlstate(const struct pg *pg)
{
    return pg->sqlstate;
}

/* Connection ------------------------------------------------------------------------------------------------------------- */

/* Notices would go to standard error, unstructured; what they say is in the server's log. */
static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

bool pg_check_options(const struct options *options, struct error *err)
{
    const char *conninfo = options_text(options, "database");
    char *message = NULL;
    PQconninfoOption *parsed = PQconninfoParse(conninfo, &message);
    if (!parsed) {
        error_set(err, ERROR_CONFIG, false, "option database is no connection string: %s",
                  message ? message : "out of memory");
        PQfreemem(message);
        return false;
    }
    bool fine = true;
    for (const PQconninfoOption *o = parsed; o->keyword; o++)
        if (o->val && (strcmp(o->keyword, "password") == 0 || strcmp(o->keyword, "sslpassword") == 0))
            fine = error_set(err, ERROR_CONFIG, false,
                             "option database holds a %s: secrets are only taken from files: "
                             "database_password_file names one",
                             o->keyword);
    PQconninfoFree(parsed);
    return fine;
}

static PGconn *connect_with(const char *conninfo, const char *password,
                            const char *application_name, bool read_only)
{
    /* The operator's own string comes last: it may override these. */
    const char *keywords[] = {"application_name",
                              "connect_timeout",
                              "keepalives_idle",
                              "keepalives_interval",
                              "keepalives_count",
                              "tcp_user_timeout",
                              "target_session_attrs",
                              "client_encoding",
                              password ? "password" : "fallback_application_name",
                              "dbname",
                              NULL};
    const char *values[] = {application_name,
                            "5",
                            "10",
                            "5",
                            "3",
                            "20000",
                            read_only ? "any" : "read-write",
                            "UTF8",
                            password ? password : application_name,
                            conninfo,
                            NULL};
    return PQconnectdbParams(keywords, values, 1);
}

struct pg *pg_connect(const struct options *options, const char *application_name, bool read_only,
                      struct error *err)
{
    const char *conninfo = options_text(options, "database");
    const char *password_file = options_text(options, "database_password_file");
    char *password = NULL;
    size_t password_length = 0;
    if (!pg_check_options(options, err))
        return NULL;
    if (password_file && !(password = secret_read_file(password_file, &password_length, err)))
        return NULL;
    struct pg *pg = calloc(1, sizeof(*pg));
    if (!pg)
        abort();
    pg->connection = connect_with(conninfo, password, application_name, read_only);
    if (password)
        secret_free(password, password_length);
    if (connection_lost(pg)) {
        failed(pg, NULL, "connecting", err);
        pg_free(pg);
        return NULL;
    }
    PQsetNoticeReceiver(pg->connection, ignore_notice, NULL);
    pg_line_open(&pg->line, PQsocket(pg->connection));
    pg->patience_ms = CONNECTING_MS;
    if (!pg_run(pg, "SET timezone = 'UTC'; SET search_path = pg_catalog, pg_temp; SET jit = off",
                err)) {
        pg_free(pg);
        return NULL;
    }
    pg->patience_ms = 0;
    return pg;
}

void pg_free(struct pg *pg)
{
    if (!pg)
        return;
    PQfinish(pg->connection);
    pg_line_close(&pg->line);
    free(pg);
}

bool pg_alive(const struct pg *pg)
{
    return pg && !connection_lost(pg);
}

void pg_set_patience(struct pg *pg, int64_t ms)
{
    pg->patience_ms = ms;
}

void pg_observe(struct pg *pg, pg_observer observer, void *context)
{
    pg->observer = observer;
    pg->context = context;
}

static void tell_observer(const struct pg *pg, const char *sql, int64_t began_us)
{
    if (pg->observer)
        pg->observer(pg->context, sql, clock_monotonic_us() - began_us);
}

struct pg_line *pg_line(struct pg *pg)
{
    return &pg->line;
}

/* Waiting ---------------------------------------------------------------------------------------------------------------- */

/* A network that drops a reply and keeps the connection would hold a blocking call for ever. */
static bool await_bytes(struct pg *pg, int64_t until_ms)
{
    struct pollfd socket = {PQsocket(pg->connection), POLLIN, 0};
    int64_t left_ms = pg->patience_ms ? until_ms - clock_monotonic_ms() : -1;
    if (pg->patience_ms && left_ms <= 0)
        return false;
    return poll(&socket, 1, (int)left_ms) != 0 || clock_monotonic_ms() < until_ms;
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
        if (PQresultStatus(last) == PGRES_COPY_IN)
            return last;
    }
}

/* As PQexec: the last result, or the one that starts COPY. NULL: nothing was sent, or no reply came in time. */
static PGresult *reply(struct pg *pg, int sent)
{
    pg_line_moved(&pg->line, 0);
    PGresult *result = sent ? next_replies(pg) : NULL;
    pg_line_rests(&pg->line);
    return result;
}

static PGresult *execute(struct pg *pg, const char *sql)
{
    pg_line_moved(&pg->line, 0);
    return reply(pg, !pg->silent && PQsendQuery(pg->connection, sql));
}

/* Statements ------------------------------------------------------------------------------------------------------------- */

static bool fine(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

bool pg_run(struct pg *pg, const char *sql, struct error *err)
{
    PGresult *result = execute(pg, sql);
    bool ok = fine(result) || failed(pg, result, "running a statement", err);
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
    PGresult *result = execute(pg, "COMMIT");
    tell_observer(pg, "COMMIT", began_us);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (ok && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        ok = error_set(err, ERROR_STATE, true,
                       "PostgreSQL rolled the transaction back instead of committing it");
    else if (!ok) {
        failed(pg, result, "committing", err);
        if (connection_lost(pg) && err) {
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
    PQclear(execute(pg, "ROLLBACK"));
}

static struct pg_rows *rows_of(struct pg *pg, PGresult *result, const char *doing, struct error *err)
{
    if (!fine(result)) {
        failed(pg, result, doing, err);
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
    return rows_of(pg, reply(pg, sent), "querying", err);
}

#define MAX_PARAMETERS 24

/* The name of the prepared statement for this text, made if needed. */
static bool prepare(struct pg *pg, const char *sql, size_t count,
                    const struct pg_parameter *parameters, char name[16], struct error *err)
{
    size_t at = 0;
    while (at < pg->statement_count && pg->statements[at] != sql)
        at++;
    snprintf(name, 16, "s%zu", at);
    if (at < pg->statement_count)
        return true;
    if (at == MAX_STATEMENTS)
        return error_set(err, ERROR_INTERNAL, false, "more than %d prepared statements",
                         MAX_STATEMENTS);
    Oid types[MAX_PARAMETERS];
    for (size_t i = 0; i < count; i++)
        types[i] = parameters[i].type;
    PGresult *result =
        reply(pg, !pg->silent && PQsendPrepare(pg->connection, name, sql, (int)count, types));
    bool ok = fine(result) || failed(pg, result, "preparing a statement", err);
    PQclear(result);
    if (ok)
        pg->statements[pg->statement_count++] = sql;
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
    PGresult *result = reply(pg, !pg->silent && PQsendQueryPrepared(pg->connection, name, (int)count,
                                                                    values, lengths, formats, 1));
    tell_observer(pg, sql, began_us);
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

/* COPY ------------------------------------------------------------------------------------------------------------------- */

bool pg_copy_in(struct pg *pg, const char *sql, const void *data, size_t length, struct error *err)
{
    int64_t began_us = clock_monotonic_us();
    PGresult *result = execute(pg, sql);
    bool ok = PQresultStatus(result) == PGRES_COPY_IN || failed(pg, result, "starting COPY", err);
    PQclear(result);
    for (const char *at = data; ok && length;) {
        size_t chunk = length < COPY_CHUNK ? length : COPY_CHUNK;
        pg_line_moved(&pg->line, chunk);
        if (PQputCopyData(pg->connection, at, (int)chunk) != 1)
            ok = failed(pg, NULL, "sending COPY data", err);
        at += chunk;
        length -= chunk;
    }
    if (ok && PQputCopyEnd(pg->connection, NULL) != 1)
        ok = failed(pg, NULL, "ending COPY", err);
    pg_line_rests(&pg->line);
    if (!ok)
        return false;
    result = reply(pg, 1);
    tell_observer(pg, sql, began_us);
    ok = fine(result) || failed(pg, result, "finishing COPY", err);
    PQclear(result);
    return ok;
}
