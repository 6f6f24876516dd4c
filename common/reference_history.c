/* Which unit stood above another, and when: unit_history.csv for the past, parent and territory of units.csv for the rest. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "reference_table.h"

#define HISTORY "unit_history.csv"
#define MAX_DEPTH 32
#define NONE SIZE_MAX

bool reference_read_history(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {"code", "tree", "above", "valid_from", "valid_to", NULL};
    struct table t = {.name = HISTORY, .columns = columns, .arena = r->arena, .faults = faults};
    bool ok = table_open(&t, folder, false);
    struct reference_history *history = table_items(&t, sizeof(*history), 1);
    while (ok && table_next(&t)) {
        struct reference_history *h = &history[t.arena->history_count++];
        h->code = table_code(&t, 0, true);
        const char *tree = table_cell(&t, 1);
        h->by_territory = strcmp(tree, "territory") == 0;
        if (!h->by_territory && strcmp(tree, "management") != 0)
            reference_fault(faults, t.name, table_line(&t), "tree phải là management hoặc territory",
                            "tree must be management or territory");
        h->above = table_code(&t, 2, false);
        h->from = table_date(&t, 3, false);
        h->to = table_date(&t, 4, false);
        h->line = table_line(&t);
        if (h->from[0] != '\0' && h->to[0] != '\0' && strcmp(h->from, h->to) > 0)
            reference_fault(faults, t.name, h->line, "thời gian kết thúc trước khi bắt đầu",
                            "the period ends before it begins");
    }
    t.arena->history = history;
    table_close(&t);
    return ok;
}

static int32_t day_of(const char *text, int32_t if_open)
{
    int32_t day;
    return clock_parse_date(text, &day) ? day : if_open;
}

static size_t index_of(const struct reference *r, const struct reference_unit *unit)
{
    return (size_t)(unit - r->units);
}

static int compare_lines(const void *a, const void *b)
{
    const struct reference_unit_line *x = a, *y = b;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    if (x->by_territory != y->by_territory)
        return x->by_territory ? 1 : -1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* The history's rows that name units, in order. */
static size_t history_lines(const struct reference *r, struct reference_unit_line *out,
                            struct reference_faults *faults)
{
    const struct reference_arena *arena = r->arena;
    size_t count = 0;
    for (size_t i = 0; i < arena->history_count; i++) {
        const struct reference_history *h = &arena->history[i];
        const struct reference_unit *unit = reference_find_unit(r, h->code);
        const struct reference_unit *above = reference_find_unit(r, h->above);
        if (unit == NULL)
            reference_fault(faults, HISTORY, h->line, "đơn vị %s không có trong units.csv",
                            "unit %s is not in units.csv", h->code);
        if (above == NULL && h->above[0] != '\0')
            reference_fault(faults, HISTORY, h->line,
                            "đơn vị %s: cấp trên %s không phải là đơn vị nào",
                            "unit %s: above %s is no unit", h->code, h->above);
        if (unit == NULL)
            continue;
        struct reference_unit_line line = {unit,
                                           above,
                                           h->by_territory,
                                           day_of(h->from, REFERENCE_OPEN_FROM),
                                           day_of(h->to, REFERENCE_OPEN_TO),
                                           h->line};
        size_t u = index_of(r, unit);
        if (line.from < arena->begins[u] && line.from != REFERENCE_OPEN_FROM)
            reference_fault(faults, HISTORY, h->line, "đơn vị %s chưa có vào ngày %s",
                            "unit %s did not exist on %s", h->code, h->from);
        if (line.to > arena->ends[u] && line.to != REFERENCE_OPEN_TO)
            reference_fault(faults, HISTORY, h->line, "đơn vị %s không còn vào ngày %s",
                            "unit %s did not exist any more on %s", h->code, h->to);
        line.from = line.from > arena->begins[u] ? line.from : arena->begins[u];
        line.to = line.to < arena->ends[u] ? line.to : arena->ends[u];
        if (line.from <= line.to)
            out[count++] = line;
    }
    qsort(out, count, sizeof(*out), compare_lines);
    return count;
}

/* The lines of one unit and tree: its history, and between it what units.csv says. Gives the number of history lines used. */
static size_t lay_lines(struct reference *r, struct reference_unit_line *lines, size_t unit,
                        bool by_territory, const struct reference_unit_line *history, size_t left,
                        struct reference_faults *faults)
{
    const struct reference_arena *arena = r->arena;
    const struct reference_unit *u = &r->units[unit];
    const struct reference_unit *above =
        reference_find_unit(r, by_territory ? u->territory : u->parent);
    size_t used = 0;
    int64_t next = arena->begins[unit]; /* first day without a line */
    for (; used < left && history[used].unit == u && history[used].by_territory == by_territory;
         used++) {
        const struct reference_unit_line *h = &history[used];
        if (used > 0 && (h->from <= history[used - 1].to))
            reference_fault(faults, HISTORY, h->line, "đơn vị %s: thời gian trùng với dòng %d",
                            "unit %s: the period overlaps with that of line %d", u->code,
                            history[used - 1].line);
        if (above != NULL && h->from > next)
            lines[r->line_count++] =
                (struct reference_unit_line){u, above, by_territory, (int32_t)next, h->from - 1, 0};
        lines[r->line_count++] = *h;
        next = (int64_t)h->to + 1;
    }
    if (above != NULL && next <= arena->ends[unit])
        lines[r->line_count++] = (struct reference_unit_line){
            u, above, by_territory, (int32_t)next, arena->ends[unit], 0};
    return used;
}

