/* COPY */
#include "pg_private.h"

#include "../common/clock.h"

#define COPY_CHUNK (1 << 17)

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
