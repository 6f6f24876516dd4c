#include "follower.h"

#include "../../common/log.h"
#include "../../common/stop.h"
#include "../fold/fold.h"
#include "../pg.h"
#include "sql.h"
#include "writer.h"

#define LOOK_MS 1000
#define AFTER_FAILURE_MS 10000

/* 1: there is, 0: not, -1: failed. */
static int anything_to_follow(struct pg *pg, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_read_followed, 0, NULL, err);
    if (!rows)
        return -1;
    int found = pg_rows_count(rows) > 0 && pg_rows_integer(rows, 0, 1, 0) == FOLD_VERSION;
    pg_rows_free(rows);
    return found;
}

void follower_run(const struct options *options, struct metrics *metrics)
{
    struct pg *pg = NULL;
    while (stop_sleep_ms(LOOK_MS)) {
        struct error err = {0};
        /* The writer of the live generation says what is wrong with the database. */
        if (!pg && !(pg = pg_connect(options, "mooc-aggregator look", true, &err)))
            continue;
        pg_set_patience(pg, AFTER_FAILURE_MS);
        int found = anything_to_follow(pg, &err);
        if (found < 0) {
            pg_free(pg);
            pg = NULL;
        }
        if (found <= 0 || writer_run(options, WRITER_FOLLOWER, metrics, &err))
            continue;
        log_error("a generation beside the live one is not kept current", &err);
        stop_sleep_ms(AFTER_FAILURE_MS);
    }
    pg_free(pg);
}
