/* Saving a batch's changes. Rows go in a fixed order of tables; tallies, the hottest, last. */
#include "store.h"

#include <stdlib.h>

#include "store_sql.h"

static const char *training_code(const struct fold *fold, int training)
{
    return training == RULES_NONE ? "" : rules_training(fold_rules(fold), training)->code;
}

static bool save_states(struct store *store, struct pg *pg, const struct fold *fold,
                        const struct changes *changes, struct error *err)
{
    if (changes->states.count == 0)
        return true;
    STORE_START(store, PG_UUID, PG_TEXT, PG_BYTEA);
    for (size_t i = 0; i < changes->states.count; i++) {
        const struct state_change *change = &changes->states.items[i];
        text_buffer_clear(&store->packed);
        facts_pack(change->dossier->facts, change->dossier->count, fold_people(fold)->strings,
                   &store->packed);
        pg_array_key(&store->arrays[0], change->subject->key);
        pg_array_text(&store->arrays[1], training_code(fold, change->dossier->training));
        pg_array_bytes(&store->arrays[2], store->packed.data, store->packed.length);
    }
    return store_run(store, pg, SAVE_STATES, 3, err);
}

static bool save_members(struct store *store, struct pg *pg, const struct changes *changes,
                         struct error *err)
{
    STORE_START(store, PG_UUID, PG_UUID);
    for (size_t i = 0; i < changes->members.count; i++) {
        const struct member_change *change = &changes->members.items[i];
        if (!change->linked)
            continue;
        pg_array_key(&store->arrays[0], change->subject);
        pg_array_key(&store->arrays[1], change->person);
    }
    if (store->arrays[0].count && !store_run(store, pg, SAVE_MEMBERS, 2, err))
        return false;
    STORE_START(store, PG_UUID);
    for (size_t i = 0; i < changes->members.count; i++)
        if (!changes->members.items[i].linked)
            pg_array_key(&store->arrays[0], changes->members.items[i].subject);
    return store->arrays[0].count == 0 || store_run(store, pg, DELETE_MEMBERS, 1, err);
}

static bool save_carriers(struct store *store, struct pg *pg, const struct changes *changes,
                          struct error *err)
{
    struct pg_array *a = store->arrays;
    STORE_START(store, PG_UUID, PG_UUID, PG_BOOL, PG_INT8, PG_UUID);
    for (size_t i = 0; i < changes->carriers.count; i++) {
        const struct carrier_change *change = &changes->carriers.items[i];
        if (!change->carries)
            continue;
        pg_array_key(&a[0], change->identifier);
        pg_array_key(&a[1], change->carrier.subject);
        pg_array_bool(&a[2], change->carrier.on_roster);
        pg_array_int8(&a[3], change->carrier.name);
        if (change->carrier.citizen.hi || change->carrier.citizen.lo)
            pg_array_key(&a[4], change->carrier.citizen);
        else
            pg_array_null(&a[4]);
    }
    if (a[0].count && !store_run(store, pg, SAVE_CARRIERS, 5, err))
        return false;
    STORE_START(store, PG_UUID, PG_UUID);
    for (size_t i = 0; i < changes->carriers.count; i++)
        if (!changes->carriers.items[i].carries) {
            pg_array_key(&a[0], changes->carriers.items[i].identifier);
            pg_array_key(&a[1], changes->carriers.items[i].carrier.subject);
        }
    return a[0].count == 0 || store_run(store, pg, DELETE_CARRIERS, 2, err);
}

static void put_cell(struct pg_array *a, const struct fold *fold, const struct cell *cell)
{
    pg_array_text(&a[0], scope_names[cell->scope]);
    pg_array_text(&a[1], training_code(fold, cell->training));
    pg_array_text(&a[2],
                  cell->wave == RULES_NONE ? "" : rules_wave(fold_rules(fold), cell->wave)->code);
    pg_array_int4(&a[3], cell->year);
    pg_array_text(&a[4], fold_text(fold, cell->unit));
    pg_array_text(&a[5], fold_text(fold, cell->study_group));
}

#define CELL_TYPES PG_TEXT, PG_TEXT, PG_TEXT, PG_INT4, PG_TEXT, PG_TEXT

static bool tally_counts(const struct tally_change *change, bool *down)
{
    bool any = false;
    for (int m = 0; m < MEASURE_COUNT; m++)
        any |= change->delta[m] != 0;
    *down = change->delta[MEASURE_REGISTERED] < 0 || change->delta[MEASURE_NOT_REGISTERED] < 0;
    return any;
}

