/* What targets, staff and audiences of the reference folder say of units, waves and each other. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "reference_private.h"

#define MAX_DEPTH 32

static int compare_targets(const void *a, const void *b)
{
    const struct reference_target *x = *(const void *const *)a, *y = *(const void *const *)b;
    int order = strcmp(x->code, y->code);
    return order != 0 ? order : reference_file_order(x, y);
}

static int compare_staff(const void *a, const void *b)
{
    const struct reference_staff *x = *(const void *const *)a, *y = *(const void *const *)b;
    int order = strcmp(x->unit, y->unit);
    if (order == 0)
        order = strcmp(x->day, y->day);
    return order != 0 ? order : reference_file_order(x, y);
}

static int compare_audiences(const void *a, const void *b)
{
    const struct reference_audience *x = *(const void *const *)a, *y = *(const void *const *)b;
    int order = strcmp(x->kind, y->kind);
    if (order == 0)
        order = strcmp(x->code, y->code);
    return order != 0 ? order : reference_file_order(x, y);
}

/* A unit under which somebody's staff was counted: on a day, or for helpers (day "") on any. */
struct counted {
    const char *day;
    size_t unit;
};
struct counts {
    struct counted *items;
    size_t count, capacity;
};

static int compare_counted(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    int order = strcmp(x->day, y->day);
    return order != 0 ? order : (x->unit > y->unit) - (x->unit < y->unit);
}

static void add_counted(struct counts *counts, const char *day, size_t unit)
{
    if (counts->count == counts->capacity) {
        counts->capacity = counts->capacity * 2 + 64;
        counts->items = realloc(counts->items, counts->capacity * sizeof(*counts->items));
        if (counts->items == NULL)
            abort();
    }
    counts->items[counts->count++] = (struct counted){day, unit};
}

/* The unit and all above it in both trees on the day of the count. */
static void add_staff(const struct reference *r, const struct reference_staff *s,
                      struct counts *counts)
{
    const struct reference_unit *unit = reference_find_unit(r, s->unit);
    int32_t day;
    if (unit == NULL || !clock_parse_date(s->day, &day))
        return; /* a fault already */
    for (int tree = 0; tree < 2; tree++) {
        const struct reference_unit *u = unit;
        for (int depth = 0; u != NULL && depth <= MAX_DEPTH; depth++) {
            size_t index = (size_t)(u - r->units);
            if (s->staff >= 0)
                add_counted(counts, s->day, index);
            if (s->helpers >= 0)
                add_counted(counts, "", index);
            const struct reference_unit_line *line = reference_line_on(r, index, tree == 1, day);
            u = line != NULL ? line->above : NULL;
        }
    }
}

static bool is_counted(const struct counts *counts, const char *day, const struct reference *r,
                       const struct reference_unit *unit)
{
    struct counted wanted = {day, (size_t)(unit - r->units)};
    return counts->count > 0 && bsearch(&wanted, counts->items, counts->count,
                                        sizeof(*counts->items), compare_counted) != NULL;
}

static bool audience_exists(const struct reference *r, const char *code)
{
    for (size_t i = 0; i < r->audience_count; i++) {
        const struct reference_audience *a = &r->audiences[i];
        if (strcmp(a->kind, "audience") == 0 && strcmp(a->code, code) == 0)
            return true;
    }
    return false;
}

