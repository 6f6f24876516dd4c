/* Where one person of a list stands: one of eight, the furthest that holds; or that it cannot be told. Pure.
 *
 * By the measures of DOMAIN, of the wave that is asked about (of people on none of its lists: of the whole training):
 *   certified      a certificate issued and not revoked
 *   passed         the pass rule holds
 *   failed         at least one counted attempt, and not passed
 *   not sat        the training's required progress is done, no counted attempt
 *   learning       some learning activity, the required progress not done
 *   not started    an account, no learning activity; in the course or not
 *   not activated  the same, and the account is not activated, on a platform that shows whether one is
 *   no account     neither account nor learning activity is known
 *   unclear        it cannot be told who that is */
#ifndef MOOC_FOLLOW_UP_STATUS_H
#define MOOC_FOLLOW_UP_STATUS_H

#include "../fold/outcome.h"
#include "../report/report.h"

enum follow_up_status {
    FOLLOW_UP_NO_ACCOUNT,
    FOLLOW_UP_NOT_ACTIVATED,
    FOLLOW_UP_NOT_STARTED,
    FOLLOW_UP_LEARNING,
    FOLLOW_UP_NOT_SAT,
    FOLLOW_UP_FAILED,
    FOLLOW_UP_PASSED,
    FOLLOW_UP_CERTIFIED,
    FOLLOW_UP_UNCLEAR,
    FOLLOW_UP_STATUSES,
};

/* Can it be told who stands there? Who has learnt all and not sat the exam is known only where completion is. */
bool follow_up_status_known(enum follow_up_status status, bool has_completion);

/* measures: bit per enum measure. activation_shown: an account of the person stands on a platform that shows activation. */
enum follow_up_status follow_up_status_of(uint32_t measures, bool activation_shown);

const char *follow_up_status_code(enum follow_up_status status); /* "no_account" */
const char *follow_up_status_text(enum follow_up_status status, enum language language);

#endif
