/* What the rows of the reference folder say of each other. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "reference_private.h"

#define MAX_DEPTH 32

static int compare_codes(const void *a, const void *b)
{
    const struct reference_unit *const *x = a, *const *y = b;
    return strcmp((*x)->code, (*y)->code);
}

static void index_codes(struct reference *r)
{
    struct reference_arena *arena = r->arena;
    arena->by_code = reference_allocate(arena, (r->unit_count + 1) * sizeof(*arena->by_code));
    for (size_t i = 0; i < r->unit_count; i++)
        arena->by_code[i] = &r->units[i];
    qsort(arena->by_code, r->unit_count, sizeof(*arena->by_code), compare_codes);
}

const struct reference_unit *reference_find_unit(const struct reference *r, const char *code)
{
    const struct reference_arena *arena = r->arena;
    struct reference_unit wanted = {.code = code};
    const struct reference_unit *key = &wanted;
    if (code == NULL || r->unit_count == 0)
        return NULL;
    const struct reference_unit *const *found =
        bsearch(&key, arena->by_code, r->unit_count, sizeof(*arena->by_code), compare_codes);
    return found != NULL ? *found : NULL;
}

static bool climbs_to(const struct reference *r, const struct reference_unit *unit,
                      const char *province, bool by_territory)
{
    for (int depth = 0; unit != NULL && depth < MAX_DEPTH; depth++) {
        if (strcmp(unit->code, province) == 0)
            return true;
        const char *above = by_territory ? unit->territory : unit->parent;
        unit = above[0] != '\0' ? reference_find_unit(r, above) : NULL;
    }
    return false;
}

bool reference_is_within(const struct reference *r, const struct reference_unit *unit,
                         const char *province)
{
    return climbs_to(r, unit, province, false) || climbs_to(r, unit, province, true);
}

/* The ways from a unit to another one. */
enum way { PARENT, TERRITORY, SUCCESSOR, WAY_COUNT };
static const char *const way_name[WAY_COUNT] = {"parent", "territory", "successor"};

static const char *other_end(const struct reference_unit *u, enum way way)
{
    return way == PARENT ? u->parent : way == TERRITORY ? u->territory : u->successor;
}

static bool comes_to_an_end(const struct reference *r, const struct reference_unit *u, enum way way)
{
    for (int depth = 0; u != NULL; depth++) {
        if (depth > MAX_DEPTH)
            return false;
        const char *code = other_end(u, way);
        u = code[0] != '\0' ? reference_find_unit(r, code) : NULL;
    }
    return true;
}

static void check_unit(const struct reference *r, size_t index, struct reference_faults *faults)
{
    const struct reference_unit *u = &r->units[index];
    int line = reference_lines(r)->units[index];
    for (enum way way = PARENT; way < WAY_COUNT; way++) {
        const char *other = other_end(u, way);
        if (other[0] != '\0' && reference_find_unit(r, other) == NULL)
            reference_fault(faults, "units.csv", line,
                            "unit %s: %s %s is no unit: add its row, or correct the code", u->code,
                            way_name[way], other);
        else if (!comes_to_an_end(r, u, way))
            reference_fault(faults, "units.csv", line,
                            "unit %s: its %s chain has no end: a unit cannot stand above itself, "
                            "nor more than %d deep",
                            u->code, way_name[way], MAX_DEPTH);
    }
    if (u->valid_from[0] != '\0' && u->valid_to[0] != '\0' && strcmp(u->valid_from, u->valid_to) > 0)
        reference_fault(faults, "units.csv", line,
                        "unit %s ends before it begins: correct valid_from or valid_to", u->code);
}

static void check_units(const struct reference *r, struct reference_faults *faults)
{
    const struct reference_unit *const *sorted = ((const struct reference_arena *)r->arena)->by_code;
    const int *lines = reference_lines(r)->units;
    for (size_t i = 1; i < r->unit_count; i++) {
        size_t a = (size_t)(sorted[i - 1] - r->units), b = (size_t)(sorted[i] - r->units);
        if (strcmp(r->units[a].code, r->units[b].code) == 0)
            reference_fault(faults, "units.csv", lines[a > b ? a : b],
                            "code %s stands twice, before in line %d", r->units[a].code,
                            lines[a > b ? b : a]);
    }
    for (size_t i = 0; i < r->unit_count; i++)
        check_unit(r, i, faults);
}

