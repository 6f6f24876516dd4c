/* What the records of one reading take back, where no sweep of the shard notes it: of a head scan, of an answer about learners. Another
 * record of the reading may tell of the same entity, before or behind; that one counts, so nothing is removed before the end. Memory: a
 * hash of each entity that is told of, the name of each that is taken back. Pure. */
#ifndef MOOC_CONNECTOR_WITHDRAWALS_H
#define MOOC_CONNECTOR_WITHDRAWALS_H

#include "../../common/base.h"

struct withdrawals;

struct withdrawals *withdrawals_new(void);
void withdrawals_free(struct withdrawals *w);  /* NULL-safe */
void withdrawals_clear(struct withdrawals *w); /* for the next reading */
/* This record (a number of its own, from 1) tells of the entity. False: another one before has. */
bool withdrawals_tell(struct withdrawals *w, const char *entity, uint64_t record);
void withdrawals_add(struct withdrawals *w, const char *entity); /* a record takes it back */
/* The next one taken back that no record told of, perhaps once more; NULL: there are no more. *at: 0 at first. */
const char *withdrawals_next(const struct withdrawals *w, size_t *at);

#endif
