/* What one person contributes to every table of figures. A batch adds what its people contribute after it and takes away what they
 * contributed before. Each list is in an order that depends on the person's facts only, so that what did not change mostly stands at the
 * same place. */
#ifndef MOOC_FOLD_CONTRIBUTION_H
#define MOOC_FOLD_CONTRIBUTION_H

#include "outcome.h"

enum scope {
    SCOPE_WAVE,
    SCOPE_TRAINING,
    SCOPE_ALL,
    SCOPE_YEAR,
    SCOPE_PLATFORM,
    SCOPE_COURSE,
    SCOPE_AUDIENCE,
    SCOPE_INVITER,
    SCOPE_COUNT
};
extern const char *const scope_names[SCOPE_COUNT];

/* A row of the tallies. Unused parts are 0 (unit, study_group: "") or RULES_NONE (training, wave). */
struct cell {
    uint32_t scope;
    int32_t training, wave, year;
    uint32_t value; /* platform, course: index in rules; audience, inviter: interned; else 0 */
    uint32_t unit, study_group;
};

struct contributed_cell {
    struct cell cell;
    uint32_t measures; /* bit per enum measure */
    uint32_t attempts, attempts_passed;
    int32_t score;
};

/* Whose days are counted together: a row of table activity, but for its month. */
struct activity_key {
    uint32_t scope;
    int32_t training, wave;
    uint32_t value, unit;
};

struct active_day {
    int32_t day;
    uint32_t exams_sat, exams_passed;
};

struct contributed_activity {
    struct activity_key key;
    int32_t passed_on;   /* NEVER: has not passed */
    size_t first, count; /* in days: ascending, distinct */
};

struct moment {
    int32_t training, wave;
    int64_t began_at; /* µs, a multiple of five minutes */
};

struct contributed_moment {
    struct moment moment;
    uint32_t facts, exams_sat, exams_passed;
};

/* A row of table deadlines. */
struct deadline {
    int32_t training, wave;
    uint32_t unit;
    int32_t day_0, completed_on; /* NEVER: not begun to run, not completed */
    int32_t lectures;
};

enum issue_kind {
    /* the first are enum fault, in its order */
    ISSUE_IDENTIFIER_SHARED = FAULT_COUNT,
    ISSUE_LISTED_IN_TWO_UNITS,
    ISSUE_NO_ACCOUNT,
    ISSUE_NOT_ON_ROSTER,
    ISSUE_PASSED_WITHOUT_LEARNING,
    ISSUE_PASSED_TOO_FAST,
    ISSUE_COUNT
};
const char *issue_name(unsigned kind);

struct issue {
    struct key128 subject;
    uint32_t kind, wave_code, unit, source, file, sheet;
    int64_t name, row;
};

#define CONTRIBUTED(type, name)                                                                    \
    type *name;                                                                                    \
    size_t name##_count, name##_capacity

struct contribution {
    CONTRIBUTED(struct contributed_cell, cells);
    CONTRIBUTED(struct contributed_activity, activities);
    CONTRIBUTED(struct active_day, days);
    CONTRIBUTED(struct contributed_moment, moments);
    CONTRIBUTED(struct deadline, deadlines);
    CONTRIBUTED(struct issue, issues);
};

/* The next item of a list, to be filled. */
#define CONTRIBUTE(out, list)                                                                      \
    ((out)->list = array_room((out)->list, (out)->list##_count, &(out)->list##_capacity,           \
                              sizeof(*(out)->list)),                                               \
     &(out)->list[(out)->list##_count++])

void contribution_release(struct contribution *contribution);

struct measurer; /* scratch space, one per thread */
struct measurer *measurer_new(const struct rules *rules);
void measurer_free(struct measurer *measurer);

/* Replaces what *out held; its arrays are reused. identities: also the issues that only lists and accounts decide; where no event
 * of the batch says anything of them they are the same before and after, and need not be found. */
void measure_person(struct measurer *measurer, const struct people *people,
                    const struct person *person, bool identities, struct contribution *out);

#endif
