/* Rows of table activity: loading the changed ones that are not resident, and writing them whole. */
#include <stdlib.h>

#include "store_sql.h"

#define KEY_TYPES PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_TEXT, PG_DATE

static void put_key(struct pg_array *a, const struct fold *fold, const struct activity_row *row)
{
    pg_array_text(&a[0], scope_names[row->key.scope]);
    pg_array_text(&a[1], store_training(fold, row->key.training));
    pg_array_text(&a[2], store_wave(fold, row->key.wave));
    pg_array_text(&a[3], fold_value(fold, row->key.scope, row->key.value));
    pg_array_text(&a[4], fold_text(fold, row->key.unit));
    pg_array_date(&a[5], activity_month_begin(row->month));
}

/* Loading ---------------------------------------------------------------------------------------------------------------- */

static bool add_stored(struct activity_row *row, const struct pg_rows *rows, size_t at,
                       struct error *err)
{
    for (int column = 0; column < ACTIVITY_COLUMNS; column++) {
        int32_t counts[MONTH_DAYS];
        const char *value = pg_rows_value(rows, at, (size_t)column + 1);
        if (!value)
            continue;
        size_t count = pg_read_int4_array(value, pg_rows_length(rows, at, (size_t)column + 1),
                                          counts, MONTH_DAYS);
        if (count == SIZE_MAX)
            return error_set(err, ERROR_STATE, false,
                             "a row of table activity is damaged: restore it or replay");
        for (size_t i = 0; i < count; i++)
            row->counts[column][i] += counts[i];
    }
    row->stored = true;
    return true;
}

bool store_load_activity(struct store *store, struct pg *pg, struct fold *fold, struct error *err)
{
    struct activity *activity = fold_activity(fold);
    struct pg_parameter parameters[ARRAY_LEN(store->keys)];
    size_t wanted = 0;
    for (size_t i = 0; i < ARRAY_LEN(store->keys); i++)
        pg_array_start(&store->keys[i], i == ARRAY_LEN(store->keys) - 1 ? PG_DATE : PG_TEXT);
    /* The wanted rows come first, so that a row's place is its number among the keys. */
    for (size_t i = 0; i < activity->changed_count; i++) {
        struct activity_row *row = activity->changed[i];
        if (row->loaded)
            continue;
        put_key(store->keys, fold, row);
        activity->changed[i] = activity->changed[wanted];
        activity->changed[wanted++] = row;
    }
    if (wanted == 0)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(store->keys); i++)
        parameters[i] = pg_array_parameter(&store->keys[i]);
    struct pg_rows *rows =
        pg_query_binary(pg, store->sql[LOAD_ACTIVITY], ARRAY_LEN(store->keys), parameters, err);
    bool ok = rows != NULL;
    for (size_t i = 0; ok && i < pg_rows_count(rows); i++) {
        size_t place = (uint32_t)pg_read_int4(pg_rows_value(rows, i, 0));
        if (place < wanted)
            ok = add_stored(activity->changed[place], rows, i, err);
    }
    pg_rows_free(rows);
    if (ok)
        activity_loaded(activity);
    return ok;
}

/* Writing ---------------------------------------------------------------------------------------------------------------- */

static int64_t sum_of(const struct activity_row *row, enum activity_column column)
{
    int64_t sum = 0;
    for (int i = 0; i < MONTH_DAYS; i++)
        sum += row->counts[column][i];
    return sum;
}

/* The row's arrays go into the last parameter, one after the other; columns of zeros are left out, and of a stored row those that stay
 * as they are. */
static void put_row(struct pg_array *a, const struct fold *fold, const struct activity_row *row)
{
    int days = activity_month_days(row->month);
    put_key(a, fold, row);
    pg_array_int4(&a[6], days);
    pg_array_int8(&a[7], sum_of(row, ACTIVITY_CHANGE_7));
    pg_array_int8(&a[8], sum_of(row, ACTIVITY_CHANGE_30));
    for (int column = 0; column < ACTIVITY_COLUMNS; column++) {
        bool stays = row->stored && !((row->columns >> column) & 1U);
        bool zero = stays || activity_column_is_zero(row, (enum activity_column)column);
        pg_array_int4(&a[9 + column], stays ? -1 : zero ? 0 : (int32_t)a[16].count + 1);
        for (int i = 0; i < days && !zero; i++)
            pg_array_int4(&a[16], row->counts[column][i]);
    }
}

#define SEVEN_PLACES PG_INT4, PG_INT4, PG_INT4, PG_INT4, PG_INT4, PG_INT4, PG_INT4
#define ROW_TYPES KEY_TYPES, PG_INT4, PG_INT8, PG_INT8, SEVEN_PLACES, PG_INT4

void store_encode_activity(const struct fold *fold, const struct changes *changes,
                           struct store_writes *out)
{
    const struct activity *activity = &changes->activity;
    for (size_t i = 0; i < activity->changed_count; i++) {
        const struct activity_row *row = activity->changed[i];
        if (!activity_is_zero(row))
            put_row(STORE_ADD(out, row->stored ? UPDATE_ACTIVITY : INSERT_ACTIVITY, ROW_TYPES),
                    fold, row);
        else if (row->stored)
            put_key(STORE_ADD(out, DELETE_ACTIVITY, KEY_TYPES), fold, row);
    }
}