static void check_target(const struct reference *r, const struct reference_target *t, int line,
                         const struct counts *counts, struct reference_faults *faults)
{
    const struct reference_wave *wave = reference_find_wave(r, t->wave);
    const struct reference_unit *unit = reference_find_unit(r, t->unit);
    if (t->wave[0] != '\0' && wave == NULL)
        reference_fault(faults, "targets.csv", line, "đợt %s không có trong waves.csv",
                        "wave %s is not in waves.csv", t->wave);
    if (t->training[0] != '\0' && !reference_has_training(r, t->training))
        reference_fault(faults, "targets.csv", line, "khóa %s không có trong trainings.yaml",
                        "training %s is not in trainings.yaml", t->training);
    else if (wave != NULL && t->training[0] != '\0' && strcmp(wave->training, t->training) != 0)
        reference_fault(faults, "targets.csv", line, "đợt %s thuộc khóa %s, không thuộc %s",
                        "wave %s belongs to training %s, not to %s", t->wave, wave->training,
                        t->training);
    const char *audience = reference_target_audience(t->measure);
    if (audience[0] != '\0' && !audience_exists(r, audience))
        reference_fault(faults, "targets.csv", line, "đối tượng %.40s không có trong audiences.csv",
                        "audience %.40s is not in audiences.csv", audience);
    if (unit == NULL) {
        reference_fault(faults, "targets.csv", line, "đơn vị %s không có trong units.csv",
                        "unit %s is not in units.csv", t->unit);
        return;
    }
    if (t->staff_on[0] != '\0' && !is_counted(counts, t->staff_on, r, unit))
        reference_fault(faults, "targets.csv", line,
                        "staff.csv không có biên chế của %s hay của đơn vị trực thuộc vào ngày "
                        "%s",
                        "staff.csv has no staff of %s, nor of a unit below it, on %s", t->unit,
                        t->staff_on);
    if (t->per_helper > 0 && !is_counted(counts, "", r, unit))
        reference_fault(faults, "targets.csv", line,
                        "staff.csv không có người hỗ trợ của %s hay của đơn vị trực thuộc",
                        "staff.csv has no helpers of %s, nor of a unit below it", t->unit);
}

static void check_targets(const struct reference *r, struct reference_faults *faults)
{
    const int *lines = reference_lines(r)->targets;
    struct counts counts = {0};
    for (size_t i = 0; i < r->staff_count; i++)
        add_staff(r, &r->staff[i], &counts);
    if (counts.count > 0)
        qsort(counts.items, counts.count, sizeof(*counts.items), compare_counted);
    for (size_t i = 0; i < r->target_count; i++)
        check_target(r, &r->targets[i], lines[i], &counts, faults);
    free(counts.items);
    const void **sorted =
        reference_sorted(r->targets, r->target_count, sizeof(*r->targets), compare_targets);
    for (size_t i = 1; i < r->target_count; i++) {
        const struct reference_target *before = sorted[i - 1], *t = sorted[i];
        if (strcmp(before->code, t->code) == 0)
            reference_fault(
                faults, "targets.csv", lines[t - r->targets],
                "chỉ tiêu %s có hai lần, lần trước ở dòng %d: hãy sửa một dòng, hoặc "
                "cho mỗi dòng một mã",
                "target %s stands twice, before in line %d: correct one, or give each a "
                "code",
                t->code, lines[before - r->targets]);
    }
    free(sorted);
}

static void check_staff(const struct reference *r, struct reference_faults *faults)
{
    const int *lines = reference_lines(r)->staff;
    const void **sorted =
        reference_sorted(r->staff, r->staff_count, sizeof(*r->staff), compare_staff);
    for (size_t i = 0; i < r->staff_count; i++) {
        const struct reference_staff *s = sorted[i], *before = i > 0 ? sorted[i - 1] : NULL;
        if (reference_find_unit(r, s->unit) == NULL)
            reference_fault(faults, "staff.csv", lines[s - r->staff],
                            "đơn vị %s không có trong units.csv", "unit %s is not in units.csv",
                            s->unit);
        if (before != NULL && strcmp(before->unit, s->unit) == 0 && strcmp(before->day, s->day) == 0)
            reference_fault(faults, "staff.csv", lines[s - r->staff],
                            "đơn vị %s, ngày %s có hai lần, lần trước ở dòng %d",
                            "unit %s, day %s stands twice, before in line %d", s->unit, s->day,
                            lines[before - r->staff]);
    }
    free(sorted);
}

static void check_audiences(const struct reference *r, struct reference_faults *faults)
{
    const int *lines = reference_lines(r)->audiences;
    const void **sorted =
        reference_sorted(r->audiences, r->audience_count, sizeof(*r->audiences), compare_audiences);
    for (size_t i = 1; i < r->audience_count; i++) {
        const struct reference_audience *before = sorted[i - 1], *a = sorted[i];
        if (strcmp(before->kind, a->kind) == 0 && strcmp(before->code, a->code) == 0)
            reference_fault(faults, "audiences.csv", lines[a - r->audiences],
                            "%s %s có hai lần, lần trước ở dòng %d",
                            "%s %s stands twice, before in line %d", a->kind, a->code,
                            lines[before - r->audiences]);
    }
    free(sorted);
}

void reference_check_plans(const struct reference *r, struct reference_faults *faults)
{
    check_targets(r, faults);
    check_staff(r, faults);
    check_audiences(r, faults);
}
