/* A batch's changes as statements and their parameters. Tables go in a fixed order; tallies, the hottest, last. */
#include "store.h"

#include <stdlib.h>

#include "store_sql.h"

const char *store_training(const struct fold *fold, int training)
{
    return training == RULES_NONE ? "" : rules_training(fold_rules(fold), training)->code;
}

const char *store_wave(const struct fold *fold, int wave)
{
    return wave == RULES_NONE ? "" : rules_wave(fold_rules(fold), wave)->code;
}

static void encode_states(struct store *store, const struct fold *fold,
                          const struct changes *changes, struct store_writes *out)
{
    for (size_t i = 0; i < changes->states.count; i++) {
        const struct state_change *change = &changes->states.items[i];
        if (change->dossier->count == 0)
            continue; /* erased: see encode_erased */
        text_buffer_clear(&store->packed);
        facts_pack(change->dossier->facts, change->dossier->count, fold_rules(fold),
                   fold_people(fold)->strings, &store->packed);
        struct pg_array *a = STORE_ADD(out, change->dossier->stored ? UPDATE_STATES : INSERT_STATES,
                                       PG_UUID, PG_TEXT, PG_BYTEA);
        pg_array_key(&a[0], change->subject->key);
        pg_array_text(&a[1], store_training(fold, change->dossier->training));
        pg_array_bytes(&a[2], store->packed.data, store->packed.length);
    }
}

/* Rows of facts that were erased, and whose they were: the archive loses their records. */
static void encode_erased(const struct fold *fold, const struct changes *changes,
                          struct store_writes *out)
{
    for (size_t i = 0; i < changes->states.count; i++) {
        const struct state_change *change = &changes->states.items[i];
        if (change->dossier->count > 0 && change->dossier->facts[0].kind == FACT_ERASED)
            pg_array_key(STORE_ADD(out, SAVE_ERASURES, PG_UUID), change->subject->key);
        if (change->dossier->count > 0 || !change->dossier->stored)
            continue;
        struct pg_array *a = STORE_ADD(out, DELETE_STATES, PG_UUID, PG_TEXT);
        pg_array_key(&a[0], change->subject->key);
        pg_array_text(&a[1], store_training(fold, change->dossier->training));
    }
}

static void encode_members(const struct changes *changes, struct store_writes *out)
{
    struct pg_array *a = STORE_ADD(out, SAVE_MEMBERS, PG_UUID, PG_UUID);
    for (size_t i = 0; i < changes->members.count; i++) {
        const struct member_change *change = &changes->members.items[i];
        if (!change->linked)
            continue;
        pg_array_key(&a[0], change->subject);
        pg_array_key(&a[1], change->person);
    }
    a = STORE_ADD(out, DELETE_MEMBERS, PG_UUID);
    for (size_t i = 0; i < changes->members.count; i++)
        if (!changes->members.items[i].linked)
            pg_array_key(&a[0], changes->members.items[i].subject);
}

static void encode_carriers(const struct changes *changes, struct store_writes *out)
{
    struct pg_array *a = STORE_ADD(out, SAVE_CARRIERS, PG_UUID, PG_UUID, PG_BOOL, PG_INT8, PG_UUID);
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
    a = STORE_ADD(out, DELETE_CARRIERS, PG_UUID, PG_UUID);
    for (size_t i = 0; i < changes->carriers.count; i++)
        if (!changes->carriers.items[i].carries) {
            pg_array_key(&a[0], changes->carriers.items[i].identifier);
            pg_array_key(&a[1], changes->carriers.items[i].carrier.subject);
        }
}

static void put_cell(struct pg_array *a, const struct fold *fold, const struct cell *cell)
{
    pg_array_text(&a[0], scope_names[cell->scope]);
    pg_array_text(&a[1], store_training(fold, cell->training));
    pg_array_text(&a[2], store_wave(fold, cell->wave));
    pg_array_int4(&a[3], cell->year);
    pg_array_text(&a[4], fold_value(fold, cell->scope, cell->value));
    pg_array_text(&a[5], fold_text(fold, cell->unit));
    pg_array_text(&a[6], fold_text(fold, cell->study_group));
}

#define CELL_TYPES PG_TEXT, PG_TEXT, PG_TEXT, PG_INT4, PG_TEXT, PG_TEXT, PG_TEXT
#define CELL_COLUMNS 7
#define THREE_AMOUNTS PG_INT8, PG_INT8, PG_INT8

static bool tally_counts(const struct tally_change *change)
{
    bool any = false;
    for (int column = 0; column < TALLY_COLUMNS; column++)
        any |= change->delta[column] != 0;
    return any;
}

