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

static void check_units(const struct reference *r, struct reference_faults *faults)
{
    const char *file = "units.csv";
    const struct reference_unit *const *sorted = ((const struct reference_arena *)r->arena)->by_code;
    for (size_t i = 1; i < r->unit_count; i++) {
        if (strcmp(sorted[i - 1]->code, sorted[i]->code) == 0)
            reference_fault(faults, file, 0, "code %s stands twice", sorted[i]->code);
    }
    for (size_t i = 0; i < r->unit_count; i++) {
        const struct reference_unit *u = &r->units[i];
        const char *const others[] = {u->parent, u->territory, u->successor};
        static const char *const what[] = {"parent", "territory", "successor"};
        for (size_t k = 0; k < 3; k++) {
            if (others[k][0] != '\0' && reference_find_unit(r, others[k]) == NULL)
                reference_fault(faults, file, 0, "unit %s: %s %s is no unit", u->code, what[k],
                                others[k]);
        }
        for (int k = 0; k < 2; k++) {
            const struct reference_unit *above = u;
            int depth = 0;
            while (above != NULL && depth <= MAX_DEPTH) {
                const char *code = k == 0 ? above->parent : above->territory;
                above = code[0] != '\0' ? reference_find_unit(r, code) : NULL;
                depth++;
            }
            if (depth > MAX_DEPTH)
                reference_fault(faults, file, 0, "unit %s: its %s chain has no end", u->code,
                                what[k]);
        }
        if (u->valid_from[0] != '\0' && u->valid_to[0] != '\0' &&
            strcmp(u->valid_from, u->valid_to) > 0)
            reference_fault(faults, file, 0, "unit %s ends before it begins", u->code);
    }
}

static bool training_exists(const struct reference *r, const char *code)
{
    for (size_t i = 0; i < r->training_count; i++) {
        if (strcmp(r->trainings[i].code, code) == 0)
            return true;
    }
    return false;
}

static void check_waves(const struct reference *r, struct reference_faults *faults)
{
    for (size_t i = 0; i < r->wave_count; i++) {
        const struct reference_wave *w = &r->waves[i];
        if (!training_exists(r, w->training))
            reference_fault(faults, "waves.csv", 0, "wave %s: training %s is not in trainings.yaml",
                            w->code, w->training);
        if (reference_find_unit(r, w->province) == NULL)
            reference_fault(faults, "waves.csv", 0, "wave %s: province %s is not in units.csv",
                            w->code, w->province);
        if (reference_find_wave(r, w->code) != w)
            reference_fault(faults, "waves.csv", 0, "code %s stands twice", w->code);
    }
}

static void check_courses(const struct reference *r, struct reference_faults *faults)
{
    for (size_t i = 0; i < r->course_count; i++) {
        const struct reference_course *c = &r->courses[i];
        if (!training_exists(r, c->training))
            reference_fault(faults, "courses.csv", 0,
                            "course %s: training %s is not in trainings.yaml", c->course,
                            c->training);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(r->courses[k].source, c->source) == 0 &&
                strcmp(r->courses[k].course, c->course) == 0)
                reference_fault(faults, "courses.csv", 0, "course %s of %s stands twice", c->course,
                                c->source);
        }
    }
}

static int compare_targets(const void *a, const void *b)
{
    const struct reference_target *x = a, *y = b;
    int waves = strcmp(x->wave, y->wave);
    return waves != 0 ? waves : strcmp(x->unit, y->unit);
}

static void check_targets(const struct reference *r, struct reference_faults *faults)
{
    struct reference_target *sorted = malloc((r->target_count + 1) * sizeof(*sorted));
    if (sorted == NULL)
        abort();
    if (r->target_count > 0)
        memcpy(sorted, r->targets, r->target_count * sizeof(*sorted));
    qsort(sorted, r->target_count, sizeof(*sorted), compare_targets);
    for (size_t i = 0; i < r->target_count; i++) {
        if (reference_find_wave(r, sorted[i].wave) == NULL)
            reference_fault(faults, "targets.csv", 0, "%s is no wave", sorted[i].wave);
        if (reference_find_unit(r, sorted[i].unit) == NULL)
            reference_fault(faults, "targets.csv", 0, "%s is no unit", sorted[i].unit);
        if (i > 0 && compare_targets(&sorted[i - 1], &sorted[i]) == 0)
            reference_fault(faults, "targets.csv", 0, "wave %s, unit %s stands twice",
                            sorted[i].wave, sorted[i].unit);
    }
    free(sorted);
}

static int compare_days(const void *a, const void *b)
{
    const struct reference_day *x = a, *y = b;
    return strcmp(x->date, y->date);
}

static void check_days(const struct reference *r, struct reference_faults *faults)
{
    struct reference_day *sorted = malloc((r->day_count + 1) * sizeof(*sorted));
    if (sorted == NULL)
        abort();
    if (r->day_count > 0)
        memcpy(sorted, r->days, r->day_count * sizeof(*sorted));
    qsort(sorted, r->day_count, sizeof(*sorted), compare_days);
    for (size_t i = 0; i < r->day_count; i++) {
        int32_t day;
        if (i > 0 && compare_days(&sorted[i - 1], &sorted[i]) == 0)
            reference_fault(faults, "calendar.csv", 0, "%s stands twice", sorted[i].date);
        /* 1970-01-01 was a Thursday: day 2 of the count was a Saturday. */
        if (strcmp(sorted[i].kind, "working_saturday") == 0 &&
            clock_parse_date(sorted[i].date, &day) && ((day - 2) % 7 + 7) % 7 != 0)
            reference_fault(faults, "calendar.csv", 0, "%s is no Saturday", sorted[i].date);
    }
    free(sorted);
}

void reference_check(struct reference *r, struct reference_faults *faults)
{
    index_codes(r);
    for (size_t i = 0; i < r->training_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(r->trainings[i].code, r->trainings[k].code) == 0)
                reference_fault(faults, "trainings.yaml", 0, "code %s stands twice",
                                r->trainings[i].code);
        }
    }
    check_units(r, faults);
    check_waves(r, faults);
    check_courses(r, faults);
    check_targets(r, faults);
    check_days(r, faults);
}