static void read_validity(struct reference *r)
{
    struct reference_arena *arena = r->arena;
    arena->begins = reference_allocate(arena, (r->unit_count + 1) * sizeof(*arena->begins));
    arena->ends = reference_allocate(arena, (r->unit_count + 1) * sizeof(*arena->ends));
    for (size_t i = 0; i < r->unit_count; i++) {
        arena->begins[i] = day_of(r->units[i].valid_from, REFERENCE_OPEN_FROM);
        arena->ends[i] = day_of(r->units[i].valid_to, REFERENCE_OPEN_TO);
    }
}

static void check_successors(const struct reference *r, size_t unit, struct reference_faults *faults)
{
    const struct reference_arena *arena = r->arena;
    const struct reference_unit *u = &r->units[unit];
    const char *file = reference_unit_file(r, unit);
    int line = arena->lines.units[unit];
    if (u->successor_count > 0 && u->valid_to[0] == '\0')
        reference_fault(faults, file, line,
                        "đơn vị %s có đơn vị kế tiếp mà không có valid_to: hãy ghi ngày kết "
                        "thúc",
                        "unit %s has a successor and no valid_to: say when it ended", u->code);
    for (size_t i = 0; i < u->successor_count; i++) {
        const struct reference_unit *s = reference_find_unit(r, u->successors[i]);
        if (s == NULL) {
            reference_fault(faults, file, line,
                            "đơn vị %s: đơn vị kế tiếp %.60s không phải là đơn vị nào: hãy thêm "
                            "dòng của nó, hoặc sửa mã",
                            "unit %s: successor %.60s is no unit: add its row, or correct the code",
                            u->code, u->successors[i]);
            continue;
        }
        int64_t day_after = (int64_t)arena->ends[unit] + 1;
        if (u->valid_to[0] == '\0')
            continue;
        if (arena->begins[index_of(r, s)] > day_after)
            reference_fault(faults, file, line,
                            "đơn vị %s kết thúc ngày %s mà đơn vị kế tiếp %s đến %s mới bắt đầu: "
                            "phải có từ ngày hôm sau",
                            "unit %s ended on %s, and its successor %s begins only on %s: it must "
                            "exist on the day after",
                            u->code, u->valid_to, s->code, s->valid_from);
        if (arena->ends[index_of(r, s)] < day_after)
            reference_fault(faults, file, line,
                            "đơn vị %s kết thúc ngày %s, khi đơn vị kế tiếp %s cũng đã kết thúc "
                            "(%s)",
                            "unit %s ended on %s, when its successor %s had ended too (%s)",
                            u->code, u->valid_to, s->code, s->valid_to);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(u->successors[k], u->successors[i]) == 0)
                reference_fault(faults, file, line, "đơn vị %s: đơn vị kế tiếp %s có hai lần",
                                "unit %s: successor %s stands twice", u->code, s->code);
        }
    }
}

const struct reference_unit_line *reference_line_on(const struct reference *r, size_t unit,
                                                    bool by_territory, int32_t day)
{
    const struct reference_arena *arena = r->arena;
    if (day < arena->begins[unit])
        day = arena->begins[unit];
    if (day > arena->ends[unit])
        day = arena->ends[unit];
    size_t key = 2 * unit + by_territory;
    for (size_t i = arena->first_line[key]; i < arena->first_line[key + 1]; i++) {
        if (r->lines[i].from <= day && day <= r->lines[i].to)
            return r->lines[i].above != NULL ? &r->lines[i] : NULL;
    }
    return NULL;
}

/* Who stands for a unit on a day: itself, or its single successor once it has ended. */
static size_t stands_for(const struct reference *r, size_t unit, int32_t day)
{
    const struct reference_arena *arena = r->arena;
    for (size_t steps = 0; steps < r->unit_count && arena->ends[unit] < day; steps++) {
        const struct reference_unit *s = r->units[unit].successor_count == 1
                                             ? reference_find_unit(r, r->units[unit].successors[0])
                                             : NULL;
        if (s == NULL)
            return unit;
        unit = index_of(r, s);
    }
    return unit;
}

/* The unit above on a day, past those that had ended and have no single successor; NONE. */
static size_t above_on(const struct reference *r, size_t unit, bool by_territory, int32_t day)
{
    const struct reference_arena *arena = r->arena;
    for (size_t steps = 0; steps <= r->unit_count; steps++) {
        const struct reference_unit_line *line = reference_line_on(r, unit, by_territory, day);
        if (line == NULL)
            return NONE;
        unit = stands_for(r, index_of(r, line->above), day);
        if (arena->ends[unit] >= day)
            return unit;
    }
    return unit; /* ended units above each other: a cycle, found by whoever climbs */
}

