/* What the rows of the reference folder say of each other. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "reference_private.h"

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

/* The way up so far. */
struct way {
    const struct reference_unit *unit;
    const struct way *below;
};

static bool has_passed(const struct way *way, const struct reference_unit *unit)
{
    while (way != NULL && way->unit != unit)
        way = way->below;
    return way != NULL;
}

/* By any line that ever was, past the successors of what stood above: whose list it is, is asked of every time. Who stood above each other
 * in turn is passed once. */
static bool climbs_to(const struct reference *r, const struct reference_unit *unit,
                      const char *province, bool by_territory, const struct way *below)
{
    const size_t *first =
        &((const struct reference_arena *)r->arena)->first_line[2 * (unit - r->units) + by_territory];
    const struct way way = {unit, below};
    if (strcmp(unit->code, province) == 0)
        return true;
    if (has_passed(below, unit))
        return false;
    for (size_t i = first[0]; i < first[1]; i++) {
        const struct reference_unit *above = r->lines[i].above;
        if (above == NULL)
            continue;
        if (climbs_to(r, above, province, by_territory, &way))
            return true;
        for (size_t k = 0; k < above->successor_count; k++) {
            const struct reference_unit *s = reference_find_unit(r, above->successors[k]);
            if (s != NULL && climbs_to(r, s, province, by_territory, &way))
                return true;
        }
    }
    return false;
}

bool reference_is_within(const struct reference *r, const struct reference_unit *unit,
                         const char *province)
{
    return climbs_to(r, unit, province, false, NULL) || climbs_to(r, unit, province, true, NULL);
}

const char *reference_unit_file(const struct reference *r, size_t unit)
{
    return unit < ((const struct reference_arena *)r->arena)->official_from ? "units.csv"
                                                                            : "official-units.csv";
}

static void check_unit(const struct reference *r, size_t index, struct reference_faults *faults)
{
    const struct reference_unit *u = &r->units[index];
    const char *file = reference_unit_file(r, index);
    int line = reference_lines(r)->units[index];
    static const char *const names[] = {"parent", "territory"};
    const char *const above[] = {u->parent, u->territory};
    for (size_t i = 0; i < ARRAY_LEN(above); i++) {
        if (above[i][0] != '\0' && reference_find_unit(r, above[i]) == NULL)
            reference_fault(faults, file, line,
                            "đơn vị %s: %s %s không phải là đơn vị nào: hãy thêm dòng của nó, hoặc "
                            "sửa mã",
                            "unit %s: %s %s is no unit: add its row, or correct the code", u->code,
                            names[i], above[i]);
    }
    if (u->valid_from[0] != '\0' && u->valid_to[0] != '\0' && strcmp(u->valid_from, u->valid_to) > 0)
        reference_fault(faults, file, line,
                        "đơn vị %s kết thúc trước khi bắt đầu: hãy sửa valid_from hoặc valid_to",
                        "unit %s ends before it begins: correct valid_from or valid_to", u->code);
}

const void **reference_sorted(const void *items, size_t count, size_t size,
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

int reference_file_order(const void *x, const void *y)
{
    return ((uintptr_t)x > (uintptr_t)y) - ((uintptr_t)x < (uintptr_t)y);
}

static int compare_official(const void *a, const void *b)
{
    const struct reference_unit *x = *(const void *const *)a, *y = *(const void *const *)b;
    int order = strcmp(x->official_code, y->official_code);
    if (order == 0)
        order = strcmp(x->valid_from, y->valid_from);
    return order != 0 ? order : reference_file_order(x, y);
}

/* An official code may be given anew, never to two units at a time. */
static void check_official_codes(const struct reference *r, struct reference_faults *faults)
{
    const void **sorted =
        reference_sorted(r->units, r->unit_count, sizeof(*r->units), compare_official);
    for (size_t i = 1; i < r->unit_count; i++) {
        const struct reference_unit *before = sorted[i - 1], *u = sorted[i];
        size_t index = (size_t)(u - r->units);
        if (u->official_code[0] != '\0' && strcmp(before->official_code, u->official_code) == 0 &&
            (before->valid_to[0] == '\0' || strcmp(before->valid_to, u->valid_from) >= 0))
            reference_fault(
                faults, reference_unit_file(r, index), reference_lines(r)->units[index],
                "đơn vị %s có mã chính thức %s trùng với đơn vị %s trong cùng thời gian",
                "unit %s has the official code %s of unit %s at the same time", u->code,
                u->official_code, before->code);
    }
    free(sorted);
}

static void check_units(const struct reference *r, struct reference_faults *faults)
{
    const struct reference_unit *const *sorted = ((const struct reference_arena *)r->arena)->by_code;
    const int *lines = reference_lines(r)->units;
    for (size_t i = 1; i < r->unit_count; i++) {
        size_t a = (size_t)(sorted[i - 1] - r->units), b = (size_t)(sorted[i] - r->units);
        if (strcmp(r->units[a].code, r->units[b].code) == 0)
            reference_fault(faults, reference_unit_file(r, a > b ? a : b), lines[a > b ? a : b],
                            "mã %s có hai lần, lần trước ở dòng %d của %s",
                            "code %s stands twice, before in line %d of %s", r->units[a].code,
                            lines[a > b ? b : a], reference_unit_file(r, a > b ? b : a));
    }
    for (size_t i = 0; i < r->unit_count; i++)
        check_unit(r, i, faults);
    check_official_codes(r, faults);
}

bool reference_has_training(const struct reference *r, const char *code)
{
    if (!((const struct reference_arena *)r->arena)->trainings_listed)
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
        if (!reference_has_training(r, w->training))
            reference_fault(faults, "waves.csv", lines[i],
                            "đợt %s: khóa %s không có trong trainings.yaml",
                            "wave %s: training %s is not in trainings.yaml", w->code, w->training);
        if (reference_find_unit(r, w->province) == NULL)
            reference_fault(faults, "waves.csv", lines[i], "đợt %s: tỉnh %s không có trong units.csv",
                            "wave %s: province %s is not in units.csv", w->code, w->province);
        if (first != w)
            reference_fault(faults, "waves.csv", lines[i], "mã %s có hai lần, lần trước ở dòng %d",
                            "code %s stands twice, before in line %d", w->code,
                            lines[first - r->waves]);
    }
}

