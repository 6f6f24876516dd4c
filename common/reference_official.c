/* official-units.csv: the list of administrative units as the statistics office exports it, one commune a row. Its provinces,
 * districts and communes become units; those that units.csv holds already (by official code) are the same units. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "reference_table.h"

#define FILE_NAME "official-units.csv"
#define TWO_LEVELS_SINCE "2025-07-01" /* Resolution 203/2025/QH15: no districts any more */
#define THREE_LEVELS_UNTIL "2025-06-30"

enum level { PROVINCE, DISTRICT, COMMUNE, LEVEL_COUNT };
static const size_t digits[LEVEL_COUNT] = {2, 3, 5};
static const char *const kinds[LEVEL_COUNT] = {"tinh", "huyen", "xa"};

/* A unit of the list, once per row that names it. */
struct listed {
    const char *official_code, *name, *above; /* above: official code, "" for provinces */
    enum level level;
    int line;
    const char *unit; /* its unit's code */
};

/* Spreadsheets drop leading zeros. "" when the cell is empty or no code (reported). */
static const char *official_code(const struct table *t, size_t n, enum level level)
{
    const char *text = table_cell(t, n);
    size_t length = strlen(text);
    if (length == 0)
        return "";
    if (length > digits[level] || strspn(text, "0123456789") != length) {
        reference_fault(t->faults, t->name, table_line(t), "%s \"%.40s\" không phải là mã %zu chữ số",
                        "%s \"%.40s\" is no code of %zu digits",
                        t->columns[n] + (t->columns[n][0] == '?'), text, digits[level]);
        return "";
    }
    char *padded = reference_allocate(t->arena, digits[level] + 1);
    memset(padded, '0', digits[level]);
    memcpy(padded + digits[level] - length, text, length);
    return padded;
}

/* The row's units; those without a code (an island district has no communes) are left out. */
static size_t read_row(const struct table *t, struct listed *out)
{
    size_t count = 0;
    const char *above = "";
    for (enum level level = PROVINCE; level < LEVEL_COUNT; level++) {
        size_t column = 2 * (size_t)level;
        const char *code = official_code(t, column + 1, level), *name = table_cell(t, column);
        if (code[0] == '\0' && level == PROVINCE)
            reference_fault(t->faults, t->name, table_line(t), "dòng không có mã tỉnh",
                            "the row has no code of a province");
        if (code[0] == '\0')
            continue;
        if (name[0] == '\0' || strlen(name) > 250)
            reference_fault(t->faults, t->name, table_line(t),
                            "mã %s không có tên, hoặc tên dài quá 250 byte",
                            "code %s has no name, or one longer than 250 bytes", code);
        out[count++] = (struct listed){code, name, above, level, table_line(t), NULL};
        above = code;
    }
    return count;
}

static int compare_listed(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    int order = strcmp(x->official_code, y->official_code);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

/* One entry per code; what the list says of it in other rows must be the same. */
static size_t unique(struct listed *listed, size_t count, struct reference_faults *faults)
{
    size_t kept = 0;
    qsort(listed, count, sizeof(*listed), compare_listed);
    for (size_t i = 0; i < count; i++) {
        const struct listed *l = &listed[i], *first = kept > 0 ? &listed[kept - 1] : NULL;
        if (first == NULL || strcmp(first->official_code, l->official_code) != 0)
            listed[kept++] = *l;
        else if (l->level == COMMUNE)
            reference_fault(faults, FILE_NAME, l->line, "mã %s có hai lần, lần trước ở dòng %d",
                            "code %s stands twice, before in line %d", l->official_code, first->line);
        else if (strcmp(first->name, l->name) != 0 || strcmp(first->above, l->above) != 0)
            reference_fault(
                faults, FILE_NAME, l->line,
                "mã %s ở đây là %s mà ở dòng khác là %s (dòng %d), hoặc thuộc tỉnh khác",
                "code %s is %s here and %s in line %d, or in another province", l->official_code,
                l->name, first->name, first->line);
    }
    return kept;
}

static int compare_official(const void *a, const void *b)
{
    const struct reference_unit *const *x = a, *const *y = b;
    return strcmp((*x)->official_code, (*y)->official_code);
}

static bool exists_on(const struct reference_unit *u, const char *day)
{
    return (u->valid_from[0] == '\0' || strcmp(u->valid_from, day) <= 0) &&
           (u->valid_to[0] == '\0' || strcmp(u->valid_to, day) >= 0);
}

/* The unit of units.csv with this official code on the list's day: codes were given anew in 2025. */
static const struct reference_unit *known_unit(const struct reference_unit **by_official,
                                               size_t count, const char *code, const char *day)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(by_official[middle]->official_code, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && strcmp(by_official[low]->official_code, code) == 0; low++) {
        if (exists_on(by_official[low], day))
            return by_official[low];
    }
    return NULL;
}

