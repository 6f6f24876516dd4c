/* Finds connections that stand but are mute: we wait for the backend, and the backend waits for us or is gone. A long statement is none. */
#ifndef MOOC_WRITE_WATCH_H
#define MOOC_WRITE_WATCH_H

#include "../pg.h"

struct watched {
    struct pg *pg;
    char pid[16], backend_start[64]; /* of its backend; "": not watched */
    int64_t suspect_since_ms;        /* the call that was found mute, once */
};

/* Before another thread uses pg. */
bool watch_begin(struct watched *watched, struct pg *pg, struct error *err) MUST_CHECK;
/* Called about once a heartbeat, with a connection of the caller's. Cuts what it finds mute twice in one call, and ends its backend:
 * the first time the reply may have been on its way. False: nothing could be asked. */
bool watch_look(struct watched *watched, struct pg *asking, struct error *err) MUST_CHECK;

#endif