static void report_cycle(const struct reference *r, size_t unit, bool by_territory, int32_t day,
                         struct reference_faults *faults)
{
    const struct reference_unit_line *line = reference_line_on(r, unit, by_territory, day);
    bool from_history = line != NULL && line->line > 0;
    char on[CLOCK_DATE_SIZE + 4] = "";
    if (day > REFERENCE_OPEN_FROM) {
        memcpy(on, " on ", 4);
        clock_format_date(day, on + 4);
    }
    reference_fault(
        faults, from_history ? HISTORY : reference_unit_file(r, unit),
        from_history ? line->line : reference_lines(r)->units[unit],
        "đơn vị %s: chuỗi %s không có điểm cuối%s: một đơn vị không thể đứng trên chính nó, cũng "
        "không sâu quá %d cấp",
        "unit %s: its %s chain has no end%s: a unit cannot stand above itself, nor more "
        "than %d deep",
        r->units[unit].code, by_territory ? "territory" : "parent", on, MAX_DEPTH);
}

/* The first unit (of units.csv's order) of the circle that the chain's end is in; its start where it is only too deep. */
static size_t to_blame(const size_t *chain, size_t length)
{
    size_t last = length - 1, k = last;
    while (k-- > 0) {
        if (chain[k] != chain[last])
            continue;
        size_t least = chain[last];
        for (; k < last; k++)
            least = chain[k] < least ? chain[k] : least;
        return least;
    }
    return chain[0];
}

/* Does every chain of the tree end on this day? Depths: per unit, 0 where not known yet. */
static bool check_day(const struct reference *r, bool by_territory, int32_t day, uint8_t *depths,
                      struct reference_faults *faults)
{
    memset(depths, 0, r->unit_count);
    for (size_t i = 0; i < r->unit_count; i++) {
        size_t chain[MAX_DEPTH + 2], length = 0;
        for (size_t u = stands_for(r, i, day); u != NONE && depths[u] == 0;
             u = above_on(r, u, by_territory, day)) {
            chain[length++] = u;
            if (length > MAX_DEPTH) {
                report_cycle(r, to_blame(chain, length), by_territory, day, faults);
                return false;
            }
        }
        size_t top = length > 0 ? above_on(r, chain[length - 1], by_territory, day) : NONE;
        size_t depth = top != NONE ? depths[top] : 0;
        if (depth + length > MAX_DEPTH) {
            report_cycle(r, i, by_territory, day, faults);
            return false;
        }
        while (length > 0)
            depths[chain[--length]] = (uint8_t)++depth;
    }
    return true;
}

static int compare_days(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Once for every stretch of days on which nothing changes; the first fault of a tree is enough. */
static void check_cycles(const struct reference *r, struct reference_faults *faults)
{
    const struct reference_arena *arena = r->arena;
    size_t count = 0, most = 2 * (r->unit_count + r->line_count) + 1;
    int32_t *days = malloc(most * sizeof(*days));
    uint8_t *depths = malloc(r->unit_count + 1);
    if (days == NULL || depths == NULL)
        abort();
    days[count++] = REFERENCE_OPEN_FROM;
    for (size_t i = 0; i < r->unit_count; i++) {
        days[count++] = arena->begins[i];
        days[count++] = arena->ends[i] < REFERENCE_OPEN_TO ? arena->ends[i] + 1 : REFERENCE_OPEN_FROM;
    }
    for (size_t i = 0; i < r->line_count; i++) {
        days[count++] = r->lines[i].from;
        days[count++] = r->lines[i].to < REFERENCE_OPEN_TO ? r->lines[i].to + 1 : REFERENCE_OPEN_FROM;
    }
    qsort(days, count, sizeof(*days), compare_days);
    for (int tree = 0; tree < 2; tree++) {
        for (size_t i = 0; i < count; i++) {
            if ((i == 0 || days[i] != days[i - 1]) &&
                !check_day(r, tree == 1, days[i], depths, faults))
                break;
        }
    }
    free(days);
    free(depths);
}

void reference_build_lines(struct reference *r, struct reference_faults *faults)
{
    struct reference_arena *arena = r->arena;
    size_t before = faults->count;
    read_validity(r);
    for (size_t i = 0; i < r->unit_count; i++)
        check_successors(r, i, faults);
    struct reference_unit_line *history =
        reference_allocate(arena, (arena->history_count + 1) * sizeof(*history));
    size_t left = history_lines(r, history, faults);
    struct reference_unit_line *lines =
        reference_allocate(arena, (2 * (r->unit_count + left) + 1) * sizeof(*lines));
    arena->first_line =
        reference_allocate(arena, (2 * r->unit_count + 1) * sizeof(*arena->first_line));
    r->lines = lines;
    for (size_t i = 0; i < 2 * r->unit_count; i++) {
        size_t used = lay_lines(r, lines, i / 2, i % 2 == 1, history, left, faults);
        history += used;
        left -= used;
        arena->first_line[i + 1] = r->line_count;
    }
    if (faults->count == before) /* chains are followed only where every link is sound */
        check_cycles(r, faults);
}
