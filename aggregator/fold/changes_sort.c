/* Changes in the order of their tables' keys, more or less: neighbours in an index are then written one after the other, which finds the
 * same pages in memory's nearest caches. Nothing depends on it but time. */
#include "changes.h"

#include <stdlib.h>

#include "people.h"

static int order_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_states(const void *a, const void *b)
{
    const struct state_change *x = a, *y = b;
    int order = key128_compare(x->subject->key, y->subject->key);
    return order ? order : order_of(x->dossier->training, y->dossier->training);
}

static int compare_members(const void *a, const void *b)
{
    const struct member_change *x = a, *y = b;
    return key128_compare(x->subject, y->subject);
}

static int compare_carriers(const void *a, const void *b)
{
    const struct carrier_change *x = a, *y = b;
    int order = key128_compare(x->identifier, y->identifier);
    return order ? order : key128_compare(x->carrier.subject, y->carrier.subject);
}

static int compare_issues(const void *a, const void *b)
{
    const struct issue *x = &((const struct issue_change *)a)->issue;
    const struct issue *y = &((const struct issue_change *)b)->issue;
    int order = order_of(x->kind, y->kind);
    return order ? order : key128_compare(x->subject, y->subject);
}

static int compare_tallies(const void *a, const void *b)
{
    const struct cell *x = &((const struct tally_change *)a)->cell;
    const struct cell *y = &((const struct tally_change *)b)->cell;
    int order = order_of(x->scope, y->scope);
    order = order ? order : order_of(x->training, y->training);
    order = order ? order : order_of(x->wave, y->wave);
    order = order ? order : order_of(x->value, y->value);
    return order ? order : order_of(x->unit, y->unit);
}

static int compare_deadlines(const void *a, const void *b)
{
    const struct deadline *x = &((const struct deadline_change *)a)->deadline;
    const struct deadline *y = &((const struct deadline_change *)b)->deadline;
    int order = order_of(x->training, y->training);
    order = order ? order : order_of(x->wave, y->wave);
    order = order ? order : order_of(x->unit, y->unit);
    order = order ? order : order_of(x->day_0, y->day_0);
    return order ? order : order_of(x->completed_on, y->completed_on);
}

static int compare_activities(const void *a, const void *b)
{
    const struct activity_row *x = *(const struct activity_row *const *)a;
    const struct activity_row *y = *(const struct activity_row *const *)b;
    int order = order_of(x->key.scope, y->key.scope);
    order = order ? order : order_of(x->key.training, y->key.training);
    order = order ? order : order_of(x->key.wave, y->key.wave);
    order = order ? order : order_of(x->key.unit, y->key.unit);
    return order ? order : order_of(x->month, y->month);
}

#define SORT(list, compare)                                                                        \
    do {                                                                                           \
        if ((list).count)                                                                          \
            qsort((list).items, (list).count, sizeof(*(list).items), compare);                     \
    } while (0)

void changes_sort(struct changes *c)
{
    SORT(c->states, compare_states);
    SORT(c->members, compare_members);
    SORT(c->carriers, compare_carriers);
    SORT(c->issues, compare_issues);
    SORT(c->tallies, compare_tallies);
    SORT(c->deadlines, compare_deadlines);
    if (c->activity.changed_count)
        qsort(c->activity.changed, c->activity.changed_count, sizeof(struct activity_row *),
              compare_activities);
}
