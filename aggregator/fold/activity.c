#include "activity.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/clock.h"

#define ROW_BYTES (sizeof(struct activity_row) + 16 + 2 * sizeof(void *) + 3 * sizeof(struct slot))

/* One element of one array of one month. */
struct day_change {
    int32_t day;
    int32_t column;
    int64_t amount;
};

void activity_release(struct activity *a)
{
    for (size_t i = 0; i < a->row_count; i++)
        free(a->rows[i]);
    free(a->rows);
    free(a->changed);
    free(a->before);
    free(a->after);
    slots_release(&a->index);
    memset(a, 0, sizeof(*a));
}

void activity_start_batch(struct activity *a, uint32_t batch)
{
    a->batch = batch;
    a->changed_count = 0;
}

/* Rows ------------------------------------------------------------------------------------------------------------------- */

struct row_key {
    const struct activity_key *key;
    int32_t month;
};

static uint64_t hash_of(const struct activity_key *key, int32_t month)
{
    uint64_t hash = mix((uint64_t)key->scope << 32 | (uint32_t)key->training,
                        (uint64_t)(uint32_t)key->wave << 32 | key->value);
    return mix(hash, (uint64_t)key->unit << 32 | (uint32_t)month);
}

static bool is_row(const void *items, size_t index, const void *wanted)
{
    const struct activity_row *row = ((struct activity_row *const *)items)[index];
    const struct row_key *key = wanted;
    return row->month == key->month && memcmp(&row->key, key->key, sizeof(row->key)) == 0;
}

static struct activity_row *find_row(const struct activity *a, const struct activity_key *key,
                                     int32_t month)
{
    struct row_key wanted = {key, month};
    size_t at = slots_find(&a->index, hash_of(key, month), is_row, a->rows, &wanted);
    return at == SIZE_MAX ? NULL : a->rows[at];
}

/* The row, noted as changed by this batch. */
static struct activity_row *changed_row(struct activity *a, const struct activity_key *key,
                                        int32_t month)
{
    struct activity_row *row = find_row(a, key, month);
    if (!row) {
        row = must_have(calloc(1, sizeof(*row)));
        row->key = *key;
        row->month = month;
        a->rows = array_room(a->rows, a->row_count, &a->row_capacity, sizeof(*a->rows));
        a->rows[a->row_count] = row;
        slots_add(&a->index, hash_of(key, month), a->row_count++);
    }
    if (row->batch != a->batch) {
        row->batch = a->batch;
        row->columns = 0;
        a->changed =
            array_room(a->changed, a->changed_count, &a->changed_capacity, sizeof(*a->changed));
        a->changed[a->changed_count++] = row;
    }
    return row;
}

void activity_loaded(struct activity *a)
{
    for (size_t i = 0; i < a->changed_count; i++)
        a->changed[i]->loaded = true;
}

bool activity_column_is_zero(const struct activity_row *row, enum activity_column column)
{
    for (int i = 0; i < MONTH_DAYS; i++)
        if (row->counts[column][i])
            return false;
    return true;
}

bool activity_is_zero(const struct activity_row *row)
{
    for (int column = 0; column < ACTIVITY_COLUMNS; column++)
        if (!activity_column_is_zero(row, (enum activity_column)column))
            return false;
    return true;
}

int32_t activity_month_begin(int32_t month)
{
    int year = month >= 0 ? month / 12 : -((11 - month) / 12);
    return clock_day_from_civil(1970 + year, (int)(month - year * 12) + 1, 1);
}

int activity_month_days(int32_t month)
{
    return activity_month_begin(month + 1) - activity_month_begin(month);
}

/* Changes ---------------------------------------------------------------------------------------------------------------- */

static void add_change(struct day_change **changes, size_t *count, size_t *capacity, int32_t day,
                       enum activity_column column, int64_t amount)
{
    *changes = array_room(*changes, *count, capacity, sizeof(**changes));
    (*changes)[(*count)++] = (struct day_change){day, (int32_t)column, amount};
}

