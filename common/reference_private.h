/* What the reference*.c files share: the arena and the index of unit names. */
#ifndef MOOC_REFERENCE_PRIVATE_H
#define MOOC_REFERENCE_PRIVATE_H

#include "arena.h"
#include "reference.h"
#include "sheet.h"

/* A unit under one of its names, normalised by unit_name_fold. */
struct unit_name {
    const char *folded;
    size_t unit; /* index into units */
};

/* Line of each item in its file, for faults that show only when rows are compared. */
struct reference_lines {
    const int *units, *trainings, *waves, *courses, *targets, *days;
};

struct reference_arena {
    struct arena memory;
    struct reference_lines lines;
    const struct reference_unit **by_code; /* sorted */
    struct unit_name *names;               /* sorted by folded, then unit */
    size_t name_count;
    char fingerprint[33];
};

/* Faults on the way to the caller: all to its callback, the first into err. */
struct reference_faults {
    void (*report)(void *context, const char *fault);
    void *context;
    size_t count;
    struct error *err;
};
/* line 0: none to name; file NULL: the text names the place itself. */
void reference_fault(struct reference_faults *faults, const char *file, int line,
                     const char *format, ...) PRINTF_LIKE(4, 5);

/* Lines of the folder's items; they live as long as the reference. */
const struct reference_lines *reference_lines(const struct reference *r);

static inline void *reference_allocate(struct reference_arena *arena, size_t bytes)
{
    return arena_allocate(&arena->memory, bytes);
}
static inline const char *reference_text(struct reference_arena *arena, const char *text)
{
    return arena_text(&arena->memory, text);
}

/* reference_trainings.c: trainings.yaml into r. */
void reference_read_trainings(struct reference *r, const char *folder,
                              struct reference_faults *faults);
/* reference_rows.c: the CSV files into r's arrays. Faults in cells are reported with file and line. */
bool reference_read_tables(struct reference *r, const char *folder, struct reference_faults *faults);
/* reference_check.c: the index of codes; what rows say of each other. */
void reference_check(struct reference *r, struct reference_faults *faults);
/* reference_match.c: the index of names; ambiguous names are faults. */
void reference_index_units(struct reference *r, struct reference_faults *faults);

/* Case, blanks, Unicode form, tone placement and punctuation folded, short forms written out, "UBND" in front of a territory's
 * name dropped. False when nothing is left or out is too small. */
bool unit_name_fold(const char *text, char *out, size_t size) MUST_CHECK;

/* Is the unit the province or below it, by management or by territory? */
bool reference_is_within(const struct reference *r, const struct reference_unit *unit,
                         const char *province);

#endif
