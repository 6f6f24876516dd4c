/* Units without their folder: as a database holds them. */
#include <stdlib.h>
#include <string.h>

#include "reference_private.h"

static const char *const *copy_texts(struct reference_arena *arena, const char *const *texts,
                                     size_t count)
{
    const char **copies = reference_allocate(arena, (count + 1) * sizeof(*copies));
    for (size_t i = 0; i < count; i++)
        copies[i] = reference_text(arena, texts[i]);
    return copies;
}

static void copy_unit(struct reference_arena *arena, const struct reference_unit *unit,
                      struct reference_unit *out)
{
    *out = *unit;
    const char **const texts[] = {&out->code,          &out->name,       &out->printed_name,
                                  &out->kind,          &out->parent,     &out->territory,
                                  &out->official_code, &out->valid_from, &out->valid_to};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i] = reference_text(arena, *texts[i]);
    out->successors = copy_texts(arena, unit->successors, unit->successor_count);
    out->aliases = copy_texts(arena, unit->aliases, unit->alias_count);
}

static void copy_lines(struct reference_arena *arena, const struct reference_above *lines,
                       size_t count)
{
    arena->history = reference_allocate(arena, (count + 1) * sizeof(*arena->history));
    arena->history_count = count;
    for (size_t i = 0; i < count; i++)
        arena->history[i] = (struct reference_history){.code = reference_text(arena, lines[i].unit),
                                                       .above = reference_text(arena, lines[i].above),
                                                       .from = reference_text(arena, lines[i].from),
                                                       .to = reference_text(arena, lines[i].to),
                                                       .by_territory = lines[i].by_territory};
}

struct reference *reference_of_units(const struct reference_unit *units, size_t count,
                                     const struct reference_above *lines, size_t line_count)
{
    struct reference *r = calloc(1, sizeof(*r));
    struct reference_arena *arena = calloc(1, sizeof(*arena));
    if (r == NULL || arena == NULL)
        abort();
    r->arena = arena;
    struct reference_unit *copies = reference_allocate(arena, (count + 1) * sizeof(*copies));
    for (size_t i = 0; i < count; i++)
        copy_unit(arena, &units[i], &copies[i]);
    r->units = copies;
    r->unit_count = arena->official_from = count;
    arena->lines.units = reference_allocate(arena, (count + 1) * sizeof(int));
    copy_lines(arena, lines, line_count);
    /* Whoever loaded them has looked for faults. */
    struct error err = {0};
    struct reference_faults faults = {.err = &err};
    reference_check(r, &faults);
    reference_index_units(r, &faults);
    return r;
}
