/* COPY */
#include "pg_private.h"

#include <poll.h>

#include "../common/clock.h"
#include "../common/stop.h"

#define COPY_CHUNK (1 << 17)
#define LOOK_UP_MS 200 /* whether to stop */

bool pg_copy_begin(struct pg *pg, const char *sql, struct error *err)
{
    PGresult *result = pg_execute(pg, sql);
    bool ok = PQresultStatus(result) == PGRES_COPY_IN || pg_failed(pg, result, "starting COPY", err);
    PQclear(result);
    return ok;
}

bool pg_copy_put(struct pg *pg, const void *data, size_t length, struct error *err)
{
    for (const char *at = data; length;) {
        size_t chunk = length < COPY_CHUNK ? length : COPY_CHUNK;
        pg_line_moved(&pg->line, chunk);
        if (PQputCopyData(pg->connection, at, (int)chunk) != 1)
            return pg_failed(pg, NULL, "sending COPY data", err);
        at += chunk;
        length -= chunk;
    }
    return true;
}

bool pg_copy_end_in(struct pg *pg, struct error *err)
{
    bool ok = PQputCopyEnd(pg->connection, NULL) == 1 || pg_failed(pg, NULL, "ending COPY", err);
    pg_line_rests(&pg->line);
    if (!ok)
        return false;
    PGresult *result = pg_reply(pg, 1);
    ok = pg_fine(result) || pg_failed(pg, result, "finishing COPY", err);
    PQclear(result);
    return ok;
}

bool pg_copy_in(struct pg *pg, const char *sql, const void *data, size_t length, struct error *err)
{
    int64_t began_us = clock_monotonic_us();
    bool ok = pg_copy_begin(pg, sql, err) && pg_copy_put(pg, data, length, err);
    if (!ok)
        pg_line_rests(&pg->line);
    ok = ok && pg_copy_end_in(pg, err);
    if (ok)
        pg_tell_observer(pg, sql, began_us);
    return ok;
}

bool pg_copy_out_begin(struct pg *pg, const char *sql, struct error *err)
{
    PGresult *result = pg_execute(pg, sql);
    bool ok = PQresultStatus(result) == PGRES_COPY_OUT || pg_failed(pg, result, "starting COPY", err);
    PQclear(result);
    return ok;
}

/* The server may sort for minutes before it sends the first row. */
static bool await_row(struct pg *pg, struct error *err)
{
    struct pollfd socket = {PQsocket(pg->connection), POLLIN, 0};
    if (stop_requested())
        return error_set(err, ERROR_STOPPED, false, "stopped");
    (void)poll(&socket, 1, LOOK_UP_MS);
    return PQconsumeInput(pg->connection) || pg_failed(pg, NULL, "reading COPY data", err);
}

static bool end_of_rows(struct pg *pg, struct error *err)
{
    PGresult *result = pg_reply(pg, 1);
    bool ok = pg_fine(result) || pg_failed(pg, result, "finishing COPY", err);
    PQclear(result);
    return ok;
}

bool pg_copy_out_next(struct pg *pg, const char **data, size_t *length, struct error *err)
{
    int got;
    PQfreemem(pg->row);
    pg->row = NULL;
    *data = NULL;
    *length = 0;
    while ((got = PQgetCopyData(pg->connection, &pg->row, 1)) == 0)
        if (!await_row(pg, err))
            return false;
    if (got == -2)
        return pg_failed(pg, NULL, "reading COPY data", err);
    if (got == -1)
        return end_of_rows(pg, err);
    *data = pg->row;
    *length = (size_t)got;
    return true;
}
