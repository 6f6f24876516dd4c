/* Who is meant by identifiers, in the live generation: the people's subjects, and what names them beside. */
#ifndef MOOC_AGGREGATOR_ERASE_PEOPLE_H
#define MOOC_AGGREGATOR_ERASE_PEOPLE_H

#include "../fold/fold.h"
#include "../pg.h"

struct erase_people {
    int generation;
    struct key_list subjects;    /* learner keys and links, as hashes; none twice */
    struct key_list identifiers; /* that are these people's alone */
    int64_t people, accounts, listings, links, trainings;
    int64_t former; /* of the subjects: nothing of them is in force any more */
    bool before;    /* identifiers of people who are erased already */
};

/* Text of an array parameter: "{<32 hex>,…}". The caller frees. */
char *erase_array(const struct key_list *keys);

/* Of a uuid as PostgreSQL writes it. */
struct key128 erase_key_of(const char *uuid);

/* ERROR_STATE where an identifier stands on rows of several people. Nobody found is no error. */
bool erase_find_people(struct pg *pg, const struct key_list *given, struct erase_people *out,
                       struct error *err) MUST_CHECK;
void erase_people_release(struct erase_people *people);

/* For those who look for people: rows of a statement in which gen_N is the generation; a key that is not in the list yet; the error that an
 * identifier is several people's. */
struct pg_rows *erase_query(struct pg *pg, const char *sql, int generation, size_t count,
                            const char *const *parameters, struct error *err) MUST_CHECK;
void erase_add_once(struct key_list *list, struct key128 key);
bool erase_refuse_shared(struct error *err);

/* The first cell of the statement's result, with one array parameter; gen_N is the generation. */
bool erase_number(struct pg *pg, const char *sql, int generation, const struct key_list *keys,
                  int64_t *out, struct error *err) MUST_CHECK;

#endif
