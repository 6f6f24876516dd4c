#include "changes.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

/* Room for one more; the list's members are named, so a macro it is. */
#define APPEND(list, value)                                                                        \
    do {                                                                                           \
        (list).items =                                                                             \
            array_room((list).items, (list).count, &(list).capacity, sizeof(*(list).items));       \
        (list).items[(list).count++] = (value);                                                    \
    } while (0)

void changes_start(struct changes *c, uint32_t batch)
{
    c->tallies.count = c->deadlines.count = c->moments.count = c->issues.count = 0;
    c->states.count = c->members.count = c->carriers.count = 0;
    slots_clear(&c->tally_index);
    slots_clear(&c->deadline_index);
    slots_clear(&c->moment_index);
    slots_clear(&c->issue_index);
    slots_clear(&c->member_index);
    slots_clear(&c->carrier_index);
    activity_start_batch(&c->activity, batch);
    changes_next_batch(c, batch);
}

void changes_next_batch(struct changes *c, uint32_t batch)
{
    c->batch = batch;
    c->unmapped.count = c->entities.count = 0;
}

void changes_release(struct changes *c)
{
    free(c->tallies.items);
    free(c->deadlines.items);
    free(c->moments.items);
    free(c->issues.items);
    free(c->states.items);
    free(c->members.items);
    free(c->carriers.items);
    free(c->unmapped.items);
    free(c->entities.items);
    slots_release(&c->tally_index);
    slots_release(&c->deadline_index);
    slots_release(&c->moment_index);
    slots_release(&c->issue_index);
    slots_release(&c->member_index);
    slots_release(&c->carrier_index);
    activity_release(&c->activity);
    memset(c, 0, sizeof(*c));
}

/* Tallies ---------------------------------------------------------------------------------------------------------------- */

static uint64_t cell_hash(const struct cell *cell)
{
    uint64_t hash = mix((uint64_t)cell->scope << 32 | (uint32_t)cell->training,
                        (uint64_t)(uint32_t)cell->wave << 32 | (uint32_t)cell->year);
    return mix(mix(hash, (uint64_t)cell->unit << 32 | cell->study_group), cell->value);
}

static bool is_cell(const void *items, size_t index, const void *wanted)
{
    const struct tally_change *held = items;
    return memcmp(&held[index].cell, wanted, sizeof(struct cell)) == 0;
}

static struct tally_change *tally_of(struct changes *c, const struct cell *cell)
{
    uint64_t hash = cell_hash(cell);
    size_t at = slots_find(&c->tally_index, hash, is_cell, c->tallies.items, cell);
    if (at == SIZE_MAX) {
        struct tally_change fresh = {*cell, {0}};
        at = c->tallies.count;
        APPEND(c->tallies, fresh);
        slots_add(&c->tally_index, hash, at);
    }
    return &c->tallies.items[at];
}

static const struct contributed_cell nothing_contributed;

/* What `after` has more than `before`, two contributions to the cell. */
static void change_tally(struct changes *c, const struct cell *cell,
                         const struct contributed_cell *before, const struct contributed_cell *after)
{
    struct tally_change *tally = tally_of(c, cell);
    uint32_t differ = before->measures ^ after->measures;
    for (int measure = 0; measure < MEASURE_COUNT; measure++)
        if ((differ >> measure) & 1U)
            tally->delta[measure] += (after->measures >> measure) & 1U ? 1 : -1;
    tally->delta[TALLY_ATTEMPTS] += (int64_t)after->attempts - before->attempts;
    tally->delta[TALLY_ATTEMPTS_PASSED] += (int64_t)after->attempts_passed - before->attempts_passed;
    tally->delta[TALLY_SCORE_SUM] += (int64_t)after->score - before->score;
}

/* Deadlines -------------------------------------------------------------------------------------------------------------- */

static bool is_deadline(const void *items, size_t index, const void *wanted)
{
    const struct deadline_change *held = items;
    return memcmp(&held[index].deadline, wanted, sizeof(struct deadline)) == 0;
}

static struct deadline_change *deadline_of(struct changes *c, const struct deadline *deadline)
{
    uint64_t hash = mix((uint64_t)(uint32_t)deadline->training << 32 | (uint32_t)deadline->wave,
                        (uint64_t)deadline->unit << 32 | (uint32_t)deadline->day_0);
    hash = mix(hash, (uint64_t)(uint32_t)deadline->completed_on << 32 | (uint32_t)deadline->lectures);
    size_t at = slots_find(&c->deadline_index, hash, is_deadline, c->deadlines.items, deadline);
    if (at == SIZE_MAX) {
        struct deadline_change fresh = {*deadline, 0};
        at = c->deadlines.count;
        APPEND(c->deadlines, fresh);
        slots_add(&c->deadline_index, hash, at);
    }
    return &c->deadlines.items[at];
}

/* Five minutes ----------------------------------------------------------------------------------------------------------- */

static bool is_moment(const void *items, size_t index, const void *wanted)
{
    const struct moment_change *held = items;
    return memcmp(&held[index].moment, wanted, sizeof(struct moment)) == 0;
}

