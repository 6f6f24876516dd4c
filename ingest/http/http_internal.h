/* What the files of the HTTP client share. */
#ifndef MOOC_INGEST_HTTP_INTERNAL_H
#define MOOC_INGEST_HTTP_INTERNAL_H

#include "concurrency.h"
#include "http.h"
#include "http_config.h"
#include "http_request.h"
#include "rate_budget.h"
#include "request_count.h"
#include "transport.h"
#include "validators.h"

struct http_origin {
    struct http *http;
    struct http_origin *next;
    struct http_config *config;
    struct rate_budget budget;
    struct concurrency concurrency;
    struct request_count count;
    int64_t made_us; /* when counting began */
    uint64_t refused;
    bool http1;                 /* HTTP/2 has failed here */
    int64_t connected_since_ms; /* as in a request */
    struct validators *validators;
    struct http_request_list waiting, running;
};

struct http {
    struct transport *transport;
    struct http_origin *origins;
    struct http_request_list finished; /* their callbacks have not run yet */
};

/* Why nothing new may start on the origin now, and for how long. */
enum http_hold http_origin_hold(struct http_origin *origin, int64_t *wait_ms);
/* Lets the budget learn from how the request ended, and calls back, which may free the origin. */
void http_answer(struct http_request *r);

#endif
