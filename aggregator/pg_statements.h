/* The statements that a connection has prepared, known by their text. Pure. */
#ifndef MOOC_AGGREGATOR_PG_STATEMENTS_H
#define MOOC_AGGREGATOR_PG_STATEMENTS_H

#include "../common/base.h"

#define PG_STATEMENTS_MAX 64

struct pg_statements {
    char *texts[PG_STATEMENTS_MAX];
    size_t count;
};

/* Its number; count if it is not there. An address says nothing: the text of a generation's statement goes with its store, and the next one
 * may stand at the same place. */
size_t pg_statements_find(const struct pg_statements *statements, const char *text);
/* As number count, of which there are less than PG_STATEMENTS_MAX; the text is copied. */
void pg_statements_add(struct pg_statements *statements, const char *text);
void pg_statements_release(struct pg_statements *statements);

#endif
