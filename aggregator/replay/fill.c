#include "fill.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"
#include "../write/pg_binary.h"
#include "copy_figures.h"
#include "copy_rows.h"
#include "crew.h"
#include "sql.h"

/* What is committed last makes all of it durable. */
static const char settings[] =
    "SET synchronous_commit = off; SET idle_in_transaction_session_timeout = 0";

struct fill_run {
    struct crew crew;
    const struct replay_plan *plan;
    struct bulk *bulk;
    struct bulk_counter *counters[BULK_INTAKES];
    struct pg *connections[BULK_INTAKES]; /* of the threads */
    struct store *store;
    struct store_writes *writes;
    struct pg *pg;                 /* the caller's: writes the figures */
    const struct bulk_rows *watch; /* of figures alone */
    struct bulk_told told;         /* by all counters */
};

/* Who is who, and what each counts for ------------------------------------------------------------------------------------- */

static bool copy_people(struct fill_run *run, size_t number, struct copy_rows *rows, struct error *err)
{
    struct bulk_rows sink = copy_rows_sink(rows);
    int more = 1;
    if (!copy_rows_begin(rows, "states (subject, training, facts)", err))
        return false;
    while (more > 0 && !crew_over(&run->crew)) {
        size_t people = 0;
        more = bulk_count(run->counters[number], &sink, &people, err);
        run->crew.done += (int64_t)people;
    }
    return more >= 0 && copy_rows_end(rows, err);
}

static bool copy_who(const struct fill_run *run, size_t number, struct copy_rows *rows,
                     struct error *err)
{
    struct bulk_rows sink = copy_rows_sink(rows);
    size_t parts = run->plan->threads;
    return copy_rows_begin(rows, "members (subject, person)", err) &&
           bulk_members(run->bulk, number, parts, &sink, err) && copy_rows_end(rows, err) &&
           copy_rows_begin(rows, "carriers (identifier, subject, on_roster, name, citizen)", err) &&
           bulk_carriers(run->bulk, number, parts, &sink, err) && copy_rows_end(rows, err);
}

/* Each thread's rows are one transaction: begun with who is who, ended with what they count for. */
static bool who_part(void *context, size_t number, struct error *err)
{
    struct fill_run *run = context;
    struct pg *pg = run->connections[number] =
        pg_connect(run->plan->options, "mooc-aggregator replay write", false, err);
    if (!pg || !pg_run(pg, settings, err) || !pg_begin(pg, err))
        return false;
    struct copy_rows *rows = copy_rows_new(pg, run->plan->generation);
    bool ok = copy_who(run, number, rows, err);
    copy_rows_free(rows);
    return ok;
}

static bool count_part(void *context, size_t number, struct error *err)
{
    struct fill_run *run = context;
    struct pg *pg = run->connections[number];
    struct copy_rows *rows = copy_rows_new(pg, run->plan->generation);
    bool ok = copy_people(run, number, rows, err) && pg_commit(pg, err);
    copy_rows_free(rows);
    return ok;
}

/* Figures, and indexes beside them ----------------------------------------------------------------------------------------- */

static bool write_entities(struct fill_run *run, const struct intake_result *intake, struct error *err)
{
    struct bulk_counter *counter = run->counters[0];
    size_t at = 0, count;
    const struct event *events;
    const struct bulk_position *places;
    const struct changes *changes;
    struct log_position *positions = NULL;
    while ((changes = bulk_entities(counter, &at, &events, &places, &count, err))) {
        positions = must_have(realloc(positions, (count + 1) * sizeof(*positions)));
        for (size_t i = 0; i < count; i++)
            positions[i] = (struct log_position){intake->topics[places[i].topic],
                                                 places[i].partition, false, places[i].offset};
        struct store_batch batch = {events, positions, NULL, 0};
        store_encode_batch(changes, &batch, run->writes);
    }
    free(positions);
    for (size_t i = 0; !run->plan->timed_until && i < run->plan->threads; i++) {
        static const struct changes none;
        const struct unreadable_list *list = &intake->unreadable[i];
        struct store_batch batch = {NULL, NULL, list->items, list->count};
        store_encode_batch(&none, &batch, run->writes);
    }
    return err->kind == ERROR_NONE;
}