static const char *unit_of(const struct listed *listed, size_t count, const char *code)
{
    struct listed wanted = {.official_code = code};
    for (size_t low = 0, high = count; low < high;) {
        size_t middle = (low + high) / 2;
        int order = strcmp(listed[middle].official_code, wanted.official_code);
        if (order == 0)
            return listed[middle].unit;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return "";
}

/* "Hà Giang" of "Tỉnh Hà Giang": lists name provinces so. */
static void give_short_name(struct reference_arena *arena, struct reference_unit *u)
{
    static const char *const forms[] = {"Tỉnh ", "Thành phố "};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (strncmp(u->name, forms[i], strlen(forms[i])) != 0)
            continue;
        const char **aliases = reference_allocate(arena, sizeof(*aliases));
        aliases[0] = reference_text(arena, u->name + strlen(forms[i]));
        u->aliases = aliases;
        u->alias_count = 1;
    }
}

/* Appends what units.csv does not hold. */
static void add_units(struct reference *r, struct listed *listed, size_t count, bool two_levels)
{
    struct reference_arena *arena = r->arena;
    size_t known = 0;
    const struct reference_unit **by_official =
        reference_allocate(arena, (r->unit_count + 1) * sizeof(*by_official));
    struct reference_unit *units =
        reference_allocate(arena, (r->unit_count + count + 1) * sizeof(*units));
    int *lines = reference_allocate(arena, (r->unit_count + count + 1) * sizeof(*lines));
    memcpy(units, r->units, r->unit_count * sizeof(*units));
    memcpy(lines, arena->lines.units, r->unit_count * sizeof(*lines));
    for (size_t i = 0; i < r->unit_count; i++) {
        if (units[i].official_code[0] != '\0')
            by_official[known++] = &units[i];
    }
    qsort(by_official, known, sizeof(*by_official), compare_official);
    for (size_t i = 0; i < count; i++) {
        const struct reference_unit *u =
            known_unit(by_official, known, listed[i].official_code,
                       two_levels ? TWO_LEVELS_SINCE : THREE_LEVELS_UNTIL);
        char code[16];
        (void)snprintf(code, sizeof(code), "VN-%s", listed[i].official_code);
        listed[i].unit = u != NULL ? u->code : reference_text(arena, code);
        if (u != NULL)
            continue;
        units[r->unit_count] =
            (struct reference_unit){.code = listed[i].unit,
                                    .name = listed[i].name,
                                    .printed_name = listed[i].name,
                                    .kind = kinds[listed[i].level],
                                    .official_code = listed[i].official_code,
                                    .print_order = (int)strtol(listed[i].official_code, NULL, 10),
                                    .valid_from = two_levels ? TWO_LEVELS_SINCE : "",
                                    .valid_to = ""};
        if (listed[i].level == PROVINCE)
            give_short_name(arena, &units[r->unit_count]);
        lines[r->unit_count++] = listed[i].line;
        units[r->unit_count - 1].parent = listed[i].above; /* an official code still */
    }
    for (size_t i = arena->official_from; i < r->unit_count; i++)
        units[i].parent = units[i].territory = unit_of(listed, count, units[i].parent);
    r->units = units;
    arena->lines.units = lines;
}

bool reference_read_official(struct reference *r, const char *folder, struct reference_faults *faults)
{
    static const char *const columns[] = {"Tỉnh Thành Phố", "Mã TP",     "?Quận Huyện",
                                          "?Mã QH",         "Phường Xã", "Mã PX",
                                          "?Tên Tiếng Anh", "?Cấp",      NULL};
    struct table t = {.name = FILE_NAME, .columns = columns, .arena = r->arena, .faults = faults};
    t.arena->official_from = r->unit_count;
    bool ok = table_open(&t, folder, false);
    if (ok && t.rows > 0) {
        struct listed *listed = table_items(&t, sizeof(*listed), LEVEL_COUNT);
        size_t count = 0;
        bool two_levels = true;
        while (table_next(&t)) {
            count += read_row(&t, listed + count);
            two_levels = two_levels && table_cell(&t, 3)[0] == '\0';
        }
        add_units(r, listed, unique(listed, count, faults), two_levels);
    }
    table_close(&t);
    return ok;
}