static bool training_exists(const struct reference *r, const char *code)
{
    if (r->training_count == 0)
        return true; /* trainings.yaml has a fault already */
    for (size_t i = 0; i < r->training_count; i++) {
        if (strcmp(r->trainings[i].code, code) == 0)
            return true;
    }
    return false;
}

static void check_waves(const struct reference *r, struct reference_faults *faults)
{
    for (size_t i = 0; i < r->wave_count; i++) {
        const struct reference_wave *w = &r->waves[i], *first = reference_find_wave(r, w->code);
        const int *lines = reference_lines(r)->waves;
        if (!training_exists(r, w->training))
            reference_fault(faults, "waves.csv", lines[i],
                            "wave %s: training %s is not in trainings.yaml", w->code, w->training);
        if (reference_find_unit(r, w->province) == NULL)
            reference_fault(faults, "waves.csv", lines[i],
                            "wave %s: province %s is not in units.csv", w->code, w->province);
        if (first != w)
            reference_fault(faults, "waves.csv", lines[i], "code %s stands twice, before in line %d",
                            w->code, lines[first - r->waves]);
    }
}

static void check_courses(const struct reference *r, struct reference_faults *faults)
{
    for (size_t i = 0; i < r->course_count; i++) {
        const struct reference_course *c = &r->courses[i];
        const int *lines = reference_lines(r)->courses;
        if (!training_exists(r, c->training))
            reference_fault(faults, "courses.csv", lines[i],
                            "course %s: training %s is not in trainings.yaml", c->course,
                            c->training);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(r->courses[k].source, c->source) == 0 &&
                strcmp(r->courses[k].course, c->course) == 0)
                reference_fault(faults, "courses.csv", lines[i],
                                "course %s of %s stands twice, before in line %d", c->course,
                                c->source, lines[k]);
        }
    }
}

/* Items of one array as pointers, sorted; equal ones in the order of the file. Freed by the caller. */
static const void **sorted_items(const void *items, size_t count, size_t size,
                                 int (*compare)(const void *, const void *))
{
    const void **sorted = malloc((count + 1) * sizeof(*sorted));
    if (sorted == NULL)
        abort();
    for (size_t i = 0; i < count; i++)
        sorted[i] = (const char *)items + i * size;
    qsort(sorted, count, sizeof(*sorted), compare);
    return sorted;
}

static int file_order(const void *x, const void *y)
{
    return ((uintptr_t)x > (uintptr_t)y) - ((uintptr_t)x < (uintptr_t)y);
}

static bool same_target(const struct reference_target *x, const struct reference_target *y)
{
    return strcmp(x->wave, y->wave) == 0 && strcmp(x->unit, y->unit) == 0;
}

static int compare_targets(const void *a, const void *b)
{
    const struct reference_target *x = *(const void *const *)a, *y = *(const void *const *)b;
    int order = strcmp(x->wave, y->wave);
    if (order == 0)
        order = strcmp(x->unit, y->unit);
    return order != 0 ? order : file_order(x, y);
}

static void check_targets(const struct reference *r, struct reference_faults *faults)
{
    const void **sorted =
        sorted_items(r->targets, r->target_count, sizeof(*r->targets), compare_targets);
    const int *lines = reference_lines(r)->targets;
    for (size_t i = 0; i < r->target_count; i++) {
        const struct reference_target *t = &r->targets[i];
        if (reference_find_wave(r, t->wave) == NULL)
            reference_fault(faults, "targets.csv", lines[i], "wave %s is not in waves.csv", t->wave);
        if (reference_find_unit(r, t->unit) == NULL)
            reference_fault(faults, "targets.csv", lines[i], "unit %s is not in units.csv", t->unit);
    }
    for (size_t i = 1; i < r->target_count; i++) {
        const struct reference_target *before = sorted[i - 1], *t = sorted[i];
        if (same_target(before, t))
            reference_fault(faults, "targets.csv", lines[t - r->targets],
                            "wave %s, unit %s stands twice, before in line %d", t->wave, t->unit,
                            lines[before - r->targets]);
    }
    free(sorted);
}

