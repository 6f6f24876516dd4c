/* What has to wait until other sessions let go of views, tables or offsets: tried again and again, and who is waited for is named. */
#ifndef MOOC_REPLAY_IN_THE_WAY_H
#define MOOC_REPLAY_IN_THE_WAY_H

#include "../pg.h"

/* Was the last failure that somebody else holds what is to change? */
bool in_the_way(struct pg *pg);

/* One attempt, whole: its own transaction, rolled back on failure. */
typedef bool (*patient_attempt)(void *context, struct error *err);

/* Until an attempt succeeds or fails for another reason, at most timeout_ms. generation: whose tables and views the attempt changes; 0:
 * it locks offsets. Meanwhile standard error names the session that has been in the way for the longest, with how many others: a line
 * that is written over on a terminal, else an object a second {"what":"waiting for sessions","waited_s":4,"sessions":1,"pid":…,
 * "login":"…","application":"…","since":"…Z"}. So does the error (ERROR_STATE) when the time is over. */
bool in_the_way_wait(struct pg *pg, int generation, int64_t timeout_ms, patient_attempt attempt,
                     void *context, struct error *err) MUST_CHECK;

#endif