struct figures {
    struct fill_run *run;
    const struct intake_result *intake;
};

static bool index_table(struct pg *pg, int generation, const char *table, struct error *err)
{
    char number[16];
    snprintf(number, sizeof(number), "%d", generation);
    struct pg_rows *rows =
        pg_query(pg, sql_replay_index, 2, (const char *const[]){number, table}, err);
    pg_rows_free(rows);
    return rows != NULL;
}

/* Inside a transaction. */
static bool copy_sums(struct fill_run *run, const struct intake_result *intake, struct error *err)
{
    struct fold *fold;
    struct changes rest = *bulk_changes(run->counters[0], true, &fold);
    if (!copy_figures(run->pg, run->plan->generation, fold, &rest, err))
        return false;
    store_encode(run->store, fold, &rest, run->writes);
    return write_entities(run, intake, err) && store_write(run->store, run->pg, run->writes, err);
}

/* Statistics of what a few thousand rows are; the others get theirs with their indexes. Who fails lets go of the tables: others wait. */
static bool write_sums(struct fill_run *run, const struct intake_result *intake, struct error *err)
{
    if (!pg_begin(run->pg, err) || !copy_sums(run, intake, err) || !pg_commit(run->pg, err)) {
        pg_rollback(run->pg);
        return false;
    }
    return index_table(run->pg, run->plan->generation, "tallies", err) &&
           index_table(run->pg, run->plan->generation, "activity", err);
}

/* A range's sums are added to those of the ranges before. */
static bool add_sums(struct fill_run *run, struct error *err)
{
    struct fold *fold;
    const struct changes *changes = bulk_changes(run->counters[0], false, &fold);
    if (!pg_begin(run->pg, err) || !store_load_activity(run->store, run->pg, fold, err))
        return false;
    store_encode(run->store, fold, changes, run->writes);
    return store_write(run->store, run->pg, run->writes, err) && pg_commit(run->pg, err);
}

struct finish {
    struct fill_run *run;
    const struct intake_result *intake;
    atomic_size_t next_table;
};

/* Thread 0 writes the figures; the others begin with the indexes, the largest first, and who is done takes the next. An index of what
 * thread 0 writes waits for its commit. */
static bool finish_part(void *context, size_t number, struct error *err)
{
    static const char *const tables[] = {"states", "carriers", "members", "deadlines", "issues"};
    struct finish *finish = context;
    struct fill_run *run = finish->run;
    bool ok = number > 0 || write_sums(run, finish->intake, err);
    size_t next;
    while (ok && (next = atomic_fetch_add(&finish->next_table, 1)) < ARRAY_LEN(tables))
        ok = index_table(run->connections[number], run->plan->generation, tables[next], err);
    return ok;
}

static bool index_tables(struct pg *pg, int generation, const char *const *tables, struct error *err)
{
    bool ok = true;
    for (; ok && *tables; tables++)
        ok = index_table(pg, generation, *tables, err);
    return ok;
}

/* Only figures -------------------------------------------------------------------------------------------------------------- */

static bool count_figures(void *context, size_t number, struct error *err)
{
    struct fill_run *run = context;
    int more = 1;
    while (more > 0 && !crew_over(&run->crew)) {
        size_t people = 0;
        more = bulk_count(run->counters[number], run->watch, &people, err);
        run->crew.done += (int64_t)people;
    }
    return more >= 0;
}

/* Phases ------------------------------------------------------------------------------------------------------------------- */

/* Who is who is let go before people are counted: memory is at its highest then. */
static bool count_all(struct fill_run *run, crew_work who, crew_work work, struct error *err)
{
    size_t threads = run->plan->threads;
    for (size_t i = 0; i < threads; i++)
        run->counters[i] = bulk_counter_new(run->bulk);
    if (who && !crew_run(&run->crew, NULL, 0, threads, who, run, err))
        return false;
    bulk_forget_carriers(run->bulk);
    if (!crew_run(&run->crew, "counting people", (int64_t)bulk_people(run->bulk), threads, work,
                  run, err))
        return false;
    bulk_forget_facts(run->bulk);
    for (size_t i = 0; i < threads; i++) {
        struct bulk_told told = bulk_counter_told(run->counters[i]);
        run->told.states += told.states;
        run->told.facts += told.facts;
    }
    for (size_t i = 1; i < threads; i++)
        bulk_counter_merge(run->counters[0], run->counters[i]);
    return true;
}

