/* The hours of the day in which a platform is not to be asked, in Asia/Ho_Chi_Minh. Pure. */
#ifndef MOOC_INGEST_HTTP_QUIET_HOURS_H
#define MOOC_INGEST_HTTP_QUIET_HOURS_H

#include "../../common/base.h"
#include "../../common/error.h"

struct quiet_hours {
    int from_minute, to_minute; /* of the day, 0-1439; to < from passes midnight; equal = none */
};

/* "22:00-05:00", the end not included. ERROR_CONFIG says what is expected. */
bool quiet_hours_parse(const char *text, struct quiet_hours *out, struct error *err) MUST_CHECK;
/* How long it stays quiet from this instant on, ms; 0 = one may ask now. */
int64_t quiet_hours_left_ms(const struct quiet_hours *quiet, int64_t now_us);

#endif
