/* Who is meant by identifiers, in the live generation: the people's subjects, and what names them beside. */
#ifndef MOOC_AGGREGATOR_ERASE_PEOPLE_H
#define MOOC_AGGREGATOR_ERASE_PEOPLE_H

#include "key_query.h"

struct erase_people {
    int generation;
    struct key_list subjects;    /* learner keys and links, as hashes; none twice */
    struct key_list identifiers; /* that are these people's alone */
    int64_t people, accounts, listings, links, trainings;
    int64_t former; /* of the subjects: nothing of them is in force any more */
    bool before;    /* identifiers of people who are erased already */
    char away[256]; /* months of the archive that only an export holds, "2023-01, 2023-02": nobody was looked for in them */
};

/* ERROR_STATE where an identifier stands on rows of several people. Nobody found is no error. */
bool erase_find_people(struct pg *pg, const struct key_list *given, struct erase_people *out,
                       struct error *err) MUST_CHECK;
void erase_people_release(struct erase_people *people);

#endif
