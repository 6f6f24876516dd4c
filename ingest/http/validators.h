/* ETag and Last-Modified of the pages read last, by URL: a bounded table. Pure. */
#ifndef MOOC_INGEST_HTTP_VALIDATORS_H
#define MOOC_INGEST_HTTP_VALIDATORS_H

#include "http.h"

#define VALIDATORS_MAX 256 /* of one origin; the one that was put longest ago makes room */

struct validators;

void validators_free(struct validators *validators);
/* *validators is made at the first one. */
void validators_put(struct validators **validators, const struct http_validator *validator);
const struct http_validator *validators_get(const struct validators *validators, struct key128 url);

#endif
