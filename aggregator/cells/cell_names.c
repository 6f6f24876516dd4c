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
    static const struct {
        const char *vi, *en, *more_vi, *more;
    } words[PLACES] = {
        [TRAINING] = {"khóa", "training", ", …; bi.trainings có đủ", ", …; bi.trainings has all"},
        [WAVE] = {"đợt", "wave", ", …; bi.waves có đủ", ", …; bi.waves has all"},
        [UNIT] = {"đơn vị", "unit", ", …; bi.units có đủ", ", …; bi.units has all"},
        [GROUP] = {"tổ", "group", ", …; bi.groups có đủ", ", …; bi.groups has all"},
    };
    const char *const wanted[PLACES] = {query->training, query->wave, query->unit, query->group};
    const char *names = pg_rows_value(rows, place, NAMES);
    bool more = pg_rows_integer(rows, place, COUNT, 0) > NAMED;
    /* A wave is looked for in the training that was named, a group in all that was. */
    bool of_training = place == WAVE && query->training[0];
    error_set(err, ERROR_USAGE, false, "%s%.64s%s %s \"%.64s\"%s; %s: %.600s%s",
              of_training ? "training " : "there is no", of_training ? query->training : "",
              of_training ? " has no" : "", words[place].en, wanted[place],
              place == GROUP ? " in it" : "", of_training ? "it has" : "there are",
              names[0] ? names : "none", more ? words[place].more : "");
    return error_vi(err, "%s%.64s%s %s \"%.64s\"%s; có: %.600s%s", of_training ? "khóa " : "không có",
                    of_training ? query->training : "", of_training ? " không có" : "",
                    words[place].vi, wanted[place], place == GROUP ? " trong đó" : "",
                    names[0] ? names : "không có", more ? words[place].more_vi : "");
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