static bool count_and_copy(struct fill_run *run, struct fill_result *result, struct error *err)
{
    int64_t began_ms = clock_monotonic_ms();
    bool ok = count_all(run, who_part, count_part, err);
    result->people += bulk_people(run->bulk);
    result->told.states += run->told.states;
    result->told.facts += run->told.facts;
    result->count_ms += clock_monotonic_ms() - began_ms;
    return ok;
}

static void begin(struct fill_run *run, const struct replay_plan *plan, const struct bulk_who *who,
                  struct intake_result *intake, struct pg *pg)
{
    *run = (struct fill_run){.plan = plan, .pg = pg};
    run->bulk = bulk_new(intake->intakes, plan->threads, plan->rules, who);
    for (size_t i = 0; i < plan->threads; i++)
        intake->intakes[i] = NULL;
    run->store = store_new(plan->generation);
    run->writes = store_writes_new();
}

static void end(struct fill_run *run)
{
    for (size_t i = 0; i < run->plan->threads; i++) {
        bulk_counter_free(run->counters[i]);
        pg_free(run->connections[i]);
    }
    store_writes_free(run->writes);
    store_free(run->store);
    bulk_free(run->bulk);
}

bool fill_run(const struct replay_plan *plan, struct intake_result *intake, struct pg *pg,
              struct fill_result *result, struct error *err)
{
    struct fill_run run;
    int64_t began_ms = clock_monotonic_ms();
    begin(&run, plan, NULL, intake, pg);
    result->link_ms = clock_monotonic_ms() - began_ms;
    struct finish finish = {.run = &run, .intake = intake};
    bool ok = count_and_copy(&run, result, err) &&
              crew_run(&run.crew, NULL, 0, plan->threads, finish_part, &finish, err) &&
              replay_vector_write(pg, plan, err);
    end(&run);
    return ok;
}

bool fill_figures(const struct replay_plan *plan, struct intake_result *intake, struct pg *pg,
                  const struct bulk_rows *watch, struct error *err)
{
    static const struct bulk_rows nobody;
    struct fill_run run;
    begin(&run, plan, NULL, intake, pg);
    run.watch = watch ? watch : &nobody;
    bool ok = count_all(&run, NULL, count_figures, err) && copy_sums(&run, intake, err);
    end(&run);
    return ok;
}

/* What is added to must have its indexes. */
struct bulk_who *fill_identities(const struct replay_plan *plan, struct intake_result *intake,
                                 struct pg *pg, struct error *err)
{
    static const char *const added_to[] = {"deadlines", "issues", NULL};
    struct fill_run run;
    begin(&run, plan, NULL, intake, pg);
    run.counters[0] = bulk_counter_new(run.bulk);
    bool ok = write_entities(&run, intake, err) && pg_begin(pg, err) &&
              store_write(run.store, pg, run.writes, err) && pg_commit(pg, err) &&
              index_tables(pg, plan->generation, added_to, err);
    struct bulk_who *who = ok ? bulk_who_new(run.bulk) : NULL;
    end(&run);
    return who;
}

bool fill_range(const struct replay_plan *plan, const struct bulk_who *who,
                struct intake_result *intake, struct pg *pg, struct fill_result *result,
                struct error *err)
{
    struct fill_run run;
    begin(&run, plan, who, intake, pg);
    bool ok = count_and_copy(&run, result, err) && add_sums(&run, err);
    end(&run);
    return ok;
}

bool fill_end(const struct replay_plan *plan, struct pg *pg, struct error *err)
{
    static const char *const tables[] = {"states",  "carriers", "members",
                                         "tallies", "activity", NULL};
    return index_tables(pg, plan->generation, tables, err) && replay_vector_write(pg, plan, err);
}
