/* Which passwords a login of BI tools may have. Pure. */
#ifndef MOOC_AGGREGATOR_PASSWORD_H
#define MOOC_AGGREGATOR_PASSWORD_H

#include "../../common/error.h"

#define PASSWORD_MIN 12 /* characters besides the login's own name, in whatever case */

/* ERROR_CONFIG with what is wanted; nothing of the password is in the message. What characters it may be made of: scram.h. */
bool password_is_fit(const char *login, const char *password, size_t length, struct error *err)
    MUST_CHECK;

#endif
