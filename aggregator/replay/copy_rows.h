/* States, memberships and carriers as COPY, by one connection, a table at a time. */
#ifndef MOOC_REPLAY_COPY_ROWS_H
#define MOOC_REPLAY_COPY_ROWS_H

#include "../fold/bulk.h"
#include "../pg.h"

struct copy_rows;

struct copy_rows *copy_rows_new(struct pg *pg, int generation);
void copy_rows_free(struct copy_rows *rows);

struct bulk_rows copy_rows_sink(struct copy_rows *rows);
/* table: with its columns. Between the two only its rows may come. */
bool copy_rows_begin(struct copy_rows *rows, const char *table, struct error *err) MUST_CHECK;
bool copy_rows_end(struct copy_rows *rows, struct error *err) MUST_CHECK;

#endif
