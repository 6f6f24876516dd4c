/* What a wave's units stand at, at the end of a period: for what changed since the period before. */
#ifndef MOOC_PACK_UNIT_FIGURES_H
#define MOOC_PACK_UNIT_FIGURES_H

#include "../pg.h"
#include "../report/report.h"

enum pack_measure {
    PACK_REGISTERED,
    PACK_ACCOUNTS,
    PACK_PARTICIPATED,
    PACK_COMPLETED,
    PACK_SAT,
    PACK_PASSED,
    PACK_CERTIFIED,
    PACK_MEASURES
};

struct unit_figures {
    const char *unit, *name;       /* as long as the rows */
    int64_t counts[PACK_MEASURES]; /* -1: not known */
    bool known;                    /* the reference data has the unit */
};

/* With all below each unit; ascending by unit. */
struct units_figures {
    struct unit_figures *items;
    size_t count;
    struct pg_rows *rows;
};

/* Inside a transaction. unit NULL: all of the wave. */
bool units_figures_read(struct pg *pg, const char *wave, const char *unit,
                        struct units_figures *out, struct error *err) MUST_CHECK;
void units_figures_release(struct units_figures *figures);
/* NULL: not among them. */
const struct unit_figures *units_figures_find(const struct units_figures *figures, const char *unit);

/* Measures and rates of a unit, before and now: a report. before may be NULL: it had none. */
struct report *unit_changes(const struct unit_figures *before, const struct unit_figures *now,
                            enum language language);
/* The same as sentences: a report without a table. */
struct report *unit_words(const struct unit_figures *before, const struct unit_figures *now,
                          enum language language);

/* What both are made of: the measure's name; whether it has a line (completion only where it is counted); notes under it all. */
const char *unit_measure_name(const struct report *report, int measure);
bool unit_has_line(const struct unit_figures *now, int measure);
void unit_add_notes(const struct unit_figures *now, struct report *report);

#endif
