/* The CSV files of the reference folder, row by row. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "reference_private.h"
#include "text.h"

#define MAX_COLUMNS 12

/* One file being read: its header's places and the row at hand. */
struct table {
    const char *name;
    struct sheet_book *book;
    size_t rows, row, width;
    int *lines; /* of the items read */
    size_t read;
    size_t place[MAX_COLUMNS];
    const char *const *columns;
    struct reference_arena *arena;
    struct reference_faults *faults;
};

static int line_of(const struct table *t)
{
    return (int)t->row + 1;
}

/* The cell of the n-th declared column, cleaned, in the arena. */
static const char *cell(const struct table *t, size_t n)
{
    const char *raw = sheet_cell(t->book, 0, t->row, t->place[n]);
    size_t size = strlen(raw) + 1;
    char *clean = reference_allocate(t->arena, size * 3); /* NFC may grow */
    if (!text_clean(raw, clean, size * 3))
        clean[0] = '\0';
    return clean;
}

static const char *code_cell(const struct table *t, size_t n, bool required)
{
    const char *code = cell(t, n);
    size_t length = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    if (code[0] == '\0' && required)
        reference_fault(t->faults, t->name, line_of(t), "%s is empty", t->columns[n]);
    else if (code[length] != '\0' || length > 32)
        reference_fault(t->faults, t->name, line_of(t),
                        "%s \"%.60s\" is no code (A-Z, 0-9 and hyphens, at most 32)", t->columns[n],
                        code);
    return code;
}

static const char *text_cell(const struct table *t, size_t n)
{
    const char *text = cell(t, n);
    if (text[0] == '\0')
        reference_fault(t->faults, t->name, line_of(t), "%s is empty", t->columns[n]);
    if (strlen(text) > 250)
        reference_fault(t->faults, t->name, line_of(t), "%s is longer than 250 bytes", t->columns[n]);
    return text;
}

static const char *date_cell(const struct table *t, size_t n, bool required)
{
    const char *text = cell(t, n);
    int32_t day;
    if (text[0] == '\0' ? required : !clock_parse_date(text, &day))
        reference_fault(t->faults, t->name, line_of(t), "%s \"%.40s\" is no date (YYYY-MM-DD)",
                        t->columns[n], text);
    return text;
}

static int64_t number_cell(const struct table *t, size_t n, bool required, int64_t max)
{
    const char *text = cell(t, n);
    if (text[0] == '\0' && !required)
        return 0;
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < 0 || value > max)
        reference_fault(t->faults, t->name, line_of(t), "%s \"%.40s\" is no number from 0 to %lld",
                        t->columns[n], text, (long long)max);
    return value;
}

/* False: the file cannot be used at all (reported). A file that may be missing counts as empty. */
static bool open_table(struct table *t, const char *folder, bool required)
{
    char path[4096];
    struct stat status;
    struct error err = {0};
    (void)snprintf(path, sizeof(path), "%s/%s", folder, t->name);
    t->book = NULL;
    t->rows = 0;
    if (!required && stat(path, &status) != 0 && errno == ENOENT)
        return true;
    t->book = sheet_open_as(path, ENCODING_UTF8, &err);
    if (t->book == NULL) {
        reference_fault(t->faults, NULL, 0, "%s", err.message); /* begins with the file's name */
        return false;
    }
    bool ok = true;
    size_t width = t->width = sheet_columns(t->book, 0, 0);
    for (size_t n = 0; t->columns[n] != NULL; n++) {
        t->place[n] = SIZE_MAX;
        for (size_t c = 0; c < width; c++) {
            if (strcmp(sheet_cell(t->book, 0, 0, c), t->columns[n]) != 0)
                continue;
            if (t->place[n] != SIZE_MAX)
                reference_fault(t->faults, t->name, 1, "column %s stands twice", t->columns[n]);
            t->place[n] = c;
        }
        if (t->place[n] == SIZE_MAX) {
            reference_fault(t->faults, t->name, 1,
                            "column %s is missing: the first line names every column, also those "
                            "that stay empty",
                            t->columns[n]);
            ok = false;
        }
    }
    t->rows = ok ? sheet_rows(t->book, 0) : 0;
    return ok;
}

/* Moves on to the next row that is not empty. */
static bool next_row(struct table *t)
{
    while (++t->row < t->rows) {
        size_t cells = sheet_columns(t->book, 0, t->row);
        if (cells == 0)
            continue;
        if (cells > t->width)
            reference_fault(t->faults, t->name, line_of(t),
                            "%zu cells where the first line names %zu columns: a text with commas "
                            "must stand in quotation marks",
                            cells, t->width);
        t->lines[t->read++] = line_of(t);
        return true;
    }
    return false;
}

/* Room for one item per row below the header, and for its line. */
static void *items(struct table *t, size_t size)
{
    size_t count = t->rows > 1 ? t->rows - 1 : 1;
    t->lines = reference_allocate(t->arena, count * sizeof(*t->lines));
    return reference_allocate(t->arena, count * size);
}

static void read_aliases(const struct table *t, size_t n, struct reference_unit *unit)
{
    const char *text = cell(t, n);
    size_t bars = 1;
    for (const char *p = text; *p != '\0'; p++)
        bars += *p == '|';
    const char **aliases = reference_allocate(t->arena, bars * sizeof(*aliases));
    char *copy = reference_allocate(t->arena, strlen(text) + 1), *rest = copy;
    memcpy(copy, text, strlen(text) + 1);
    for (char *alias; (alias = strtok_r(rest, "|", &rest)) != NULL;) {
        size_t size = strlen(alias) + 1;
        char *clean = reference_allocate(t->arena, size);
        if (text_clean(alias, clean, size) && clean[0] != '\0')
            aliases[unit->alias_count++] = clean;
    }
    unit->aliases = aliases;
}

