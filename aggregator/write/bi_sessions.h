/* Logins of BI tools can switch their own time-outs off; a transaction without end keeps the tables from being tidied up. */
#ifndef MOOC_WRITE_BI_SESSIONS_H
#define MOOC_WRITE_BI_SESSIONS_H

#include "../../common/options.h"
#include "../pg.h"

struct bi_sessions {
    int64_t next_ms; /* monotonic; zeroed at first */
    bool refused;    /* the database does not let us; said once */
};

/* Called about once a heartbeat: asks every few seconds, and ends what lasts longer than the option bi.longest_transaction. Whatever
 * comes of it, nobody depends on it; a broken connection is noticed by the caller's next use. */
void bi_sessions_look(struct bi_sessions *sessions, struct pg *pg, const struct options *options);

#endif