static int compare_days(const void *a, const void *b)
{
    const struct reference_day *x = *(const void *const *)a, *y = *(const void *const *)b;
    int order = strcmp(x->date, y->date);
    return order != 0 ? order : file_order(x, y);
}

static int year_of(const struct reference_day *day)
{
    return (int)strtol(day->date, NULL, 10);
}

static void check_days(const struct reference *r, struct reference_faults *faults)
{
    const void **sorted = sorted_items(r->days, r->day_count, sizeof(*r->days), compare_days);
    for (size_t i = 0; i < r->day_count; i++) {
        const struct reference_day *d = sorted[i], *before = i > 0 ? sorted[i - 1] : NULL;
        int line = reference_lines(r)->days[d - r->days];
        int32_t day;
        if (!clock_parse_date(d->date, &day))
            continue; /* a fault already */
        if (before != NULL && strcmp(before->date, d->date) == 0)
            reference_fault(faults, "calendar.csv", line, "%s stands twice, before in line %d",
                            d->date, reference_lines(r)->days[before - r->days]);
        /* A year is covered if any of its days is listed. */
        if (before != NULL && year_of(before) > 0 && year_of(d) > year_of(before) + 1)
            reference_fault(faults, "calendar.csv", line,
                            "the calendar has a gap: it goes from %d to %d; list the holidays of "
                            "the years between",
                            year_of(before), year_of(d));
        /* 1970-01-01 was a Thursday: day 2 of the count was a Saturday. */
        if (strcmp(d->kind, "working_saturday") == 0 && ((day - 2) % 7 + 7) % 7 != 0)
            reference_fault(faults, "calendar.csv", line, "%s is no Saturday", d->date);
    }
    free(sorted);
}

static void check_rule_waves(const struct reference *r, const struct reference_training *t,
                             const struct reference_pass_rule *rule, struct reference_faults *faults)
{
    for (size_t i = 0; i < rule->wave_count; i++) {
        const struct reference_wave *w = reference_find_wave(r, rule->waves[i]);
        if (w == NULL)
            reference_fault(faults, "trainings.yaml", rule->line,
                            "training %s: wave %.60s of the pass rule is not in waves.csv", t->code,
                            rule->waves[i]);
        else if (strcmp(w->training, t->code) != 0)
            reference_fault(faults, "trainings.yaml", rule->line,
                            "training %s: wave %s of the pass rule belongs to training %s", t->code,
                            w->code, w->training);
    }
}

static void check_trainings(const struct reference *r, struct reference_faults *faults)
{
    const int *lines = reference_lines(r)->trainings;
    for (size_t i = 0; i < r->training_count; i++) {
        const struct reference_training *t = &r->trainings[i];
        for (size_t k = 0; k < i; k++) {
            if (strcmp(t->code, r->trainings[k].code) == 0)
                reference_fault(faults, "trainings.yaml", lines[i],
                                "code %s stands twice, before in line %d", t->code, lines[k]);
        }
        for (size_t k = 0; k < t->rule_count; k++)
            check_rule_waves(r, t, &t->rules[k], faults);
        if (t->deadline_working_days > 0 && r->day_count == 0)
            reference_fault(
                faults, "trainings.yaml", lines[i],
                "training %s has a deadline and calendar.csv lists no day: working days "
                "cannot be counted without the holidays",
                t->code);
    }
}

void reference_check(struct reference *r, struct reference_faults *faults)
{
    index_codes(r);
    check_trainings(r, faults);
    check_units(r, faults);
    check_waves(r, faults);
    check_courses(r, faults);
    check_targets(r, faults);
    check_days(r, faults);
}