static struct moment_change *moment_of(struct changes *c, const struct moment *key)
{
    uint64_t hash =
        mix((uint64_t)(uint32_t)key->training << 32 | (uint32_t)key->wave, (uint64_t)key->began_at);
    size_t at = slots_find(&c->moment_index, hash, is_moment, c->moments.items, key);
    if (at == SIZE_MAX) {
        struct moment_change fresh = {*key, {0}};
        at = c->moments.count;
        APPEND(c->moments, fresh);
        slots_add(&c->moment_index, hash, at);
    }
    return &c->moments.items[at];
}

static void change_moment(struct changes *c, const struct contributed_moment *moment, int64_t sign)
{
    int64_t *delta = moment_of(c, &moment->moment)->delta;
    delta[MOMENT_FACTS] += sign * moment->facts;
    delta[MOMENT_LEARNERS] += sign;
    delta[MOMENT_EXAMS_SAT] += sign * moment->exams_sat;
    delta[MOMENT_EXAMS_PASSED] += sign * moment->exams_passed;
}

/* Issues ----------------------------------------------------------------------------------------------------------------- */

static bool is_issue(const void *items, size_t index, const void *wanted)
{
    const struct issue *a = &((const struct issue_change *)items)[index].issue, *b = wanted;
    return a->kind == b->kind && key128_equal(a->subject, b->subject) &&
           a->wave_code == b->wave_code && a->unit == b->unit;
}

static struct issue_change *issue_of(struct changes *c, const struct issue *issue)
{
    uint64_t hash =
        mix(mix(issue->subject.lo, issue->kind), (uint64_t)issue->wave_code << 32 | issue->unit);
    size_t at = slots_find(&c->issue_index, hash, is_issue, c->issues.items, issue);
    if (at == SIZE_MAX) {
        struct issue_change fresh = {*issue, *issue, false, false, c->batch, c->batch};
        at = c->issues.count;
        APPEND(c->issues, fresh);
        slots_add(&c->issue_index, hash, at);
    }
    return &c->issues.items[at];
}

/* Two rows of one list with the same key: the earlier row stands, whatever the order. What an earlier batch of the transaction left behind
 * is not what is stored: a later one takes it away and says anew what there is. */
static void issue_was(struct changes *c, const struct issue *issue)
{
    struct issue_change *change = issue_of(c, issue);
    if (change->first_batch == c->batch) {
        if (!change->before || issue->row < change->old.row)
            change->old = *issue;
        change->before = true;
    } else if (change->batch != c->batch) {
        change->after = false;
    }
    change->batch = c->batch;
}

void changes_add_issue(struct changes *c, const struct issue *issue)
{
    struct issue_change *change = issue_of(c, issue);
    if (!change->after || issue->row < change->issue.row)
        change->issue = *issue;
    change->after = true;
    change->batch = c->batch;
}

/* Contributions ---------------------------------------------------------------------------------------------------------- */

/* Lists of both are in one order: from the first place where the keys differ, all of the one goes and all of the other comes. */

