/* The CSV files of the reference folder, row by row. */
#include <string.h>

#include "reference_table.h"

static void check_official_code(const struct table *t, const struct reference_unit *u)
{
    size_t length = strlen(u->official_code);
    bool digits = strspn(u->official_code, "0123456789") == length;
    if (length > 0 && (!digits || (length != 2 && length != 3 && length != 5)))
        reference_fault(
            t->faults, t->name, table_line(t),
            "official_code \"%.40s\" không đúng: mã tỉnh có 2 chữ số, huyện 3, xã "
            "5 (kể cả số 0 ở đầu)",
            "official_code \"%.40s\" is none: a province's has 2 digits, a district's 3, "
            "a commune's 5 (with leading zeros)",
            u->official_code);
}

static bool read_units(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {
        "code",      "name",        "printed_name", "aliases",  "kind",      "parent",
        "territory", "print_order", "valid_from",   "valid_to", "successor", "?official_code",
        NULL};
    struct table t = {.name = "units.csv", .columns = columns, .arena = r->arena, .faults = faults};
    if (table_open(&t, folder, true)) {
        struct reference_unit *units = table_items(&t, sizeof(*units), 1);
        while (table_next(&t)) {
            struct reference_unit *u = &units[r->unit_count++];
            u->code = table_code(&t, 0, true);
            u->name = table_text(&t, 1);
            u->printed_name = table_cell(&t, 2)[0] != '\0' ? table_cell(&t, 2) : u->name;
            u->alias_count = table_list(&t, 3, &u->aliases);
            u->kind = table_text(&t, 4);
            u->parent = table_code(&t, 5, false);
            u->territory = table_code(&t, 6, false);
            u->print_order = (int)table_number(&t, 7, false, 1000000, 0);
            u->valid_from = table_date(&t, 8, false);
            u->valid_to = table_date(&t, 9, false);
            u->successor_count = table_list(&t, 10, &u->successors);
            u->official_code = table_cell(&t, 11);
            check_official_code(&t, u);
        }
        r->units = units;
        t.arena->lines.units = t.lines;
        if (r->unit_count == 0)
            reference_fault(faults, t.name, 1, "dưới dòng đầu không có đơn vị nào",
                            "no unit stands below the first line");
    }
    table_close(&t);
    return r->unit_count > 0;
}

static bool read_waves(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {"code",         "training", "province", "name",
                                          "printed_name", "begins",   "ends",     "kind",
                                          "print_order",  NULL};
    struct table t = {.name = "waves.csv", .columns = columns, .arena = r->arena, .faults = faults};
    bool ok = table_open(&t, folder, true);
    struct reference_wave *waves = table_items(&t, sizeof(*waves), 1);
    while (ok && table_next(&t)) {
        struct reference_wave *w = &waves[r->wave_count++];
        w->code = table_code(&t, 0, true);
        w->training = table_code(&t, 1, true);
        w->province = table_code(&t, 2, true);
        w->name = table_text(&t, 3);
        w->printed_name = table_cell(&t, 4)[0] != '\0' ? table_cell(&t, 4) : w->name;
        w->begins = table_date(&t, 5, false);
        w->ends = table_date(&t, 6, false);
        const char *kind = table_cell(&t, 7);
        w->totals_only = strcmp(kind, "totals") == 0;
        if (!w->totals_only && strcmp(kind, "counted") != 0)
            reference_fault(faults, t.name, table_line(&t), "kind phải là counted hoặc totals",
                            "kind must be counted or totals");
        if (w->begins[0] != '\0' && w->ends[0] != '\0' && strcmp(w->begins, w->ends) > 0)
            reference_fault(faults, t.name, table_line(&t), "đợt kết thúc trước khi bắt đầu",
                            "the wave ends before it begins");
        w->print_order = (int)table_number(&t, 8, false, 1000000, 0);
    }
    r->waves = waves;
    t.arena->lines.waves = t.lines;
    table_close(&t);
    return ok;
}

static bool learning_hidden(const struct table *t, size_t n)
{
    const char *text = table_cell(t, n);
    bool hidden = strcmp(text, "hidden") == 0;
    if (!hidden && text[0] != '\0' && strcmp(text, "shown") != 0)
        reference_fault(t->faults, t->name, table_line(t),
                        "learning \"%.40s\" phải là shown, hidden hoặc để trống (shown)",
                        "learning \"%.40s\" must be shown, hidden or empty (shown)", text);
    return hidden;
}

static bool read_courses(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {"source", "course",    "training",
                                          "exam",   "?learning", NULL};
    struct table t = {.name = "courses.csv", .columns = columns, .arena = r->arena, .faults = faults};
    bool ok = table_open(&t, folder, true);
    struct reference_course *courses = table_items(&t, sizeof(*courses), 1);
    while (ok && table_next(&t))
        courses[r->course_count++] =
            (struct reference_course){table_text(&t, 0), table_text(&t, 1), table_code(&t, 2, true),
                                      table_cell(&t, 3), learning_hidden(&t, 4)};
    r->courses = courses;
    t.arena->lines.courses = t.lines;
    table_close(&t);
    return ok;
}

static bool read_days(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {"date", "kind", "name", NULL};
    struct table t = {.name = "calendar.csv", .columns = columns, .arena = r->arena, .faults = faults};
    bool ok = table_open(&t, folder, false);
    struct reference_day *days = table_items(&t, sizeof(*days), 1);
    while (ok && table_next(&t)) {
        struct reference_day *d = &days[r->day_count++];
        *d = (struct reference_day){table_date(&t, 0, true), table_cell(&t, 1), table_cell(&t, 2)};
        if (strcmp(d->kind, "holiday") != 0 && strcmp(d->kind, "working_saturday") != 0)
            reference_fault(faults, t.name, table_line(&t),
                            "kind phải là holiday hoặc working_saturday",
                            "kind must be holiday or working_saturday");
    }
    r->days = days;
    t.arena->lines.days = t.lines;
    table_close(&t);
    return ok;
}

bool reference_read_tables(struct reference *r, const char *folder, struct reference_faults *faults)
{
    bool units = read_units(r, folder, faults) && reference_read_official(r, folder, faults);
    bool history = reference_read_history(r, folder, faults), waves = read_waves(r, folder, faults);
    bool courses = read_courses(r, folder, faults), days = read_days(r, folder, faults);
    bool plans = reference_read_plans(r, folder, faults);
    return units && history && waves && courses && plans && days;
}
