/* An independent recomputation, in SQL, of all that a generation's tables say, from the archive, on one snapshot: sql/verify_*.sql, run
 * in order. Of the fold it uses nothing but the unpacking of states, whose facts are then compared in SQL too. */
#ifndef MOOC_VERIFY_VERIFY_H
#define MOOC_VERIFY_VERIFY_H

#include "../pg.h"

struct verify_request {
    const char *generation;      /* NULL: the live one */
    const char *training, *unit; /* "": all */
    int64_t shown;               /* most differences told of each check */
    bool vietnamese;             /* what is told */
};

struct verify_result {
    int generation, config_version, fold_version;
    bool states_read; /* false: the states are another fold version's, only their presence was compared */
    double seconds;
    int64_t compared, differences;
    struct pg_rows *checks; /* name, compared, differences */
    struct pg_rows *largest; /* check, key, column, stored, recomputed; column NULL: a row on one side only */
    struct pg_rows *outcome; /* one row: vector, checks, compared, differences, all as JSON, when it began */
};

/* Opens the snapshot and ends it. ERROR_USAGE: no such generation or training; ERROR_STATE: the archive lacks what was counted. */
bool verify_run(struct pg *pg, const struct verify_request *request, struct verify_result *result,
                struct error *err) MUST_CHECK;
/* Adds the outcome to pulse.verifications. */
bool verify_note(struct pg *pg, const struct verify_request *request,
                 const struct verify_result *result, struct error *err) MUST_CHECK;
void verify_result_release(struct verify_result *result);

#endif