static bool save_tallies(struct store *store, struct pg *pg, const struct fold *fold,
                         const struct changes *changes, struct error *err)
{
    bool down, any_down = false;
    STORE_START(store, CELL_TYPES, PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_INT8, PG_INT8,
                PG_INT8, PG_INT8, PG_INT8, PG_INT8);
    for (size_t i = 0; i < changes->tallies.count; i++) {
        const struct tally_change *change = &changes->tallies.items[i];
        if (!tally_counts(change, &down))
            continue;
        any_down |= down;
        put_cell(store->arrays, fold, &change->cell);
        for (int m = 0; m < MEASURE_COUNT; m++)
            pg_array_int8(&store->arrays[6 + m], change->delta[m]);
    }
    if (store->arrays[0].count && !store_run(store, pg, SAVE_TALLIES, 6 + MEASURE_COUNT, err))
        return false;
    if (!any_down)
        return true;
    STORE_START(store, CELL_TYPES);
    for (size_t i = 0; i < changes->tallies.count; i++)
        if (tally_counts(&changes->tallies.items[i], &down) && down)
            put_cell(store->arrays, fold, &changes->tallies.items[i].cell);
    return store_run(store, pg, DELETE_ZERO_TALLIES, 6, err);
}

static void put_issue_key(struct pg_array *a, const struct fold *fold, const struct issue *issue)
{
    pg_array_text(&a[0], issue_name(issue->kind));
    pg_array_key(&a[1], issue->subject);
    pg_array_text(&a[2], fold_text(fold, issue->wave_code));
    pg_array_text(&a[3], fold_text(fold, issue->unit));
}

static bool save_issues(struct store *store, struct pg *pg, const struct fold *fold,
                        const struct changes *changes, struct error *err)
{
    struct pg_array *a = store->arrays;
    STORE_START(store, PG_TEXT, PG_UUID, PG_TEXT, PG_TEXT);
    for (size_t i = 0; i < changes->issues.count; i++)
        if (changes->issues.items[i].before && !changes->issues.items[i].after)
            put_issue_key(a, fold, &changes->issues.items[i].issue);
    if (a[0].count && !store_run(store, pg, DELETE_ISSUES, 4, err))
        return false;
    STORE_START(store, PG_TEXT, PG_UUID, PG_TEXT, PG_TEXT, PG_INT8, PG_TEXT, PG_TEXT, PG_TEXT,
                PG_INT8);
    for (size_t i = 0; i < changes->issues.count; i++) {
        const struct issue_change *change = &changes->issues.items[i];
        if (!change->after || !issue_change_matters(change))
            continue;
        put_issue_key(a, fold, &change->issue);
        pg_array_int8(&a[4], change->issue.name);
        pg_array_text(&a[5], fold_text(fold, change->issue.source));
        pg_array_text(&a[6], fold_text(fold, change->issue.file));
        pg_array_text(&a[7], fold_text(fold, change->issue.sheet));
        pg_array_int8(&a[8], change->issue.row);
    }
    return a[0].count == 0 || store_run(store, pg, SAVE_ISSUES, 9, err);
}

static bool save_unmapped(struct store *store, struct pg *pg, const struct changes *changes,
                          struct error *err)
{
    if (changes->unmapped.count == 0)
        return true;
    STORE_START(store, PG_TEXT, PG_TEXT, PG_TEXT);
    for (size_t i = 0; i < changes->unmapped.count; i++) {
        const struct unmapped_change *change = &changes->unmapped.items[i];
        pg_array_text(&store->arrays[0], change->is_wave ? "wave" : "course");
        pg_array_text(&store->arrays[1], change->source);
        pg_array_text(&store->arrays[2], change->code);
    }
    return store_run(store, pg, SAVE_UNMAPPED, 3, err);
}

bool store_save(struct store *store, struct pg *pg, const struct fold *fold,
                const struct changes *changes, const struct event *events,
                const struct log_position *positions, const struct unreadable_record *unreadable,
                size_t unreadable_count, struct error *err)
{
    return save_states(store, pg, fold, changes, err) && save_members(store, pg, changes, err) &&
           save_carriers(store, pg, changes, err) && save_issues(store, pg, fold, changes, err) &&
           save_unmapped(store, pg, changes, err) &&
           store_save_entities(store, pg, changes, events, positions, unreadable, unreadable_count,
                               err) &&
           save_tallies(store, pg, fold, changes, err);
}
