/* The parts of measure_person, one per table of figures; for the files of this folder. */
#ifndef MOOC_FOLD_MEASURE_H
#define MOOC_FOLD_MEASURE_H

#include "contribution.h"

struct measurer {
    struct person_facts facts;
    struct outcome_scratch scratch;
    int *values; /* distinct values of a dimension */
    size_t value_count, value_capacity;
};

void measure_tallies(struct measurer *measurer, struct contribution *out);
void measure_activity(struct measurer *measurer, struct contribution *out);
void measure_moments(const struct measurer *measurer, struct contribution *out);
void measure_deadlines(struct measurer *measurer, struct contribution *out);
void measure_issues(struct measurer *measurer, const struct people *people, bool identities,
                    struct contribution *out);

/* The distinct audience tags, or inviting bodies, of the person's listings in a training: into measurer->values. */
void find_audiences(struct measurer *measurer, int training);
void find_inviters(struct measurer *measurer, int training);
/* The platforms on which the person has facts of the training. */
void find_platforms(struct measurer *measurer, int training);

/* The unit that a person counts in, or "" for people on no list. */
static inline uint32_t unit_of(const struct listing *listing)
{
    return listing ? listing->fact->identity->unit : 0;
}

#endif
