#include "standing.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"

struct standing {
    struct key128 subject;
    uint32_t unit, group, measures;
};

struct standings {
    const char *wave;
    struct strings *units;
    pthread_mutex_t lock;
    struct standing *items;
    size_t count, capacity;
};

struct standings *standings_new(const char *wave, struct strings *units)
{
    struct standings *s = must_have(calloc(1, sizeof(*s)));
    s->wave = wave;
    s->units = units;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void standings_free(struct standings *s)
{
    if (!s)
        return;
    pthread_mutex_destroy(&s->lock);
    free(s->items);
    free(s);
}

static void take(struct standings *s, const struct person *person,
                 const struct contributed_cell *cell, const struct fold *fold)
{
    const char *unit = fold_text(fold, cell->cell.unit);
    const char *group = fold_text(fold, cell->cell.study_group);
    uint32_t unit_number = strings_intern(s->units, unit, strlen(unit));
    uint32_t group_number = strings_intern(s->units, group, strlen(group));
    for (const struct subject *subject = person->first; subject; subject = subject->next) {
        s->items = array_room(s->items, s->count, &s->capacity, sizeof(*s->items));
        s->items[s->count++] =
            (struct standing){subject->key, unit_number, group_number, cell->measures};
    }
}

static void hear(void *context, const struct person *person,
                 const struct contribution *contribution, const struct fold *fold)
{
    struct standings *s = context;
    for (size_t i = 0; i < contribution->cells_count; i++) {
        const struct contributed_cell *c = &contribution->cells[i];
        if (c->cell.scope != SCOPE_WAVE || c->cell.wave == RULES_NONE ||
            strcmp(rules_wave(fold_rules(fold), c->cell.wave)->code, s->wave) != 0)
            continue;
        pthread_mutex_lock(&s->lock);
        take(s, person, c, fold);
        pthread_mutex_unlock(&s->lock);
    }
}

struct bulk_rows standings_watch(struct standings *standings)
{
    return (struct bulk_rows){.context = standings, .person = hear};
}

static int by_subject(const void *a, const void *b)
{
    return key128_compare(((const struct standing *)a)->subject,
                          ((const struct standing *)b)->subject);
}

static void sort(struct standings *s)
{
    if (s->count)
        qsort(s->items, s->count, sizeof(*s->items), by_subject);
}

/* The difference of one subject; a side that does not have it is zeroed. */
static bool differs(const struct standing *before, const struct standing *after,
                    struct standing_change *out)
{
    bool moved = before->unit != after->unit || before->group != after->group;
    out->units[0] = before->unit;
    out->units[1] = after->unit;
    out->measures = moved ? UINT32_MAX : before->measures ^ after->measures;
    return out->measures != 0;
}

struct standing_changes standings_compare(struct standings *before, struct standings *after)
{
    static const struct standing nowhere;
    struct standing_changes changes = {
        must_have(calloc(before->count + after->count + 1, sizeof(*changes.items))), 0};
    sort(before);
    sort(after);
    for (size_t i = 0, k = 0; i < before->count || k < after->count;) {
        int order = i == before->count  ? 1
                    : k == after->count ? -1
                                        : by_subject(&before->items[i], &after->items[k]);
        const struct standing *old = order <= 0 ? &before->items[i++] : &nowhere;
        const struct standing *new = order >= 0 ? &after->items[k++] : &nowhere;
        struct standing_change *change = &changes.items[changes.count];
        change->subject = order <= 0 ? old->subject : new->subject;
        changes.count += differs(old, new, change);
    }
    return changes;
}
