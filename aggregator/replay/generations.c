#include "generations.h"

#include <stdio.h>
#include <string.h>

#include "../../common/clock.h"
#include "../../common/stop.h"
#include "sql.h"

#define RETRY_MS 300
#define LOCK_MS 2000

static void copy_text(char *out, size_t size, const struct pg_rows *rows, size_t row, size_t column)
{
    const char *text = pg_rows_value(rows, row, column);
    snprintf(out, size, "%s", text ? text : "");
}

bool generations_read(struct pg *pg, struct generations *generations, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_replay_generations, 0, NULL, err);
    if (!rows)
        return false;
    *generations = (struct generations){0};
    for (size_t i = 0; i < pg_rows_count(rows) && i < GENERATIONS_MAX; i++) {
        struct generation *g = &generations->items[generations->count++];
        g->number = (int)pg_rows_integer(rows, i, 0, 0);
        g->fold_version = (int)pg_rows_integer(rows, i, 1, 0);
        g->config_version = (int)pg_rows_integer(rows, i, 2, 0);
        g->ready = strcmp(pg_rows_value(rows, i, 3), "ready") == 0;
        g->live = *pg_rows_value(rows, i, 4) == 't';
        copy_text(g->writer, sizeof(g->writer), rows, i, 5);
        copy_text(g->created_at, sizeof(g->created_at), rows, i, 6);
        g->bytes = pg_rows_integer(rows, i, 7, 0);
        copy_text(g->changing_over, sizeof(g->changing_over), rows, i, 8);
    }
    pg_rows_free(rows);
    return generations_live(generations) ||
           error_set(err, ERROR_STATE, false, "pulse.live names no generation");
}

const struct generation *generations_live(const struct generations *generations)
{
    for (size_t i = 0; i < generations->count; i++)
        if (generations->items[i].live)
            return &generations->items[i];
    return NULL;
}

const struct generation *generations_other(const struct generations *generations)
{
    for (size_t i = 0; i < generations->count; i++)
        if (!generations->items[i].live && generations->items[i].ready)
            return &generations->items[i];
    return NULL;
}

static bool name_the_holder(struct pg *pg, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_replay_lock_holder, 0, NULL, err);
    if (!rows)
        return false;
    char since[CLOCK_LOCAL_SIZE] = "";
    if (pg_rows_count(rows) > 0) {
        clock_localise(pg_rows_value(rows, 0, 2), since);
        error_tell(err, ERROR_STATE, false,
                   "đang có một lần tính lại khác: %s, từ %s, trên %s (backend %s); hãy "
                   "chờ, hoặc dừng nó ở đó",
                   "another replay is at work: %s, since %s, from %s (backend %s); wait for it, or "
                   "stop it there",
                   pg_rows_value(rows, 0, 1), since, pg_rows_value(rows, 0, 3),
                   pg_rows_value(rows, 0, 0));
    } else {
        error_tell(err, ERROR_STATE, true, "một lần tính lại khác vừa kết thúc: hãy thử lại",
                   "another replay has just ended: try again");
    }
    pg_rows_free(rows);
    return false;
}

bool generations_at_work(struct pg *pg, bool *at_work, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_replay_lock_holder, 0, NULL, err);
    *at_work = rows && pg_rows_count(rows) > 0 &&
               strcmp(pg_rows_value(rows, 0, 1), "mooc-aggregator replay start") == 0;
    pg_rows_free(rows);
    return rows != NULL;
}

static int try_lock(struct pg *pg, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_replay_lock, 0, NULL, err);
    if (!rows)
        return -1;
    int got = *pg_rows_value(rows, 0, 0) == 't';
    pg_rows_free(rows);
    return got;
}

/* The backend of a command that has ended takes a moment to notice. */
bool generations_lock(struct pg *pg, struct error *err)
{
    int64_t until_ms = clock_monotonic_ms() + LOCK_MS;
    int got;
    while ((got = try_lock(pg, err)) == 0 && clock_monotonic_ms() < until_ms)
        if (!stop_sleep_ms(RETRY_MS / 3))
            return error_stopped(err);
    return got > 0 || (got == 0 && name_the_holder(pg, err));
}

bool generations_call(struct pg *pg, const char *sql, int number, struct error *err)
{
    char text[16];
    const char *parameter = text;
    snprintf(text, sizeof(text), "%d", number);
    struct pg_rows *rows = pg_query(pg, sql, 1, &parameter, err);
    pg_rows_free(rows);
    return rows != NULL;
}
