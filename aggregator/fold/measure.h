/* The parts of measure_person, one per table of figures; for the files of this folder. */
#ifndef MOOC_FOLD_MEASURE_H
#define MOOC_FOLD_MEASURE_H

#include "contribution.h"

/* What was asked of the person already: the tables of figures ask about the same sets. */
struct known_outcome {
    int training;
    struct fact_set set;
    struct outcome outcome;
};

struct measurer {
    struct person_facts facts;
    struct outcome_scratch scratch;
    struct known_outcome *known;
    size_t known_count, known_capacity;
    int *values; /* distinct values of a dimension */
    size_t value_count, value_capacity;
};

/* What the set of the person's facts in the training amounts to. */
struct outcome outcome_in(struct measurer *measurer, int training, struct fact_set set);

void measure_tallies(struct measurer *measurer, struct contribution *out);
void measure_activity(struct measurer *measurer, struct contribution *out);
void measure_moments(const struct measurer *measurer, struct contribution *out);
void measure_deadlines(struct measurer *measurer, struct contribution *out);
void measure_issues(struct measurer *measurer, const struct people *people, bool identities,
                    struct contribution *out);

/* One more distinct value; callers begin with value_count 0. */
void add_value(struct measurer *measurer, int value);
/* Into measurer->values: the distinct audience tags of the person's listings in a training; the platforms on which the person has facts
 * of it. */
void find_audiences(struct measurer *measurer, int training);
void find_platforms(struct measurer *measurer, int training);

/* The unit that a person counts in, or "" for people on no list. */
static inline uint32_t unit_of(const struct listing *listing)
{
    return listing ? listing->fact->identity->unit : 0;
}

#endif
