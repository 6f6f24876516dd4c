#include "state_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../write/pg_binary.h"
#include "sql.h"

static bool take_row(const struct state_source *source, struct bulk_intake *intake,
                     const struct pg_rows *rows, size_t row, struct error *err)
{
    struct fact *facts;
    size_t count;
    int index;
    if (!facts_training(source->rules, pg_rows_value(rows, row, 1), pg_rows_length(rows, row, 1),
                        &index, err) ||
        !facts_unpack(pg_rows_value(rows, row, 2), pg_rows_length(rows, row, 2), source->rules,
                      bulk_intake_strings(intake), &facts, &count, err))
        return false;
    bulk_take_facts(intake, pg_read_key(pg_rows_value(rows, row, 0)), index, facts, count);
    for (size_t i = 0; i < count; i++)
        fact_release(&facts[i]);
    free(facts);
    return true;
}

static bool take_rows(const struct state_source *source, struct bulk_intake *intake,
                      const struct pg_rows *rows, struct error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < pg_rows_count(rows); i++)
        ok = take_row(source, intake, rows, i, err);
    return ok;
}

bool state_source_take(const struct state_source *source, struct pg *pg, struct bulk_intake *intake,
                       struct error *err)
{
    char declare[256];
    snprintf(
        declare, sizeof(declare),
        "DECLARE stored NO SCROLL CURSOR FOR SELECT subject, training, facts FROM gen_%d.states "
        "WHERE abs(hashtextextended(subject::text, 7) %% %zu) = %zu",
        source->generation, source->parts, source->part);
    bool ok = pg_run(pg, declare, err);
    for (bool more = true; ok && more;) {
        struct pg_rows *rows = pg_query_binary(pg, sql_replay_fetch_states, 0, NULL, err);
        size_t count = rows ? pg_rows_count(rows) : 0;
        ok = rows && take_rows(source, intake, rows, err);
        pg_rows_free(rows);
        more = ok && count > 0 && (!source->taken || source->taken(source->context, count));
    }
    return ok && pg_run(pg, "CLOSE stored", err);
}