static bool read_units(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {"code",       "name",     "printed_name", "aliases",
                                          "kind",       "parent",   "territory",    "print_order",
                                          "valid_from", "valid_to", "successor",    NULL};
    struct table t = {.name = "units.csv", .columns = columns, .arena = r->arena, .faults = faults};
    if (open_table(&t, folder, true)) {
        struct reference_unit *units = items(&t, sizeof(*units));
        while (next_row(&t)) {
            struct reference_unit *u = &units[r->unit_count++];
            u->code = code_cell(&t, 0, true);
            u->name = text_cell(&t, 1);
            u->printed_name = cell(&t, 2)[0] != '\0' ? cell(&t, 2) : u->name;
            read_aliases(&t, 3, u);
            u->kind = text_cell(&t, 4);
            u->parent = code_cell(&t, 5, false);
            u->territory = code_cell(&t, 6, false);
            u->print_order = (int)number_cell(&t, 7, false, 1000000);
            u->valid_from = date_cell(&t, 8, false);
            u->valid_to = date_cell(&t, 9, false);
            u->successor = code_cell(&t, 10, false);
        }
        r->units = units;
        t.arena->lines.units = t.lines;
        if (r->unit_count == 0)
            reference_fault(faults, t.name, 1, "no unit stands below the first line");
    }
    sheet_free(t.book);
    return r->unit_count > 0;
}

static bool read_waves(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {"code",         "training", "province", "name",
                                          "printed_name", "begins",   "ends",     "kind",
                                          "print_order",  NULL};
    struct table t = {.name = "waves.csv", .columns = columns, .arena = r->arena, .faults = faults};
    bool ok = open_table(&t, folder, true);
    struct reference_wave *waves = items(&t, sizeof(*waves));
    while (ok && next_row(&t)) {
        struct reference_wave *w = &waves[r->wave_count++];
        w->code = code_cell(&t, 0, true);
        w->training = code_cell(&t, 1, true);
        w->province = code_cell(&t, 2, true);
        w->name = text_cell(&t, 3);
        w->printed_name = cell(&t, 4)[0] != '\0' ? cell(&t, 4) : w->name;
        w->begins = date_cell(&t, 5, false);
        w->ends = date_cell(&t, 6, false);
        const char *kind = cell(&t, 7);
        w->totals_only = strcmp(kind, "totals") == 0;
        if (!w->totals_only && strcmp(kind, "counted") != 0)
            reference_fault(faults, t.name, line_of(&t), "kind must be counted or totals");
        if (w->begins[0] != '\0' && w->ends[0] != '\0' && strcmp(w->begins, w->ends) > 0)
            reference_fault(faults, t.name, line_of(&t), "the wave ends before it begins");
        w->print_order = (int)number_cell(&t, 8, false, 1000000);
    }
    r->waves = waves;
    t.arena->lines.waves = t.lines;
    sheet_free(t.book);
    return ok;
}

static bool read_courses(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {"source", "course", "training", "exam", NULL};
    struct table t = {.name = "courses.csv", .columns = columns, .arena = r->arena, .faults = faults};
    bool ok = open_table(&t, folder, true);
    struct reference_course *courses = items(&t, sizeof(*courses));
    while (ok && next_row(&t))
        courses[r->course_count++] = (struct reference_course){text_cell(&t, 0), text_cell(&t, 1),
                                                               code_cell(&t, 2, true), cell(&t, 3)};
    r->courses = courses;
    t.arena->lines.courses = t.lines;
    sheet_free(t.book);
    return ok;
}

static bool read_targets(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {"wave", "unit", "planned", NULL};
    struct table t = {.name = "targets.csv", .columns = columns, .arena = r->arena, .faults = faults};
    bool ok = open_table(&t, folder, false);
    struct reference_target *targets = items(&t, sizeof(*targets));
    while (ok && next_row(&t))
        targets[r->target_count++] = (struct reference_target){
            code_cell(&t, 0, true), code_cell(&t, 1, true), number_cell(&t, 2, true, 1000000000)};
    r->targets = targets;
    t.arena->lines.targets = t.lines;
    sheet_free(t.book);
    return ok;
}

static bool read_days(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {"date", "kind", "name", NULL};
    struct table t = {.name = "calendar.csv", .columns = columns, .arena = r->arena, .faults = faults};
    bool ok = open_table(&t, folder, false);
    struct reference_day *days = items(&t, sizeof(*days));
    while (ok && next_row(&t)) {
        struct reference_day *d = &days[r->day_count++];
        *d = (struct reference_day){date_cell(&t, 0, true), cell(&t, 1), cell(&t, 2)};
        if (strcmp(d->kind, "holiday") != 0 && strcmp(d->kind, "working_saturday") != 0)
            reference_fault(faults, t.name, line_of(&t), "kind must be holiday or working_saturday");
    }
    r->days = days;
    t.arena->lines.days = t.lines;
    sheet_free(t.book);
    return ok;
}

bool reference_read_tables(struct reference *r, const char *folder, struct reference_faults *faults)
{
    bool units = read_units(r, folder, faults), waves = read_waves(r, folder, faults);
    bool courses = read_courses(r, folder, faults), targets = read_targets(r, folder, faults);
    bool days = read_days(r, folder, faults);
    return units && waves && courses && targets && days;
}
