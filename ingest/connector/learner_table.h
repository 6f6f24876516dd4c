/* Notes about learners by the hash of a name: the join of a course's gradebook, and who was asked about when. */
#ifndef MOOC_CONNECTOR_LEARNER_TABLE_H
#define MOOC_CONNECTOR_LEARNER_TABLE_H

#include "../../common/crypto.h"

struct learner_note {
    struct key128 key;
    int64_t next_ms;  /* not to be asked about before this (monotonic) */
    uint32_t cycle;   /* the slow cycle it was last asked in */
    uint8_t tries;    /* asked in vain so often */
    uint8_t absences; /* missing from that many complete answers in a row */
    uint8_t flags;
    bool used;
};

struct learner_table;

struct learner_table *learner_table_new(void);
void learner_table_free(struct learner_table *table);
/* Valid until the next one is put. */
struct learner_note *learner_table_put(struct learner_table *table, const char *name);

#endif
