#include "as_of.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../replay/fill.h"
#include "../write/rules_read.h"
#include "sql.h"

/* Of the vector what the archive holds. */
static struct replay_vector of_topic(const struct replay_vector *vector, const char *topic)
{
    struct replay_vector events = {must_have(calloc(vector->count + 1, sizeof(*events.items))), 0};
    for (size_t i = 0; i < vector->count; i++)
        if (strcmp(vector->items[i].topic, topic) == 0)
            events.items[events.count++] = vector->items[i];
    return events;
}

static bool fold(struct pg *pg, const struct replay_plan *plan, struct error *err)
{
    static const struct bulk_part everybody;
    struct intake_result *intake = must_have(calloc(1, sizeof(*intake)));
    bool ok = intake_run(plan, &everybody, intake, err) && fill_figures(plan, intake, pg, err);
    intake_release(intake);
    free(intake);
    return ok;
}

static bool live_is(struct pg *pg, int *generation, int *config_version, struct error *err)
{
    struct pg_rows *rows = pg_query(pg, sql_as_of_begin, 0, NULL, err);
    if (!rows)
        return false;
    *generation = (int)pg_rows_integer(rows, 0, 0, 0);
    *config_version = (int)pg_rows_integer(rows, 0, 1, 0);
    pg_rows_free(rows);
    return true;
}

static bool build(struct pg *pg, const struct options *options, const struct as_of *as_of,
                  struct error *err)
{
    int generation, config_version;
    struct replay_vector live = {0};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (!live_is(pg, &generation, &config_version, err) ||
        (!as_of->until && !replay_vector_read(pg, generation, &live, err)))
        return false;
    if (as_of->config_version >= 0)
        config_version = as_of->config_version;
    struct rules *rules = rules_read(pg, config_version, err);
    char instant[CLOCK_TEXT_SIZE];
    clock_format(as_of->at_us, instant);
    struct replay_plan plan = {
        .options = options,
        .config_version = config_version,
        .rules = rules,
        .until =
            of_topic(as_of->until ? as_of->until : &live, options_text(options, "events_topic")),
        .from_archive = true,
        .timed_until = instant,
        .threads = cores < 1              ? 1
                   : cores > BULK_INTAKES ? BULK_INTAKES
                                          : (size_t)cores,
    };
    bool ok = rules && fold(pg, &plan, err);
    replay_vector_release(&plan.until);
    replay_vector_release(&live);
    rules_free(rules);
    struct pg_rows *shown =
        ok ? pg_query(pg, sql_as_of_show, 1, (const char *const[]){instant}, err) : NULL;
    pg_rows_free(shown);
    return shown != NULL;
}

bool as_of_show(struct pg *pg, const struct options *options, const struct as_of *as_of,
                struct error *err)
{
    if (pg_run(pg, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ", err) &&
        build(pg, options, as_of, err))
        return true;
    pg_rollback(pg);
    return false;
}

bool as_of_hide(struct pg *pg, struct error *err)
{
    return pg_run(pg, "SET LOCAL mooc.as_of = ''", err);
}
