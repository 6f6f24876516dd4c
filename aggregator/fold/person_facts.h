/* A person's facts in force, gathered and put to their waves: what every figure is computed from. */
#ifndef MOOC_FOLD_PERSON_FACTS_H
#define MOOC_FOLD_PERSON_FACTS_H

#include "people.h"

#define ANY (-2) /* where an index or a year may be anything */
/* What a share may fall short of a mark that it has just: 9.6 of 12 is eight tenths, neither is a binary fraction, and the quotient is a
 * bit below. So of the lectures that a progress amounts to. As verify_slack() of aggregator/sql/verify_begin.sql. */
#define SHARE_SLACK 1e-9

struct listing {
    const struct fact *fact;
    const struct subject *subject;
    int training, wave, year;
};

struct course_fact {
    const struct fact *fact;
    int training, wave, year; /* wave: RULES_NONE for people on no list of the training */
    int platform;             /* RULES_NONE: attendance */
    int rule;                 /* an attempt's pass rule, or RULES_NONE */
    bool ok; /* an attempt that passes by that rule's score or the platform's verdict */
};

/* An account in force: by event, or implied by facts of a subject of which no account event is known. */
struct account {
    int platform; /* RULES_NONE: no course of the config stands there */
    int32_t day;
    bool activated, implied;
};

struct person_facts {
    const struct rules *rules;
    struct listing *listings;
    struct course_fact *facts; /* by training, then time, then entity */
    struct account *accounts;
    int *trainings, *years; /* distinct ones of listings and facts; trainings ascending */
    size_t listing_count, fact_count, account_count, training_count, year_count;
    size_t listing_capacity, fact_capacity, account_capacity, training_capacity, year_capacity;
    int first_year;
    /* For issues: the least subject that is an account, in force or closed. */
    const struct subject *account;
    int64_t account_name;
    uint32_t account_source;
    int *waves; /* scratch */
    size_t wave_count, wave_capacity;
};

void person_facts_release(struct person_facts *facts);
void person_facts_gather(struct person_facts *facts, const struct person *person);

/* The part of facts that belongs to a training: [*begin, *end). */
void person_facts_range(const struct person_facts *facts, int training, size_t *begin, size_t *end);
/* Sets facts->waves to the distinct waves of the person's listings in a training. */
void person_facts_waves(struct person_facts *facts, int training);
/* The latest listing within a training, wave and year (each may be ANY); NULL if none. */
const struct listing *person_facts_latest(const struct person_facts *facts, int training, int wave,
                                          int year);

int compare_numbers(const void *a, const void *b); /* of int, for qsort */
void add_distinct(int **values, size_t *count, size_t *capacity, int value);

#endif
