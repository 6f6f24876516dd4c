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

void changes_clear(struct changes *c)
{
    c->tallies.count = c->issues.count = c->states.count = c->members.count = 0;
    c->carriers.count = c->unmapped.count = c->entities.count = 0;
    if (c->tally_slots)
        memset(c->tally_slots, 0, c->tally_slot_count * sizeof(uint32_t));
    if (c->issue_slots)
        memset(c->issue_slots, 0, c->issue_slot_count * sizeof(uint32_t));
    key_table_clear(&c->entity_index);
}

void changes_release(struct changes *c)
{
    free(c->tallies.items);
    free(c->issues.items);
    free(c->states.items);
    free(c->members.items);
    free(c->carriers.items);
    free(c->unmapped.items);
    free(c->entities.items);
    free(c->tally_slots);
    free(c->issue_slots);
    key_table_clear(&c->entity_index);
    memset(c, 0, sizeof(*c));
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
    return hash ^ (hash >> 29);
}

static uint64_t cell_hash(const struct cell *cell)
{
    uint64_t hash = mix((uint64_t)cell->scope, (uint32_t)cell->training);
    hash = mix(hash, (uint32_t)cell->wave);
    hash = mix(hash, (uint32_t)cell->year);
    return mix(hash, (uint64_t)cell->unit << 32 | cell->study_group);
}

static bool cell_equal(const struct cell *a, const struct cell *b)
{
    return a->scope == b->scope && a->training == b->training && a->wave == b->wave &&
           a->year == b->year && a->unit == b->unit && a->study_group == b->study_group;
}

static void rehash_tallies(struct changes *c)
{
    c->tally_slot_count = c->tally_slot_count ? c->tally_slot_count * 2 : 256;
    free(c->tally_slots);
    c->tally_slots = must_have(calloc(c->tally_slot_count, sizeof(uint32_t)));
    for (size_t i = 0; i < c->tallies.count; i++) {
        size_t at = cell_hash(&c->tallies.items[i].cell) & (c->tally_slot_count - 1);
        while (c->tally_slots[at])
            at = (at + 1) & (c->tally_slot_count - 1);
        c->tally_slots[at] = (uint32_t)i + 1;
    }
}

static struct tally_change *tally_of(struct changes *c, const struct cell *cell)
{
    if (c->tallies.count * 2 >= c->tally_slot_count)
        rehash_tallies(c);
    size_t mask = c->tally_slot_count - 1, at = cell_hash(cell) & mask;
    for (; c->tally_slots[at]; at = (at + 1) & mask) {
        struct tally_change *held = &c->tallies.items[c->tally_slots[at] - 1];
        if (cell_equal(&held->cell, cell))
            return held;
    }
    struct tally_change fresh = {*cell, {0}};
    APPEND(c->tallies, fresh);
    c->tally_slots[at] = (uint32_t)c->tallies.count;
    return &c->tallies.items[c->tallies.count - 1];
}

static uint64_t issue_hash(const struct issue *issue)
{
    return mix(mix(issue->subject.lo, issue->kind), (uint64_t)issue->wave_code << 32 | issue->unit);
}

static bool issue_same_row(const struct issue *a, const struct issue *b)
{
    return a->kind == b->kind && key128_equal(a->subject, b->subject) &&
           a->wave_code == b->wave_code && a->unit == b->unit;
}

static void rehash_issues(struct changes *c)
{
    c->issue_slot_count = c->issue_slot_count ? c->issue_slot_count * 2 : 256;
    free(c->issue_slots);
    c->issue_slots = must_have(calloc(c->issue_slot_count, sizeof(uint32_t)));
    for (size_t i = 0; i < c->issues.count; i++) {
        size_t at = issue_hash(&c->issues.items[i].issue) & (c->issue_slot_count - 1);
        while (c->issue_slots[at])
            at = (at + 1) & (c->issue_slot_count - 1);
        c->issue_slots[at] = (uint32_t)i + 1;
    }
}

static struct issue_change *issue_of(struct changes *c, const struct issue *issue)
{
    if (c->issues.count * 2 >= c->issue_slot_count)
        rehash_issues(c);
    size_t mask = c->issue_slot_count - 1, at = issue_hash(issue) & mask;
    for (; c->issue_slots[at]; at = (at + 1) & mask) {
        struct issue_change *held = &c->issues.items[c->issue_slots[at] - 1];
        if (issue_same_row(&held->issue, issue))
            return held;
    }
    struct issue_change fresh = {*issue, *issue, false, false};
    APPEND(c->issues, fresh);
    c->issue_slots[at] = (uint32_t)c->issues.count;
    return &c->issues.items[c->issues.count - 1];
}

static void count(struct changes *c, const struct contribution *contribution, int64_t sign)
{
    for (size_t i = 0; i < contribution->cell_count; i++) {
        const struct contributed_cell *cell = &contribution->cells[i];
        struct tally_change *tally = tally_of(c, &cell->cell);
        for (int measure = 0; measure < MEASURE_COUNT; measure++)
            if ((cell->measures >> measure) & 1U)
                tally->delta[measure] += sign;
    }
}

void changes_before(struct changes *c, const struct contribution *contribution)
{
    count(c, contribution, -1);
    for (size_t i = 0; i < contribution->issue_count; i++) {
        struct issue_change *change = issue_of(c, &contribution->issues[i]);
        /* Two rows of one list with the same key: the earlier row stands, whatever the order. */
        if (!change->before || contribution->issues[i].row < change->old.row)
            change->old = contribution->issues[i];
        change->before = true;
    }
}

void changes_after(struct changes *c, const struct contribution *contribution)
{
    count(c, contribution, 1);
    for (size_t i = 0; i < contribution->issue_count; i++) {
        struct issue_change *change = issue_of(c, &contribution->issues[i]);
        if (!change->after || contribution->issues[i].row < change->issue.row)
            change->issue = contribution->issues[i];
        change->after = true;
    }
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

void changes_add_member(struct changes *c, const struct member_change *member)
{
    APPEND(c->members, *member);
}

void changes_add_carrier(struct changes *c, const struct carrier_change *carrier)
{
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

/* As fact_supersedes. The statements that save compare the same columns. */
static bool supersedes(const struct event *a, const struct event *b)
{
    if (a->revision != b->revision)
        return a->revision > b->revision;
    if (a->hash != b->hash)
        return (int64_t)a->hash > (int64_t)b->hash;
    return a->time != b->time ? a->time > b->time : a->row > b->row;
}

void changes_add_entity(struct changes *c, const struct event *event)
{
    struct key128 key = key128_of(event->entity, strlen(event->entity));
    uintptr_t held = (uintptr_t)key_table_get(&c->entity_index, key);
    if (!held) {
        struct entity_change change = {key, event};
        APPEND(c->entities, change);
        key_table_put(&c->entity_index, key, (void *)(uintptr_t)c->entities.count);
        return;
    }
    if (supersedes(event, c->entities.items[held - 1].event))
        c->entities.items[held - 1].event = event;
}
