/* How the figures of one generation differ from those of another, inside a transaction of one snapshot. */
#ifndef MOOC_REPLAY_COMPARE_H
#define MOOC_REPLAY_COMPARE_H

#include "../pg.h"

struct comparison {
    const char *old_schema, *new_schema;
    bool people;       /* also states, members, carriers: both schemas have them */
    bool to_older;     /* the other one was live before */
    const char *title; /* what is compared, in words */
};

/* Prints as options format, out, lang and limit say. *differing counts the differing cells and rows of all levels. */
bool compare_print(struct pg *pg, const struct options *options, const struct comparison *comparison,
                   int64_t *differing, struct error *err) MUST_CHECK;

/* gen_A and gen_B in a statement's text become the schemas' names, the one part that cannot be a parameter. Freed by the caller. */
char *compare_for_schemas(const char *template, const char *old_schema, const char *new_schema);

/* The tables of a generation's figures as temporary ones, which stay as they are while it goes on. */
bool compare_keep_copy(struct pg *pg, int generation, struct error *err) MUST_CHECK;
#define COMPARE_COPY "pg_temp"

#endif