static void encode_tallies(const struct fold *fold, const struct changes *changes,
                           struct store_writes *out)
{
    struct pg_array *a = STORE_ADD(out, SAVE_TALLIES, CELL_TYPES, PG_INT8, PG_INT8, THREE_AMOUNTS,
                                   THREE_AMOUNTS, THREE_AMOUNTS, THREE_AMOUNTS, THREE_AMOUNTS);
    for (size_t i = 0; i < changes->tallies.count; i++) {
        const struct tally_change *change = &changes->tallies.items[i];
        if (!tally_counts(change))
            continue;
        put_cell(a, fold, &change->cell);
        for (int column = 0; column < TALLY_COLUMNS; column++)
            pg_array_int8(&a[CELL_COLUMNS + column], change->delta[column]);
    }
}

static void encode_deadlines(const struct fold *fold, const struct changes *changes,
                             struct store_writes *out)
{
    struct pg_array *a = STORE_ADD(out, SAVE_DEADLINES, PG_TEXT, PG_TEXT, PG_TEXT, PG_DATE, PG_DATE,
                                   PG_INT4, PG_INT8);
    for (size_t i = 0; i < changes->deadlines.count; i++) {
        const struct deadline_change *change = &changes->deadlines.items[i];
        const struct deadline *deadline = &change->deadline;
        if (change->delta == 0)
            continue;
        pg_array_text(&a[0], store_training(fold, deadline->training));
        pg_array_text(&a[1], store_wave(fold, deadline->wave));
        pg_array_text(&a[2], fold_text(fold, deadline->unit));
        pg_array_date(&a[3], deadline->day_0);
        pg_array_date(&a[4], deadline->completed_on);
        pg_array_int4(&a[5], deadline->lectures);
        pg_array_int8(&a[6], change->delta);
    }
}

static void encode_moments(const struct fold *fold, const struct changes *changes,
                           struct store_writes *out)
{
    struct pg_array *a = STORE_ADD(out, SAVE_MOMENTS, PG_TEXT, PG_TEXT, PG_TIMESTAMPTZ, PG_INT8,
                                   PG_INT8, PG_INT8, PG_INT8);
    for (size_t i = 0; i < changes->moments.count; i++) {
        const struct moment_change *change = &changes->moments.items[i];
        bool any = false;
        for (int column = 0; column < MOMENT_COLUMNS; column++)
            any |= change->delta[column] != 0;
        if (!any)
            continue;
        pg_array_text(&a[0], store_training(fold, change->moment.training));
        pg_array_text(&a[1], store_wave(fold, change->moment.wave));
        pg_array_instant(&a[2], change->moment.began_at);
        for (int column = 0; column < MOMENT_COLUMNS; column++)
            pg_array_int8(&a[3 + column], change->delta[column]);
    }
}

static void put_issue_key(struct pg_array *a, const struct fold *fold, const struct issue *issue)
{
    pg_array_text(&a[0], issue_name(issue->kind));
    pg_array_key(&a[1], issue->subject);
    pg_array_text(&a[2], fold_text(fold, issue->wave_code));
    pg_array_text(&a[3], fold_text(fold, issue->unit));
}

static void encode_issues(const struct fold *fold, const struct changes *changes,
                          struct store_writes *out)
{
    struct pg_array *a = STORE_ADD(out, DELETE_ISSUES, PG_TEXT, PG_UUID, PG_TEXT, PG_TEXT);
    for (size_t i = 0; i < changes->issues.count; i++)
        if (changes->issues.items[i].before && !changes->issues.items[i].after)
            put_issue_key(a, fold, &changes->issues.items[i].issue);
    a = STORE_ADD(out, SAVE_ISSUES, PG_TEXT, PG_UUID, PG_TEXT, PG_TEXT, PG_INT8, PG_TEXT, PG_TEXT,
                  PG_TEXT, PG_INT8);
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
}

static void encode_unmapped(const struct changes *changes, struct store_writes *out)
{
    struct pg_array *a = STORE_ADD(out, SAVE_UNMAPPED, PG_TEXT, PG_TEXT, PG_TEXT);
    for (size_t i = 0; i < changes->unmapped.count; i++) {
        const struct unmapped_change *change = &changes->unmapped.items[i];
        pg_array_text(&a[0], change->is_wave ? "wave" : "course");
        pg_array_text(&a[1], change->source);
        pg_array_text(&a[2], change->code);
        store_put_changed(out, "", STORE_NO_UNIT, false);
    }
}

void store_encode_batch(const struct changes *changes, const struct store_batch *batch,
                        struct store_writes *out)
{
    encode_unmapped(changes, out);
    store_encode_entities(changes, batch, out);
}

void store_encode(struct store *store, const struct fold *fold, const struct changes *changes,
                  struct store_writes *out)
{
    encode_states(store, fold, changes, out);
    encode_erased(fold, changes, out);
    encode_members(changes, out);
    encode_carriers(changes, out);
    encode_issues(fold, changes, out);
    encode_deadlines(fold, changes, out);
    encode_moments(fold, changes, out);
    store_encode_activity(fold, changes, out);
    encode_tallies(fold, changes, out);
    store_encode_changed(&store->changed, fold, changes, out);
}
