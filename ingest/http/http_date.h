/* Dates and Retry-After as HTTP writes them (RFC 9110 §5.6.7, §10.2.3). Pure. */
#ifndef MOOC_INGEST_HTTP_DATE_H
#define MOOC_INGEST_HTTP_DATE_H

#include "../../common/base.h"

#define RETRY_AFTER_MIN_MS 1000
#define RETRY_AFTER_MAX_MS 3600000

/* "Sun, 06 Nov 1994 08:49:37 GMT"; the two obsolete forms are refused. Result in µs since 1970. */
bool http_date_parse(const char *text, int64_t *us) MUST_CHECK;

/* Seconds ("120", also "1.5" as some gateways send) or a date, taken against server_time_us (its Date; our clock if it sent
 * none). Negative, past and huge values are clamped to [1 s, 1 h]; what cannot be read gives 0. */
int64_t retry_after_ms(const char *text, int64_t server_time_us);

#endif
