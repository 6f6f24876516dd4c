#include "reference.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/allocate.h"
#include "../../common/arena.h"
#include "sql.h"

#define BETWEEN '\x1f'

/* ---- units ---- */

static const char *const *split(struct arena *arena, const char *joined, size_t *count)
{
    *count = joined[0] != '\0';
    for (const char *c = joined; *c; c++)
        *count += *c == BETWEEN;
    const char **parts = arena_allocate(arena, (*count + 1) * sizeof(*parts));
    char *copy = arena_allocate(arena, strlen(joined) + 1);
    memcpy(copy, joined, strlen(joined) + 1);
    for (size_t i = 0; i < *count; i++) {
        parts[i] = copy;
        char *end = strchr(copy, BETWEEN);
        if (end)
            *end = '\0';
        copy = end ? end + 1 : copy;
    }
    return parts;
}

static void take_unit(struct arena *arena, const struct pg_rows *rows, size_t row,
                      struct reference_unit *unit)
{
    *unit = (struct reference_unit){.code = pg_rows_value(rows, row, 0),
                                    .name = pg_rows_value(rows, row, 1),
                                    .printed_name = pg_rows_value(rows, row, 2),
                                    .kind = pg_rows_value(rows, row, 3),
                                    .parent = pg_rows_value(rows, row, 4),
                                    .territory = pg_rows_value(rows, row, 5),
                                    .official_code = pg_rows_value(rows, row, 6),
                                    .valid_from = pg_rows_value(rows, row, 7),
                                    .valid_to = pg_rows_value(rows, row, 8),
                                    .print_order = (int)pg_rows_integer(rows, row, 9, 0)};
    unit->successors = split(arena, pg_rows_value(rows, row, 10), &unit->successor_count);
    unit->aliases = split(arena, pg_rows_value(rows, row, 11), &unit->alias_count);
}

struct reference *follow_up_units(struct pg *pg, struct error *err)
{
    struct pg_rows *units = pg_query(pg, sql_follow_up_units, 0, NULL, err);
    struct pg_rows *lines = units ? pg_query(pg, sql_follow_up_lines, 0, NULL, err) : NULL;
    struct reference *reference = NULL;
    if (lines) {
        struct arena arena = {0};
        struct reference_unit *u = arena_allocate(&arena, (pg_rows_count(units) + 1) * sizeof(*u));
        struct reference_above *l = arena_allocate(&arena, (pg_rows_count(lines) + 1) * sizeof(*l));
        for (size_t i = 0; i < pg_rows_count(units); i++)
            take_unit(&arena, units, i, &u[i]);
        for (size_t i = 0; i < pg_rows_count(lines); i++)
            l[i] = (struct reference_above){pg_rows_value(lines, i, 0), pg_rows_value(lines, i, 1),
                                            pg_rows_value(lines, i, 3), pg_rows_value(lines, i, 4),
                                            pg_rows_integer(lines, i, 2, 0) != 0};
        reference = reference_of_units(u, pg_rows_count(units), l, pg_rows_count(lines));
        arena_free(&arena);
    }
    pg_rows_free(units);
    pg_rows_free(lines);
    return reference;
}

/* ---- waves ---- */

bool follow_up_waves_read(struct pg *pg, struct follow_up_waves *out, struct error *err)
{
    *out = (struct follow_up_waves){.rows = pg_query(pg, sql_follow_up_waves, 0, NULL, err)};
    if (!out->rows)
        return false;
    out->count = pg_rows_count(out->rows);
    out->items = must_have(calloc(out->count + 1, sizeof(*out->items)));
    for (size_t i = 0; i < out->count; i++)
        out->items[i] = (struct follow_up_wave){
            pg_rows_value(out->rows, i, 0), pg_rows_value(out->rows, i, 2),
            pg_rows_value(out->rows, i, 1), *pg_rows_value(out->rows, i, 3) == 't'};
    return true;
}

void follow_up_waves_release(struct follow_up_waves *waves)
{
    free(waves->items);
    pg_rows_free(waves->rows);
    *waves = (struct follow_up_waves){0};
}

/* ---- kinds of issues ---- */

bool follow_up_kinds_read(struct pg *pg, struct follow_up_kinds *out, struct error *err)
{
    *out = (struct follow_up_kinds){.rows = pg_query(pg, sql_follow_up_kinds, 0, NULL, err)};
    if (!out->rows)
        return false;
    out->count = pg_rows_count(out->rows);
    if (out->count > FOLLOW_UP_KINDS)
        out->count = FOLLOW_UP_KINDS;
    return true;
}

void follow_up_kinds_release(struct follow_up_kinds *kinds)
{
    pg_rows_free(kinds->rows);
    *kinds = (struct follow_up_kinds){0};
}

uint64_t follow_up_kind_bit(const struct follow_up_kinds *kinds, const char *kind)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (strcmp(pg_rows_value(kinds->rows, i, 0), kind) == 0)
            return 1ULL << i;
    return 0;
}

void follow_up_kinds_text(const struct follow_up_kinds *kinds, uint64_t issues, bool english,
                          struct text_buffer *out)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (issues >> i & 1U)
            text_buffer_add_format(out, "%s%s", out->length ? "; " : "",
                                   pg_rows_value(kinds->rows, i, english ? 2 : 1));
}