static void check_courses(const struct reference *r, struct reference_faults *faults)
{
    for (size_t i = 0; i < r->course_count; i++) {
        const struct reference_course *c = &r->courses[i];
        const int *lines = reference_lines(r)->courses;
        if (!reference_has_training(r, c->training))
            reference_fault(faults, "courses.csv", lines[i],
                            "khóa học trên nền tảng %s: khóa %s không có trong trainings.yaml",
                            "course %s: training %s is not in trainings.yaml", c->course,
                            c->training);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(r->courses[k].source, c->source) == 0 &&
                strcmp(r->courses[k].course, c->course) == 0)
                reference_fault(faults, "courses.csv", lines[i],
                                "khóa học %s của %s có hai lần, lần trước ở dòng %d",
                                "course %s of %s stands twice, before in line %d", c->course,
                                c->source, lines[k]);
        }
    }
}

static int compare_days(const void *a, const void *b)
{
    const struct reference_day *x = *(const void *const *)a, *y = *(const void *const *)b;
    int order = strcmp(x->date, y->date);
    return order != 0 ? order : reference_file_order(x, y);
}

static int year_of(const struct reference_day *day)
{
    return (int)strtol(day->date, NULL, 10);
}

static void check_days(const struct reference *r, struct reference_faults *faults)
{
    const void **sorted = reference_sorted(r->days, r->day_count, sizeof(*r->days), compare_days);
    for (size_t i = 0; i < r->day_count; i++) {
        const struct reference_day *d = sorted[i], *before = i > 0 ? sorted[i - 1] : NULL;
        int line = reference_lines(r)->days[d - r->days];
        int32_t day;
        if (!clock_parse_date(d->date, &day))
            continue; /* a fault already */
        if (before != NULL && strcmp(before->date, d->date) == 0)
            reference_fault(faults, "calendar.csv", line, "%s có hai lần, lần trước ở dòng %d",
                            "%s stands twice, before in line %d", d->date,
                            reference_lines(r)->days[before - r->days]);
        /* A year is covered if any of its days is listed. */
        if (before != NULL && year_of(before) > 0 && year_of(d) > year_of(before) + 1)
            reference_fault(faults, "calendar.csv", line,
                            "lịch bị thiếu: từ năm %d sang năm %d; hãy ghi ngày nghỉ của các năm ở "
                            "giữa",
                            "the calendar has a gap: it goes from %d to %d; list the holidays of "
                            "the years between",
                            year_of(before), year_of(d));
        /* 1970-01-01 was a Thursday: day 2 of the count was a Saturday. */
        if (strcmp(d->kind, "working_saturday") == 0 && ((day - 2) % 7 + 7) % 7 != 0)
            reference_fault(faults, "calendar.csv", line, "%s không phải là thứ bảy",
                            "%s is no Saturday", d->date);
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
                            "khóa %s: đợt %.60s của quy tắc đạt không có trong waves.csv",
                            "training %s: wave %.60s of the pass rule is not in waves.csv", t->code,
                            rule->waves[i]);
        else if (strcmp(w->training, t->code) != 0)
            reference_fault(faults, "trainings.yaml", rule->line,
                            "khóa %s: đợt %s của quy tắc đạt thuộc khóa %s",
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
                                "mã %s có hai lần, lần trước ở dòng %d",
                                "code %s stands twice, before in line %d", t->code, lines[k]);
        }
        for (size_t k = 0; k < t->rule_count; k++)
            check_rule_waves(r, t, &t->rules[k], faults);
        if (t->deadline_working_days > 0 && r->day_count == 0)
            reference_fault(
                faults, "trainings.yaml", lines[i],
                "khóa %s có thời hạn mà calendar.csv không có ngày nào: thiếu ngày "
                "nghỉ thì không tính được ngày làm việc",
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
    reference_build_lines(r, faults);
    check_waves(r, faults);
    check_courses(r, faults);
    reference_check_plans(r, faults);
    check_days(r, faults);
}
