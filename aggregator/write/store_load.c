/* Loading: from what the fold plans to what is resident. */
#include "store.h"

#include <stdlib.h>

#include "store_sql.h"

static void put_keys(struct pg_array *array, const struct key_list *keys)
{
    pg_array_start(array, PG_UUID);
    for (size_t i = 0; i < keys->count; i++)
        pg_array_key(array, keys->keys[i]);
}

/* By the first `count` lists of keys. */
static struct pg_rows *query(struct store *store, struct pg *pg, enum store_statement statement,
                             size_t count, struct error *err)
{
    struct pg_parameter parameters[ARRAY_LEN(store->keys)];
    for (size_t i = 0; i < count; i++)
        parameters[i] = pg_array_parameter(&store->keys[i]);
    return pg_query_binary(pg, store->sql[statement], count, parameters, err);
}

/* Adds to the connected those who carry what identity events touch. */
static bool add_carriers(struct store *store, struct pg *pg, struct error *err)
{
    struct fold_plan *plan = &store->plan;
    if (plan->identity_subjects.count == 0 && plan->identifiers.count == 0)
        return true;
    put_keys(&store->keys[0], &plan->identity_subjects);
    put_keys(&store->keys[1], &plan->identifiers);
    struct pg_rows *rows = query(store, pg, LOAD_CARRIED_SUBJECTS, 2, err);
    if (!rows)
        return false;
    for (size_t i = 0; i < pg_rows_count(rows); i++)
        key_list_add(&plan->connected, pg_read_key(pg_rows_value(rows, i, 0)));
    pg_rows_free(rows);
    return true;
}

/* Whole persons: the members found are subjects too. */
static bool load_members(struct store *store, struct pg *pg, struct fold *fold, struct error *err)
{
    struct key_list *subjects = &store->plan.subjects;
    put_keys(&store->keys[0], subjects);
    struct pg_rows *rows = query(store, pg, LOAD_MEMBERS, 1, err);
    if (!rows)
        return false;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        struct key128 subject = pg_read_key(pg_rows_value(rows, i, 0));
        struct key128 person = pg_read_key(pg_rows_value(rows, i, 1));
        fold_load_subject(fold, subject, &person);
        key_list_add(subjects, subject);
    }
    for (size_t i = 0; i < subjects->count; i++)
        fold_load_subject(fold, subjects->keys[i], NULL);
    pg_rows_free(rows);
    return true;
}

static bool load_carriers(struct store *store, struct pg *pg, struct fold *fold, struct error *err)
{
    store->carrying.count = 0;
    fold_identify(fold, &store->plan.connected, &store->carrying);
    if (store->carrying.count == 0 && store->plan.identifiers.count == 0)
        return true;
    put_keys(&store->keys[0], &store->carrying);
    put_keys(&store->keys[1], &store->plan.identifiers);
    struct pg_rows *rows = query(store, pg, LOAD_CARRIERS, 2, err);
    if (!rows)
        return false;
    for (size_t i = 0; i < pg_rows_count(rows); i++) {
        const char *citizen = pg_rows_value(rows, i, 4);
        struct carrier carrier = {.subject = pg_read_key(pg_rows_value(rows, i, 1)),
                                  .on_roster = *pg_rows_value(rows, i, 2),
                                  .name = pg_read_int8(pg_rows_value(rows, i, 3))};
        if (citizen)
            carrier.citizen = pg_read_key(citizen);
        fold_load_carrier(fold, pg_read_key(pg_rows_value(rows, i, 0)), &carrier);
    }
    pg_rows_free(rows);
    return true;
}

static bool load_states(struct store *store, struct pg *pg, struct fold *fold, struct error *err)
{
    put_keys(&store->keys[0], &store->plan.subjects);
    struct pg_rows *rows = query(store, pg, LOAD_STATES, 1, err);
    if (!rows)
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < pg_rows_count(rows); i++) {
        char training[EVENT_MAX_KEY + 1];
        size_t length = pg_rows_length(rows, i, 1);
        if (length >= sizeof(training)) {
            ok = error_set(err, ERROR_STATE, false, "a stored training code has %zu bytes", length);
            break;
        }
        memcpy(training, pg_rows_value(rows, i, 1), length);
        training[length] = 0;
        ok = fold_load_dossier(fold, pg_read_key(pg_rows_value(rows, i, 0)), training,
                               pg_rows_value(rows, i, 2), pg_rows_length(rows, i, 2), err);
    }
    pg_rows_free(rows);
    return ok;
}

bool store_load(struct store *store, struct pg *pg, struct fold *fold, const struct event *events,
                size_t count, struct error *err)
{
    struct fold_plan *plan = &store->plan;
    fold_plan(fold, events, count, plan);
    if (!add_carriers(store, pg, err))
        return false;
    for (size_t i = 0; i < plan->connected.count; i++)
        if (!people_subject(fold_people(fold), plan->connected.keys[i]))
            key_list_add(&plan->subjects, plan->connected.keys[i]);
    if (plan->subjects.count &&
        !(load_members(store, pg, fold, err) && load_states(store, pg, fold, err)))
        return false;
    if (!load_carriers(store, pg, fold, err))
        return false;
    fold_loaded(fold, plan);
    return true;
}
