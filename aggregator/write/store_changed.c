/* Whose figures a transaction changes: pairs of training and unit, each once, for table pulse.changed. */
#include <stdlib.h>

#include "../../common/allocate.h"
#include "store_sql.h"

/* What a fact of a learner beyond the lists raises: with the first of them a training has data. */
static const enum measure fact_measures[] = {
    MEASURE_ACCOUNTS, MEASURE_ENROLLED,  MEASURE_PARTICIPATED,  MEASURE_COMPLETED,
    MEASURE_SAT,      MEASURE_CERTIFIED, MEASURE_NOT_REGISTERED};

/* Not the number of a text. */
#define NO_UNIT UINT32_MAX

static bool is_pair(const void *items, size_t index, const void *key)
{
    const struct changed_pair *a = (const struct changed_pair *)items + index, *b = key;
    return a->training == b->training && a->unit == b->unit;
}

static void add(struct changed_pairs *pairs, int32_t training, uint32_t unit, bool facts)
{
    struct changed_pair pair = {training, unit, facts};
    uint64_t hash = mix(mix(0, (uint32_t)training), unit);
    size_t at = slots_find(&pairs->index, hash, is_pair, pairs->items, &pair);
    if (at != SIZE_MAX) {
        pairs->items[at].facts |= facts;
        return;
    }
    pairs->items = array_room(pairs->items, pairs->count, &pairs->capacity, sizeof(*pairs->items));
    slots_add(&pairs->index, hash, pairs->count);
    pairs->items[pairs->count++] = pair;
}

static void add_tally(struct changed_pairs *pairs, const struct tally_change *change)
{
    bool any = false, facts = false;
    for (int column = 0; column < TALLY_COLUMNS; column++)
        any |= change->delta[column] != 0;
    for (size_t i = 0; i < ARRAY_LEN(fact_measures); i++)
        facts |= change->delta[fact_measures[i]] > 0;
    if (any)
        add(pairs, change->cell.training, change->cell.unit, facts);
}

static void add_all(struct changed_pairs *pairs, const struct changes *changes)
{
    for (size_t i = 0; i < changes->tallies.count; i++)
        add_tally(pairs, &changes->tallies.items[i]);
    for (size_t i = 0; i < changes->activity.changed_count; i++) {
        const struct activity_key *key = &changes->activity.changed[i]->key;
        bool of_units = key->scope != SCOPE_PLATFORM && key->scope != SCOPE_AUDIENCE;
        add(pairs, key->training, of_units ? key->unit : NO_UNIT, false);
    }
    for (size_t i = 0; i < changes->deadlines.count; i++)
        if (changes->deadlines.items[i].delta != 0)
            add(pairs, changes->deadlines.items[i].deadline.training,
                changes->deadlines.items[i].deadline.unit, false);
    for (size_t i = 0; i < changes->moments.count; i++)
        add(pairs, changes->moments.items[i].moment.training, NO_UNIT, false);
    /* An issue is of no training. One of no unit stands where the rows without unit do. */
    for (size_t i = 0; i < changes->issues.count; i++)
        if (issue_change_matters(&changes->issues.items[i]))
            add(pairs, RULES_NONE, changes->issues.items[i].issue.unit, false);
}

void store_put_changed(struct store_writes *out, const char *training, const char *unit, bool facts)
{
    struct pg_array *a = STORE_ADD(out, MARK_CHANGED, PG_TEXT, PG_TEXT, PG_BOOL);
    pg_array_text(&a[0], training);
    pg_array_text(&a[1], unit);
    pg_array_bool(&a[2], facts);
}

void store_encode_changed(struct changed_pairs *pairs, const struct fold *fold,
                          const struct changes *changes, struct store_writes *out)
{
    pairs->count = 0;
    slots_clear(&pairs->index);
    add_all(pairs, changes);
    for (size_t i = 0; i < pairs->count; i++) {
        const struct changed_pair *pair = &pairs->items[i];
        store_put_changed(out, store_training(fold, pair->training),
                          pair->unit == NO_UNIT ? STORE_NO_UNIT : fold_text(fold, pair->unit),
                          pair->facts);
    }
}

void changed_pairs_release(struct changed_pairs *pairs)
{
    free(pairs->items);
    slots_release(&pairs->index);
}