static size_t at_most(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void replace_cells(struct changes *c, const struct contribution *before,
                          const struct contribution *after)
{
    size_t both = at_most(before->cells_count, after->cells_count), i = 0;
    for (; i < both; i++) {
        const struct contributed_cell *x = &before->cells[i], *y = &after->cells[i];
        if (memcmp(&x->cell, &y->cell, sizeof(x->cell)) != 0)
            break;
        if (memcmp(x, y, sizeof(*x)) != 0)
            change_tally(c, &x->cell, x, y);
    }
    for (size_t k = i; k < before->cells_count; k++)
        change_tally(c, &before->cells[k].cell, &before->cells[k], &nothing_contributed);
    for (size_t k = i; k < after->cells_count; k++)
        change_tally(c, &after->cells[k].cell, &nothing_contributed, &after->cells[k]);
}

static void replace_activities(struct changes *c, const struct contribution *before,
                               const struct contribution *after)
{
    size_t both = at_most(before->activities_count, after->activities_count), i = 0;
    for (; i < both; i++) {
        const struct contributed_activity *x = &before->activities[i], *y = &after->activities[i];
        if (memcmp(&x->key, &y->key, sizeof(x->key)) != 0)
            break;
        const struct active_day *was = before->days + x->first, *is = after->days + y->first;
        if (x->count != y->count || x->passed_on != y->passed_on ||
            memcmp(was, is, x->count * sizeof(*was)) != 0)
            activity_change(&c->activity, x, was, y, is);
    }
    for (size_t k = i; k < before->activities_count; k++)
        activity_change(&c->activity, &before->activities[k],
                        before->days + before->activities[k].first, NULL, NULL);
    for (size_t k = i; k < after->activities_count; k++)
        activity_change(&c->activity, NULL, NULL, &after->activities[k],
                        after->days + after->activities[k].first);
}

static void replace_deadlines(struct changes *c, const struct contribution *before,
                              const struct contribution *after)
{
    size_t bytes = before->deadlines_count * sizeof(struct deadline);
    if (before->deadlines_count == after->deadlines_count &&
        (bytes == 0 || memcmp(before->deadlines, after->deadlines, bytes) == 0))
        return;
    for (size_t i = 0; i < before->deadlines_count; i++)
        deadline_of(c, &before->deadlines[i])->delta--;
    for (size_t i = 0; i < after->deadlines_count; i++)
        deadline_of(c, &after->deadlines[i])->delta++;
}

static void replace_moments(struct changes *c, const struct contribution *before,
                            const struct contribution *after)
{
    for (size_t i = 0; i < before->moments_count; i++)
        change_moment(c, &before->moments[i], -1);
    for (size_t i = 0; i < after->moments_count; i++)
        change_moment(c, &after->moments[i], 1);
}

void changes_replace(struct changes *c, const struct contribution *before,
                     const struct contribution *after)
{
    static const struct contribution nothing;
    before = before ? before : &nothing;
    after = after ? after : &nothing;
    replace_cells(c, before, after);
    replace_activities(c, before, after);
    replace_deadlines(c, before, after);
    replace_moments(c, before, after);
    for (size_t i = 0; i < before->issues_count; i++)
        issue_was(c, &before->issues[i]);
    for (size_t i = 0; i < after->issues_count; i++)
        changes_add_issue(c, &after->issues[i]);
}

void changes_merge(struct changes *into, const struct changes *from)
{
    for (size_t i = 0; i < from->tallies.count; i++) {
        const struct tally_change *more = &from->tallies.items[i];
        struct tally_change *tally = tally_of(into, &more->cell);
        for (int column = 0; column < TALLY_COLUMNS; column++)
            tally->delta[column] += more->delta[column];
    }
    for (size_t i = 0; i < from->deadlines.count; i++)
        deadline_of(into, &from->deadlines.items[i].deadline)->delta +=
            from->deadlines.items[i].delta;
    for (size_t i = 0; i < from->moments.count; i++) {
        const struct moment_change *more = &from->moments.items[i];
        struct moment_change *moment = moment_of(into, &more->moment);
        for (int column = 0; column < MOMENT_COLUMNS; column++)
            moment->delta[column] += more->delta[column];
    }
    for (size_t i = 0; i < from->issues.count; i++)
        if (from->issues.items[i].after)
            changes_add_issue(into, &from->issues.items[i].issue);
    activity_merge(&into->activity, &from->activity);
}

bool issue_change_matters(const struct issue_change *change)
{
    const struct issue *a = &change->old, *b = &change->issue;
    if (change->before != change->after)
        return true;
    return change->after && (a->name != b->name || a->source != b->source || a->file != b->file ||
                             a->sheet != b->sheet || a->row != b->row);
}

void changes_add_state(struct changes *c, const struct subject *subject, const struct dossier *dossier)
{
    struct state_change change = {subject, dossier};
    APPEND(c->states, change);
}

static bool is_member(const void *items, size_t index, const void *wanted)
{
    const struct member_change *held = items;
    return key128_equal(held[index].subject, *(const struct key128 *)wanted);
}

void changes_add_member(struct changes *c, const struct member_change *member)
{
    uint64_t hash = member->subject.lo;
    size_t at = slots_find(&c->member_index, hash, is_member, c->members.items, &member->subject);
    if (at != SIZE_MAX) {
        c->members.items[at] = *member;
        return;
    }
    slots_add(&c->member_index, hash, c->members.count);
    APPEND(c->members, *member);
}

static bool is_carrier(const void *items, size_t index, const void *wanted)
{
    const struct carrier_change *held = (const struct carrier_change *)items + index, *b = wanted;
    return key128_equal(held->identifier, b->identifier) &&
           key128_equal(held->carrier.subject, b->carrier.subject);
}

void changes_add_carrier(struct changes *c, const struct carrier_change *carrier)
{
    /* An account carries itself: the two keys must not cancel out. */
    uint64_t hash = mix(mix(carrier->identifier.lo, 1), carrier->carrier.subject.lo);
    size_t at = slots_find(&c->carrier_index, hash, is_carrier, c->carriers.items, carrier);
    if (at != SIZE_MAX) {
        c->carriers.items[at] = *carrier;
        return;
    }
    slots_add(&c->carrier_index, hash, c->carriers.count);
    APPEND(c->carriers, *carrier);
}

void changes_add_unmapped(struct changes *c, bool is_wave, const char *source, const char *code)
{
    for (size_t i = c->unmapped.count; i > 0 && i + 32 > c->unmapped.count; i--) {
        const struct unmapped_change *held = &c->unmapped.items[i - 1];
        if (held->is_wave == is_wave && strcmp(held->code, code) == 0 &&
            strcmp(held->source, source) == 0)
            return;
    }
    struct unmapped_change change = {is_wave, source, code};
    APPEND(c->unmapped, change);
}

void changes_add_entity(struct changes *c, const struct event *event)
{
    struct entity_change change = {event->entity_key, event};
    APPEND(c->entities, change);
}
