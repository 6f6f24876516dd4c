#include "store.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../common/allocate.h"
#include "sql.h"
#include "store_sql.h"

#define KEPT_BYTES ((size_t)256 * 1024)
#ifndef PORTION_BYTES
#define PORTION_BYTES ((size_t)4 * 1024 * 1024)
#endif

static const char *const templates[STORE_STATEMENTS] = {
    [LOAD_CARRIED_SUBJECTS] = sql_load_carried_subjects,
    [LOAD_MEMBERS] = sql_load_members,
    [LOAD_CARRIERS] = sql_load_carriers,
    [LOAD_STATES] = sql_load_states,
    [LOAD_ACTIVITY] = sql_load_activity,
    [INSERT_STATES] = sql_insert_states,
    [UPDATE_STATES] = sql_update_states,
    [DELETE_STATES] = sql_delete_states,
    [SAVE_ERASURES] = sql_save_erasures,
    [SAVE_MEMBERS] = sql_save_members,
    [DELETE_MEMBERS] = sql_delete_members,
    [SAVE_CARRIERS] = sql_save_carriers,
    [DELETE_CARRIERS] = sql_delete_carriers,
    [SAVE_TALLIES] = sql_save_tallies,
    [INSERT_ACTIVITY] = sql_insert_activity,
    [UPDATE_ACTIVITY] = sql_update_activity,
    [DELETE_ACTIVITY] = sql_delete_activity,
    [SAVE_DEADLINES] = sql_save_deadlines,
    [SAVE_MOMENTS] = sql_save_moments,
    [SAVE_ISSUES] = sql_save_issues,
    [DELETE_ISSUES] = sql_delete_issues,
    [SAVE_TOTALS] = sql_save_totals,
    [SAVE_HEADCOUNTS] = sql_save_headcounts,
    [SAVE_MARKS] = sql_save_marks,
    [SAVE_DEAD_LETTERS] = sql_save_dead_letters,
    [SAVE_UNMAPPED] = sql_save_unmapped,
    [MARK_CHANGED] = sql_mark_changed,
};

char *store_sql(const char *template, int generation)
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
        store->sql[i] = store_sql(templates[i], generation);
    return store;
}

void store_free(struct store *store)
{
    if (!store)
        return;
    for (int i = 0; i < STORE_STATEMENTS; i++)
        free(store->sql[i]);
    for (size_t i = 0; i < ARRAY_LEN(store->keys); i++)
        pg_array_release(&store->keys[i]);
    fold_plan_release(&store->plan);
    key_list_release(&store->carrying);
    text_buffer_free(&store->packed);
    changed_pairs_release(&store->changed);
    free(store);
}

/* Writes ----------------------------------------------------------------------------------------------------------------- */

struct store_writes *store_writes_new(void)
{
    struct store_writes *writes = must_have(calloc(1, sizeof(*writes)));
    store_writes_clear(writes);
    return writes;
}

static void release_arrays(struct store_write *write)
{
    for (size_t i = 0; i < STORE_ARRAYS; i++)
        pg_array_release(&write->arrays[i]);
}

void store_writes_free(struct store_writes *writes)
{
    if (!writes)
        return;
    store_writes_clear(writes);
    for (size_t i = 0; i < STORE_STATEMENTS; i++)
        release_arrays(&writes->items[i]);
    free(writes);
}

void store_writes_clear(struct store_writes *writes)
{
    for (size_t i = 0; i < STORE_STATEMENTS; i++) {
        struct store_write *first = &writes->items[i];
        for (struct store_write *more = first->next, *next; more; more = next) {
            next = more->next;
            release_arrays(more);
            free(more);
        }
        first->array_count = 0;
        first->next = NULL;
        writes->last[i] = first;
    }
}

static size_t bytes_of(const struct store_write *write)
{
    size_t bytes = 0;
    for (size_t i = 0; i < write->array_count; i++)
        bytes += write->arrays[i].bytes.length;
    return bytes;
}

struct pg_array *store_writes_add(struct store_writes *writes, enum store_statement statement,
                                  const enum pg_type *types, size_t count)
{
    struct store_write *write = writes->last[statement];
    if (bytes_of(write) > PORTION_BYTES) {
        write->next = must_have(calloc(1, sizeof(*write)));
        write = writes->last[statement] = write->next;
    }
    if (write->array_count == 0)
        for (size_t i = 0; i < count; i++)
            pg_array_start(&write->arrays[i], types[i]);
    write->array_count = count;
    return write->arrays;
}

/* Large arrays go once they are sent: the next transaction's are being made meanwhile. */
static void give_back(struct store_write *write)
{
    for (size_t i = 0; i < write->array_count; i++)
        if (write->arrays[i].bytes.capacity > KEPT_BYTES)
            pg_array_release(&write->arrays[i]);
}

static bool run(const struct store *store, struct pg *pg, enum store_statement statement,
                struct store_write *write, struct error *err)
{
    struct pg_parameter parameters[STORE_ARRAYS];
    if (write->array_count == 0 || write->arrays[0].count == 0)
        return true;
    for (size_t i = 0; i < write->array_count; i++)
        parameters[i] = pg_array_parameter(&write->arrays[i]);
    struct pg_rows *rows =
        pg_query_binary(pg, store->sql[statement], write->array_count, parameters, err);
    if (!rows)
        return false;
    bool all = (statement != UPDATE_STATES && statement != UPDATE_ACTIVITY) ||
               (uint64_t)pg_rows_affected(rows) == write->arrays[0].count;
    pg_rows_free(rows);
    return all || error_set(err, ERROR_STATE, true,
                            "rows that were read are not there any more: has somebody changed the "
                            "generation's tables?");
}

bool store_write(const struct store *store, struct pg *pg, struct store_writes *writes,
                 struct error *err)
{
    for (int i = 0; i < STORE_STATEMENTS; i++)
        for (struct store_write *write = &writes->items[i]; write; write = write->next) {
            if (!run(store, pg, (enum store_statement)i, write, err))
                return false;
            give_back(write);
        }
    return true;
}
