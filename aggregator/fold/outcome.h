/* What a set of one person's facts in one training amounts to: the measures that hold, attempts, scores, days. Pure functions of the
 * facts and the rules (DOMAIN.md, Measures). */
#ifndef MOOC_FOLD_OUTCOME_H
#define MOOC_FOLD_OUTCOME_H

#include "person_facts.h"

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
    MEASURE_FIRST_TIME,
    MEASURE_PASSED_FIRST,
    MEASURE_SCORED,
    MEASURE_COUNT
};
#define BIT(measure) (1U << MEASURE_##measure)

#define NEVER INT32_MAX /* a day */
#define SCORE_SCALE 10000

/* Which facts of a training: each part may be ANY. */
struct fact_set {
    int wave, year, platform, course;
};
extern const struct fact_set every_fact;

bool fact_set_has(const struct fact_set *set, const struct course_fact *fact);

struct outcome {
    uint32_t measures; /* bit per enum measure; of the listing and accounts none */
    uint32_t attempts, attempts_passed;
    int32_t score;   /* the best, in 1/10000 of the maximum; 0 where none */
    double progress; /* the greatest; negative: none */
    /* Earliest days, or NEVER. completed_on: of each condition that holds, since when; by passing, since when the attempts that a rule counts
     * have passed without a break and the rest of what it asks for is there. passed_on: of an attempt that is ok, by a rule that
     * holds; first_on: of any fact of a course. */
    int32_t enrolled_on, completed_on, passed_on, first_on;
};

struct outcome_scratch {
    struct rule_state *rules;
    int32_t certified_on;
    int *days;
    size_t rule_capacity, day_count, day_capacity;
};
void outcome_scratch_release(struct outcome_scratch *scratch);

struct outcome outcome_of(const struct person_facts *facts, int training,
                          const struct fact_set *set, struct outcome_scratch *scratch);

#endif
