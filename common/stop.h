/* The stop flag: raised by SIGTERM or SIGINT; a second signal ends the process at once. */
#ifndef MOOC_STOP_H
#define MOOC_STOP_H

#include "base.h"

void stop_install_handlers(void); /* also ignores SIGPIPE */
bool stop_requested(void);
void stop_request(void);
/* Sleeps up to ms, woken early by a stop. Returns false if stop is requested. */
bool stop_sleep_ms(int64_t ms);

#endif
