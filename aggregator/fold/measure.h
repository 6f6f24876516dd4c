/* What one person contributes: the cells of the tallies it is counted in, and the issues its data raise. Pure functions of the
 * facts in force and the rules (DOMAIN.md, Measures). */
#ifndef MOOC_FOLD_MEASURE_H
#define MOOC_FOLD_MEASURE_H

#include "people.h"

/* The order is that of the columns of table tallies. */
enum measure {
    MEASURE_REGISTERED,
    MEASURE_ACCOUNTS,
    MEASURE_ACTIVATED,
    MEASURE_ENROLLED,
    MEASURE_PARTICIPATED,
    MEASURE_COMPLETED,
    MEASURE_SAT,
    MEASURE_PASSED,
    MEASURE_FAILED,
    MEASURE_CERTIFIED,
    MEASURE_NOT_REGISTERED,
    MEASURE_COUNT
};

enum scope { SCOPE_WAVE, SCOPE_TRAINING, SCOPE_ALL, SCOPE_YEAR };
extern const char *const scope_names[4];

/* A row of the tallies. Unused parts are 0 (unit, study_group: "") or RULES_NONE (training, wave). */
struct cell {
    enum scope scope;
    int32_t training, wave, year;
    uint32_t unit, study_group;
};

enum issue_kind {
    /* the first are enum fault, in its order */
    ISSUE_IDENTIFIER_SHARED = FAULT_COUNT,
    ISSUE_LISTED_IN_TWO_UNITS,
    ISSUE_NO_ACCOUNT,
    ISSUE_NOT_ON_ROSTER,
    ISSUE_PASSED_WITHOUT_LEARNING,
    ISSUE_COUNT
};
const char *issue_name(unsigned kind);

struct issue {
    struct key128 subject;
    uint32_t kind, wave_code, unit, source, file, sheet;
    int64_t name, row;
};

struct contribution {
    struct contributed_cell {
        struct cell cell;
        uint32_t measures; /* bit per enum measure */
    } * cells;
    struct issue *issues;
    size_t cell_count, cell_capacity, issue_count, issue_capacity;
};

struct measurer; /* scratch space, one per thread */
struct measurer *measurer_new(const struct rules *rules);
void measurer_free(struct measurer *measurer);

/* Replaces what *out held; its arrays are reused. identities: also the issues that only lists and accounts decide; where no event
 * of the batch says anything of them they are the same before and after, and need not be found. */
void measure_person(struct measurer *measurer, const struct people *people,
                    const struct person *person, bool identities, struct contribution *out);
void contribution_release(struct contribution *contribution);

#endif
