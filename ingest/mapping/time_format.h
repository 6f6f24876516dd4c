/* How a platform writes instants and dates. Pure.
 *
 * iso       RFC 3339 and what is really sent (clock_parse); without a zone in it `zone` counts, and with neither it is malformed
 * unix      seconds since 1970, a fraction allowed; 0 is absent, as Moodle writes it
 * unix_ms   the same in milliseconds
 * date      2023-09-20: its first moment in `zone`, in Vietnam without one
 * pattern   %Y %y %m %d %e %H %I %M %S %f (fraction of a second) %p %b %B (English months) %z %F %T %% and other characters as
 *           they are; a blank stands for any white space. Numbers may lack their leading zero. Without %z `zone` must be given;
 *           without hours it is the first moment of the day
 * zone      UTC, +07:00 or Asia/Ho_Chi_Minh
 *
 * Dates that are in no calendar and instants before 1970 or after 2199 are malformed. */
#ifndef MOOC_CONNECTOR_TIME_FORMAT_H
#define MOOC_CONNECTOR_TIME_FORMAT_H

#include "../../common/base.h"

enum time_kind { TIME_ISO, TIME_UNIX, TIME_UNIX_MS, TIME_DATE, TIME_PATTERN };

struct time_format {
    enum time_kind kind;
    bool has_zone;
    int32_t zone_s;      /* east of Greenwich */
    const char *pattern; /* lives in the format that it was made from */
};

/* format NULL = iso; zone NULL = none. On failure *why says what is wrong. */
bool time_format_make(const char *format, const char *zone, struct time_format *out,
                      const char **why) MUST_CHECK;

enum time_found { TIME_ABSENT, TIME_FOUND, TIME_MALFORMED };

/* text NULL is absent. */
enum time_found time_format_read(const struct time_format *format, const char *text, int64_t *us);
/* The day in Vietnam; with iso and date a date alone is that day. */
enum time_found time_format_read_day(const struct time_format *format, const char *text,
                                     int32_t *day);

#endif
