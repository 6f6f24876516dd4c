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
    const int *units, *trainings, *waves, *courses, *targets, *staff, *audiences, *days;
};

/* A row of unit_history.csv. */
struct reference_history {
    const char *code, *above, *from, *to;
    bool by_territory;
    int line;
};

struct reference_arena {
    struct arena memory;
    struct reference_lines lines;
    bool trainings_listed;                 /* trainings.yaml is a list, if an empty one */
    const struct reference_unit **by_code; /* sorted */
    size_t official_from;                  /* units from here on stand in official-units.csv only */
    struct reference_history *history;
    size_t history_count;
    int32_t *begins, *ends; /* per unit, days; open as in reference.h */
    size_t *first_line; /* per unit and tree (2 * unit + by_territory): index into lines; one more at the end */
    struct unit_name *names; /* sorted by folded, then unit */
    size_t name_count;
    char fingerprint[33];
};

/* Faults on the way to the caller: all to its callback, the first into err. */
struct reference_faults {
    reference_report *report;
    void *context;
    size_t count;
    struct error *err;
};
/* line 0: none to name; file NULL: the text names the place itself. vi: the same in Vietnamese, with the same arguments. */
void reference_fault(struct reference_faults *faults, const char *file, int line, const char *vi,
                     const char *format, ...) PRINTF_LIKE(4, 6) PRINTF_LIKE(5, 6);

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
/* reference_official.c: adds the official list's units to r's. */
bool reference_read_official(struct reference *r, const char *folder,
                             struct reference_faults *faults);
/* reference_plans.c: targets, staff, audiences. reference_check_plans.c: what they say of units, waves and each other. */
bool reference_read_plans(struct reference *r, const char *folder, struct reference_faults *faults);
void reference_check_plans(const struct reference *r, struct reference_faults *faults);
/* The code in the measure "attendances:CODE"; "" of any other measure. */
const char *reference_target_audience(const char *measure);
/* reference_check.c: the index of codes; what rows say of each other. */
void reference_check(struct reference *r, struct reference_faults *faults);
/* Of a trainings.yaml that cannot be read nobody knows: then it has all. */
bool reference_has_training(const struct reference *r, const char *code);
/* Items of one array as pointers, sorted; equal ones in the order of the file. Freed by the caller. */
const void **reference_sorted(const void *items, size_t count, size_t size,
                              int (*compare)(const void *, const void *));
int reference_file_order(const void *x, const void *y);
/* The file in which a unit (index) stands. */
const char *reference_unit_file(const struct reference *r, size_t unit);
/* reference_history.c: the lines above each unit; successors and cycles at any date are checked. */
bool reference_read_history(struct reference *r, const char *folder, struct reference_faults *faults);
void reference_build_lines(struct reference *r, struct reference_faults *faults);
/* The line of a unit on a day, or its first or last one when it did not exist then; NULL: nothing stood above. */
const struct reference_unit_line *reference_line_on(const struct reference *r, size_t unit,
                                                    bool by_territory, int32_t day);
/* reference_match.c: the index of names; ambiguous names are faults. */
void reference_index_units(struct reference *r, struct reference_faults *faults);

/* Case, blanks, Unicode form, tone placement and punctuation folded, short forms written out, "UBND" in front of a territory's
 * name dropped. False when nothing is left or out is too small. */
bool unit_name_fold(const char *text, char *out, size_t size) MUST_CHECK;

/* Is the unit the province or below it, by management or by territory? */
bool reference_is_within(const struct reference *r, const struct reference_unit *unit,
                         const char *province);

#endif
