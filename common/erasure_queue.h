/* Between `mooc-aggregator erase`, which hands an erasure over, and mooc-ingest, which carries it out: the spool's queue and its
 * result. The job is what ingest/erase/erased_keys.h reads. */
#ifndef MOOC_ERASURE_QUEUE_H
#define MOOC_ERASURE_QUEUE_H

#include "base.h"
#include "error.h"

#define ERASURE_QUEUE "+erase" /* no source can have this name */
#define ERASURE_JOB_HEAD                                                                           \
    "mooc-pulse erasure 1\n" /* then "learner <32 hex>" or "identifier <32 hex>", a line each */

struct erasure_result {
    int64_t learners;
    int64_t entities;          /* that the state forgot */
    int64_t shards, elsewhere; /* elsewhere: of other instances, which are to be given the job too */
    bool published;            /* learner.erased is in the log */
    int64_t copies, rows,
        addresses; /* local files, rows in quarantine, listed e-mail addresses that went */
};

/* ERROR_DATA where the job was refused, or the result is none. */
bool erasure_result_parse(const char *json, struct erasure_result *out, struct error *err) MUST_CHECK;

#endif