/* What a contribution is to the arrays, by column and then day, each cell once. */
static void expand(const struct contributed_activity *c, const struct active_day *days,
                   struct day_change **out, size_t *count, size_t *capacity)
{
    static const int32_t lengths[] = {7, 30};
    *count = 0;
    if (!c)
        return;
    for (size_t i = 0; i < c->count; i++)
        add_change(out, count, capacity, days[i].day, ACTIVITY_ACTIVE, 1);
    for (size_t w = 0; w < ARRAY_LEN(lengths); w++) {
        enum activity_column column = (enum activity_column)(ACTIVITY_CHANGE_7 + w);
        int32_t end = days[0].day; /* of the interval so far, exclusive */
        for (size_t i = 0; i < c->count; i++) {
            if (i == 0 || days[i].day > end) {
                if (i)
                    add_change(out, count, capacity, end, column, -1);
                add_change(out, count, capacity, days[i].day, column, 1);
            }
            end = days[i].day + lengths[w];
        }
        add_change(out, count, capacity, end, column, -1);
    }
    add_change(out, count, capacity, days[0].day, ACTIVITY_NEW_PARTICIPANTS, 1);
    for (size_t i = 0; i < c->count; i++)
        if (days[i].exams_sat)
            add_change(out, count, capacity, days[i].day, ACTIVITY_EXAMS_SAT, days[i].exams_sat);
    for (size_t i = 0; i < c->count; i++)
        if (days[i].exams_passed)
            add_change(out, count, capacity, days[i].day, ACTIVITY_EXAMS_PASSED,
                       days[i].exams_passed);
    if (c->passed_on != NEVER)
        add_change(out, count, capacity, c->passed_on, ACTIVITY_NEWLY_PASSED, 1);
}

/* Where changes go: rows are looked up once per month in a row. */
struct target {
    struct activity *activity;
    const struct activity_key *key;
    struct activity_row *row;
    int32_t begin, end; /* days of the row's month */
};

static void apply(struct target *to, int32_t day, int32_t column, int64_t amount)
{
    if (!to->row || day < to->begin || day >= to->end) {
        int year, month, day_of_month;
        clock_civil_from_day(day, &year, &month, &day_of_month);
        int32_t index = (year - 1970) * 12 + month - 1;
        to->row = changed_row(to->activity, to->key, index);
        to->begin = day - (day_of_month - 1);
        to->end = activity_month_begin(index + 1);
    }
    to->row->counts[column][day - to->begin] += (int32_t)amount;
    to->row->columns |= 1U << column;
}

static int compare_changes(const struct day_change *a, const struct day_change *b)
{
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return (a->day > b->day) - (a->day < b->day);
}

void activity_change(struct activity *a, const struct contributed_activity *before,
                     const struct active_day *days_before, const struct contributed_activity *after,
                     const struct active_day *days_after)
{
    expand(before, days_before, &a->before, &a->before_count, &a->before_capacity);
    expand(after, days_after, &a->after, &a->after_count, &a->after_capacity);
    struct target to = {a, before ? &before->key : &after->key, NULL, 0, 0};
    size_t i = 0, k = 0;
    while (i < a->before_count || k < a->after_count) {
        int order = i == a->before_count  ? 1
                    : k == a->after_count ? -1
                                          : compare_changes(&a->before[i], &a->after[k]);
        if (order < 0) {
            apply(&to, a->before[i].day, a->before[i].column, -a->before[i].amount);
            i++;
        } else if (order > 0) {
            apply(&to, a->after[k].day, a->after[k].column, a->after[k].amount);
            k++;
        } else {
            if (a->before[i].amount != a->after[k].amount)
                apply(&to, a->after[k].day, a->after[k].column,
                      a->after[k].amount - a->before[i].amount);
            i++;
            k++;
        }
    }
}

void activity_merge(struct activity *into, const struct activity *from)
{
    for (size_t i = 0; i < from->row_count; i++) {
        const struct activity_row *more = from->rows[i];
        struct activity_row *row = changed_row(into, &more->key, more->month);
        for (int column = 0; column < ACTIVITY_COLUMNS; column++)
            for (int day = 0; day < MONTH_DAYS; day++)
                row->counts[column][day] += more->counts[column][day];
        row->columns |= more->columns;
    }
}

/* Memory ----------------------------------------------------------------------------------------------------------------- */

size_t activity_bytes(const struct activity *a)
{
    return a->row_count * ROW_BYTES;
}

void activity_evict(struct activity *a, uint32_t batch, size_t bytes)
{
    for (size_t i = 0; i < a->row_count && activity_bytes(a) > bytes;) {
        struct activity_row *row = a->rows[i], *last = a->rows[a->row_count - 1];
        if (row->batch >= batch) {
            i++;
            continue;
        }
        slots_remove(&a->index, hash_of(&row->key, row->month), i);
        if (last != row) {
            slots_move(&a->index, hash_of(&last->key, last->month), a->row_count - 1, i);
            a->rows[i] = last;
        }
        a->row_count--;
        free(row);
    }
}
