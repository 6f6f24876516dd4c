#include "share.h"

#include <stdlib.h>

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return (x ^ (x >> 31)) | 1U;
}

static uint64_t two(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

uint64_t share_hash(const struct share *s)
{
    uint64_t hash = mix(two((uint32_t)s->kind, s->wave)) * 3 + mix(two(s->unit, s->detail)) * 5;
    if (s->kind == SHARE_TALLY)
        hash += s->of.measures;
    else if (s->kind == SHARE_ISSUE)
        hash += (uint64_t)s->of.name;
    else
        hash += mix(two((uint32_t)s->of.deadline.day_0, (uint32_t)s->of.deadline.completed_on)) +
                mix((uint32_t)s->of.deadline.lectures) * 7;
    return mix(hash);
}

/* Deadlines ---------------------------------------------------------------------------------------------------------------- */

void due_calendar_release(struct due_calendar *calendar)
{
    free(calendar->due);
    free(calendar->numbers);
    *calendar = (struct due_calendar){.first = 0};
}

enum deadline_state deadline_state_of(const struct share *share,
                                      const struct due_calendar *calendar, int32_t *due)
{
    int32_t day_0 = share->of.deadline.day_0, completed = share->of.deadline.completed_on;
    int64_t at = (int64_t)day_0 - calendar->first;
    bool covered = day_0 != NEVER && at >= 0 && at < (int64_t)calendar->count;
    *due = covered ? calendar->due[at] : NEVER;
    if (calendar->completion_unknown && (day_0 != NEVER || completed != NEVER))
        return DEADLINE_NOT_COMPUTABLE;
    if (day_0 == NEVER)
        return completed == NEVER ? DEADLINE_NOT_BEGUN : DEADLINE_ON_TIME;
    if (*due == NEVER)
        return DEADLINE_NOT_COMPUTABLE;
    if (completed != NEVER)
        return completed <= *due ? DEADLINE_ON_TIME : DEADLINE_LATE;
    if (calendar->today > *due)
        return DEADLINE_OVERDUE;
    if (calendar->lectures < 0)
        return DEADLINE_IN_TIME;
    if (calendar->today_number < 0)
        return DEADLINE_NOT_COMPUTABLE;
    return share->of.deadline.lectures < calendar->today_number - calendar->numbers[at]
               ? DEADLINE_AT_RISK
               : DEADLINE_IN_TIME;
}

/* Sums --------------------------------------------------------------------------------------------------------------------- */

static bool has_unit(const struct share_query *query, uint32_t unit)
{
    for (size_t i = 0; i < query->unit_count; i++)
        if (query->units[i] == unit)
            return true;
    return query->any_unit;
}

static bool has_name(const struct share_query *query, int side, int64_t name)
{
    size_t low = 0, high = query->name_count[side];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (query->names[side][middle] < name)
            low = middle + 1;
        else
            high = middle;
    }
    return low < query->name_count[side] && query->names[side][low] == name;
}

static bool counts(const struct share_query *query, int side, const struct share *share)
{
    /* A fault without a wave belongs to every wave; a tally without one is of the training. */
    bool of_none = share->wave == 0, tally = query->kind == SHARE_TALLY;
    bool wave = tally && (of_none || query->of_training)
                    ? of_none && query->of_training
                    : query->any_wave || query->wave == share->wave ||
                          (query->kind == SHARE_ISSUE && of_none);
    bool detail = query->any_detail ? query->kind != SHARE_ISSUE || share->detail != ISSUE_NO_ACCOUNT
                                    : query->detail == share->detail;
    return query->kind == share->kind && wave && detail && has_unit(query, share->unit) &&
           (!query->named || has_name(query, side, share->of.name));
}

static uint64_t tally(const struct share_query *query, uint32_t measures)
{
    uint64_t sum = 0;
    if (query->not_passed) /* who is listed and has passed adds one and takes it away */
        return ((measures & BIT(REGISTERED)) ? 1U : 0U) - (uint64_t)((measures & BIT(PASSED)) != 0);
    for (uint32_t bit = 0; bit < MEASURE_COUNT; bit++)
        if (measures & query->measures & 1U << bit)
            sum += mix(bit);
    return sum;
}

static uint64_t deadline(const struct share_query *query, const struct share *share)
{
    int32_t due;
    enum deadline_state state = deadline_state_of(share, query->calendar, &due);
    if (query->uncovered)
        return share->of.deadline.day_0 != NEVER && due == NEVER;
    if (!(query->states & 1U << state))
        return 0;
    return query->next_due ? mix((uint32_t)due) : 1;
}

uint64_t shares_sum(const struct share_query *query, int side, const struct share *shares,
                    size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        if (counts(query, side, &shares[i]))
            sum += query->kind == SHARE_TALLY      ? tally(query, shares[i].of.measures)
                   : query->kind == SHARE_DEADLINE ? deadline(query, &shares[i])
                                                   : 1;
    return sum;
}
