/* What an answer's headers say of the allowance that is left before the platform refuses: RateLimit-Remaining and its kin
 * (draft-ietf-httpapi-ratelimit-headers: a header each until -06, in -07 RateLimit: limit=100, remaining=50, reset=30, since then
 * RateLimit: "policy";r=50;t=30), the X- forms that came before, and the cost bucket of Canvas (X-Rate-Limit-Remaining without an end of its window). Pure. */
#ifndef MOOC_INGEST_HTTP_THROTTLE_HEADERS_H
#define MOOC_INGEST_HTTP_THROTTLE_HEADERS_H

#include "../../common/base.h"
#include "http_headers.h"

struct throttle_hint {
    bool has_remaining;
    double remaining; /* requests, or whatever the platform counts; may be negative */
    double limit;     /* of a whole window, in the same; 0 = not said */
    int64_t reset_ms; /* until the allowance is whole again, [0, 1 h]; 0 = not said */
};

/* server_time_us: of this answer, for resets given as an instant. */
struct throttle_hint throttle_headers_read(const struct http_headers *headers,
                                           int64_t server_time_us);

#endif
