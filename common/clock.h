/* Time: instants are microseconds since 1970-01-01T00:00:00Z; days are days since 1970-01-01 in Asia/Ho_Chi_Minh, which is
 * UTC+7 without daylight saving since 1975-06-13 (IANA tzdata, zone Asia/Ho_Chi_Minh). */
#ifndef MOOC_CLOCK_H
#define MOOC_CLOCK_H

#include "base.h"

#define US_PER_SECOND INT64_C(1000000)

int64_t clock_now_us(void);       /* CLOCK_REALTIME */
int64_t clock_monotonic_ms(void); /* CLOCK_MONOTONIC */
int64_t clock_monotonic_us(void);
int64_t clock_thread_cpu_us(void); /* CPU time of the calling thread */

/* RFC 3339 and what platforms really send: "2023-09-20T08:15:30.123456Z", "…+07:00", "…+0000", no fraction up to nine
 * digits (cut to µs). A date alone or an instant without a zone is refused. Years 1970–2199. */
bool clock_parse(const char *text, int64_t *us) MUST_CHECK;

#define CLOCK_TEXT_SIZE 28
/* "2023-09-20T08:15:30.123456Z"; out holds CLOCK_TEXT_SIZE bytes. */
void clock_format(int64_t us, char out[CLOCK_TEXT_SIZE]);
#define CLOCK_LOCAL_SIZE 27
/* For people: "2023-09-20 15:15:30 +07:00". Programs are given UTC. */
void clock_format_local(int64_t us, char out[CLOCK_LOCAL_SIZE]);
/* The same of what clock_parse takes; of anything else "". */
void clock_localise(const char *text, char out[CLOCK_LOCAL_SIZE]);

int32_t clock_day(int64_t us); /* the day in Asia/Ho_Chi_Minh that holds the instant */
int32_t clock_day_from_civil(int year, int month, int day);
void clock_civil_from_day(int32_t day, int *year, int *month, int *day_of_month);
bool clock_parse_date(const char *text, int32_t *day) MUST_CHECK; /* "2023-09-20" */
#define CLOCK_DATE_SIZE 11
void clock_format_date(int32_t day, char out[CLOCK_DATE_SIZE]);

#endif
