#include "store.h"

#include <stdio.h>
#include <stdlib.h>

#include "sql.h"
#include "store_sql.h"

static const char *const templates[STORE_STATEMENTS] = {
    [LOAD_CARRIED_SUBJECTS] = sql_load_carried_subjects,
    [LOAD_MEMBERS] = sql_load_members,
    [LOAD_CARRIERS] = sql_load_carriers,
    [LOAD_STATES] = sql_load_states,
    [SAVE_STATES] = sql_save_states,
    [SAVE_MEMBERS] = sql_save_members,
    [DELETE_MEMBERS] = sql_delete_members,
    [SAVE_CARRIERS] = sql_save_carriers,
    [DELETE_CARRIERS] = sql_delete_carriers,
    [SAVE_TALLIES] = sql_save_tallies,
    [DELETE_ZERO_TALLIES] = sql_delete_zero_tallies,
    [SAVE_ISSUES] = sql_save_issues,
    [DELETE_ISSUES] = sql_delete_issues,
    [SAVE_TOTALS] = sql_save_totals,
    [SAVE_MARKS] = sql_save_marks,
    [SAVE_DEAD_LETTERS] = sql_save_dead_letters,
    [SAVE_UNMAPPED] = sql_save_unmapped,
};

/* The schema's name is the one part of a statement that cannot be a parameter. */
static char *for_generation(const char *template, int generation)
{
    struct text_buffer out = {0};
    for (const char *at = template, *next; *at; at = next) {
        next = strstr(at, "gen_N");
        size_t length = next ? (size_t)(next - at) : strlen(at);
        text_buffer_add(&out, at, length);
        if (!next)
            break;
        text_buffer_add_format(&out, "gen_%d", generation);
        next += 5;
    }
    return out.data;
}

struct store *store_new(int generation)
{
    struct store *store = calloc(1, sizeof(*store));
    if (!store)
        abort();
    for (int i = 0; i < STORE_STATEMENTS; i++)
        store->sql[i] = for_generation(templates[i], generation);
    return store;
}

void store_free(struct store *store)
{
    if (!store)
        return;
    for (int i = 0; i < STORE_STATEMENTS; i++)
        free(store->sql[i]);
    for (int i = 0; i < STORE_ARRAYS; i++)
        pg_array_release(&store->arrays[i]);
    fold_plan_release(&store->plan);
    text_buffer_free(&store->packed);
    free(store);
}

struct pg_rows *store_query(struct store *store, struct pg *pg, enum store_statement statement,
                            size_t count, struct error *err)
{
    struct pg_parameter parameters[STORE_ARRAYS];
    for (size_t i = 0; i < count; i++)
        parameters[i] = pg_array_parameter(&store->arrays[i]);
    return pg_query_binary(pg, store->sql[statement], count, parameters, err);
}

bool store_run(struct store *store, struct pg *pg, enum store_statement statement, size_t count,
               struct error *err)
{
    struct pg_rows *rows = store_query(store, pg, statement, count, err);
    if (!rows)
        return false;
    pg_rows_free(rows);
    return true;
}

void store_start(struct store *store, const enum pg_type *types, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pg_array_start(&store->arrays[i], types[i]);
}
