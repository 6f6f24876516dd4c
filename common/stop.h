/* The stop flag: raised by SIGTERM or SIGINT; a second signal ends the process at once. */
#ifndef MOOC_STOP_H
#define MOOC_STOP_H

#include "base.h"

#define STOP_CUT_SHORT                                                                             \
    75 /* exit code (EX_TEMPFAIL of sysexits.h) of a process that did not end in time */

void stop_install_handlers(void); /* also ignores SIGPIPE */
/* From the first signal on the process lives so many seconds, whatever it waits for; 0, the default: as long as it takes. Only for
 * what survives being killed at any moment, as both services do. */
void stop_ends_within(unsigned seconds);
/* Of a service: there is no terminal to hang up and no file to open anew, and a tool that sends such signals to every service, as one that
 * turns logs over, means no end. */
void stop_ignore_other_signals(void);
bool stop_requested(void);
void stop_request(void);
/* Sleeps up to ms, woken early by a stop. Returns false if stop is requested. */
bool stop_sleep_ms(int64_t ms);

#endif
