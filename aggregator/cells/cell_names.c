#include "cell_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../write/store.h"
#include "sql.h"

enum place { TRAINING, WAVE, UNIT, GROUP, PLACES };
enum column { KNOWN, NAMES, COUNT };

#define NAMED 40 /* as many as sql/cell_names.sql lists */

static struct pg_rows *ask(struct pg *pg, const struct cell_query *query,
                           const struct counted_generation *generation, struct error *err)
{
    char config[16];
    snprintf(config, sizeof(config), "%d", generation->config_version);
    char *sql = store_sql(sql_cell_names, generation->number);
    struct pg_rows *rows = pg_query(
        pg, sql, 5,
        (const char *const[]){config, query->training, query->wave, query->unit, query->group}, err);
    free(sql);
    return rows;
}

static bool refuse(const struct cell_query *query, enum place place, const struct pg_rows *rows,
                   struct error *err)
{
    const char *names = pg_rows_value(rows, place, NAMES);
    const char *there = names[0] ? names : "none";
    bool more = pg_rows_integer(rows, place, COUNT, 0) > NAMED;
    switch (place) {
    case TRAINING:
        return error_set(err, ERROR_USAGE, false,
                         "there is no training \"%.64s\"; there are: %.700s%s", query->training,
                         there, more ? ", …; bi.trainings has all" : "");
    case WAVE:
        return error_set(err, ERROR_USAGE, false, "%s%.64s%s \"%.64s\"; %s: %.600s%s",
                         query->training[0] ? "training " : "", query->training,
                         query->training[0] ? " has no wave" : "there is no wave", query->wave,
                         query->training[0] ? "it has" : "there are", there,
                         more ? ", …; bi.waves has all" : "");
    case UNIT:
        return error_set(err, ERROR_USAGE, false, "there is no unit \"%.64s\"; there are: %.700s%s",
                         query->unit, there, more ? ", …; bi.units has all" : "");
    default:
        return error_set(err, ERROR_USAGE, false,
                         "there is no group \"%.64s\" in it; there are: %.700s%s", query->group,
                         there, more ? ", …; bi.groups has all" : "");
    }
}

bool cell_names_check(struct pg *pg, const struct cell_query *query,
                      const struct counted_generation *generations, size_t count, struct error *err)
{
    bool known[PLACES] = {false};
    struct pg_rows *rows = NULL;
    for (size_t i = 0; i < count; i++) {
        pg_rows_free(rows);
        rows = ask(pg, query, &generations[i], err);
        if (!rows)
            return false;
        for (int place = 0; place < PLACES; place++)
            known[place] |= strcmp(pg_rows_value(rows, (size_t)place, KNOWN), "t") == 0;
    }
    bool ok = true;
    for (int place = 0; ok && place < PLACES; place++)
        ok = known[place] || refuse(query, (enum place)place, rows, err);
    pg_rows_free(rows);
    return ok;
}
