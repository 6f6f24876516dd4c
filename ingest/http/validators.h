/* ETag and Last-Modified of the pages read last, by reader and URL: a bounded table. Pure: the caller gives the time (monotonic
 * ms). */
#ifndef MOOC_INGEST_HTTP_VALIDATORS_H
#define MOOC_INGEST_HTTP_VALIDATORS_H

#include "http.h"

#define VALIDATORS_MAX 1024   /* of one origin; the one that was put longest ago makes room */
#define VALIDATORS_MS 3600000 /* none counts longer */

struct validators;

void validators_free(struct validators *validators);
/* *validators is made at the first one. */
void validators_put(struct validators **validators, const struct http_validator *validator,
                    int64_t now_ms);
const struct http_validator *validators_get(const struct validators *validators, struct key128 page,
                                            int64_t now_ms);
struct key128 validators_page(const char *reader, const char *url);

#endif
