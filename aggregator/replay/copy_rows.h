/* States, memberships and carriers as COPY, by one connection: states first, what else comes meanwhile is kept until then. */
#ifndef MOOC_REPLAY_COPY_ROWS_H
#define MOOC_REPLAY_COPY_ROWS_H

#include "../fold/bulk.h"
#include "../pg.h"

struct copy_rows;

struct copy_rows *copy_rows_new(struct pg *pg, int generation);
void copy_rows_free(struct copy_rows *rows);

struct bulk_rows copy_rows_sink(struct copy_rows *rows);
bool copy_rows_begin_states(struct copy_rows *rows, struct error *err) MUST_CHECK;
bool copy_rows_end_states(struct copy_rows *rows, struct error *err) MUST_CHECK;
bool copy_rows_members(struct copy_rows *rows, struct error *err) MUST_CHECK;
bool copy_rows_begin_carriers(struct copy_rows *rows, struct error *err) MUST_CHECK;
bool copy_rows_end_carriers(struct copy_rows *rows, struct error *err) MUST_CHECK;

#endif
