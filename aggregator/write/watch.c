#include "watch.h"

#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/log.h"
#include "../pg_line.h"
#include "sql.h"

/* With two looks a second apart and a new session: well below ten seconds. */
#define MUTE_MS 2000

bool watch_begin(struct watched *watched, struct pg *pg, struct error *err)
{
    *watched = (struct watched){.pg = pg};
    struct pg_rows *rows = pg_query(pg, sql_watch_self, 0, NULL, err);
    if (!rows)
        return false;
    if (pg_rows_count(rows) == 1) {
        snprintf(watched->pid, sizeof(watched->pid), "%s", pg_rows_value(rows, 0, 0));
        snprintf(watched->backend_start, sizeof(watched->backend_start), "%s",
                 pg_rows_value(rows, 0, 1));
    }
    pg_rows_free(rows);
    return true;
}

/* -1: nothing could be asked. */
static int ask(const struct watched *watched, struct pg *asking, const char *sql, struct error *err)
{
    const char *const backend[] = {watched->pid, watched->backend_start};
    struct pg_rows *rows = pg_query(asking, sql, 2, backend, err);
    if (!rows)
        return -1;
    bool yes = pg_rows_count(rows) == 1 && *pg_rows_value(rows, 0, 0) == 't';
    pg_rows_free(rows);
    return yes;
}

static bool give_up(struct watched *watched, struct pg *asking, int64_t waited_ms, struct error *err)
{
    LOG_WARN_EVENT("a connection to PostgreSQL is mute and is given up",
                   LOG_NUMBER("waited_ms", waited_ms));
    bool ended = ask(watched, asking, sql_lease_end_own, err) >= 0;
    pg_line_cut(pg_line(watched->pg));
    watched->pid[0] = 0;
    return ended;
}

bool watch_look(struct watched *watched, struct pg *asking, struct error *err)
{
    if (!watched->pid[0])
        return true;
    int64_t since_ms = pg_line_waits_since_ms(pg_line(watched->pg));
    if (since_ms == 0 || clock_monotonic_ms() - since_ms < MUTE_MS) {
        watched->suspect_since_ms = 0;
        return true;
    }
    int at_work = ask(watched, asking, sql_lease_watch, err);
    if (at_work < 0)
        return false;
    if (!at_work && watched->suspect_since_ms == since_ms)
        return give_up(watched, asking, clock_monotonic_ms() - since_ms, err);
    watched->suspect_since_ms = at_work ? 0 : since_ms;
    return true;
}
