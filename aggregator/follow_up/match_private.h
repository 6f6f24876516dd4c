/* What the files of matching share. */
#ifndef MOOC_FOLLOW_UP_MATCH_PRIVATE_H
#define MOOC_FOLLOW_UP_MATCH_PRIVATE_H

#include "../fold/contribution.h"
#include "match.h"

#define MATCH_PORTION ((size_t)4096) /* rows at a time, whose persons are in memory */

struct matcher {
    const struct match_request *request;
    struct match *out;
    int training;
    struct pg_rows *shown; /* platforms that show whether an account is activated */
    struct measurer *measurer;
    struct contribution contribution;
    struct person_facts facts;
    struct key_table taken; /* persons whom a row is already */
};

/* A row and a key by which it may be found. */
struct asked {
    struct key128 key;
    size_t row;
};
struct asked_list {
    struct asked *items;
    size_t count, capacity;
};
void asked_add(struct asked_list *list, size_t row, const struct key_list *keys);

/* A row that is a person of its own. */
bool matcher_is_own(const struct matcher *m, size_t row);
/* And that no list of the wave has so far. */
bool matcher_is_open(const struct matcher *m, size_t row);
/* The latest listing of the person in the wave; NULL. Fills m->facts. */
const struct listing *matcher_listing(struct matcher *m, const struct person *person);
/* What the row is told if it is this person. own: the row's learner key, whose listing is meant if the wave has it; NULL: none. */
void matcher_describe(struct matcher *m, const struct people *people, const struct person *person,
                      const struct key128 *own, struct match_person *out);
/* Is one of the rows of the person who was described last this very row of this very list? */
bool matcher_stands_here(const struct matcher *m, const struct people *people, size_t row);
/* Takes the row for this person, unless it is somebody already who is as near. own: as above. */
void matcher_consider(struct matcher *m, const struct people *people, const struct person *person,
                      const struct key128 *own, size_t row);

/* match_other.c: the rows that no list of the wave has under their own key. */
bool match_others(struct matcher *m, struct error *err) MUST_CHECK;
/* match_misnamed.c: then those that nobody known is by name. */
bool match_misnamed(struct matcher *m, struct error *err) MUST_CHECK;

#endif
