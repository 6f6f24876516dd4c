/* What is asked of libcurl: its multi interface, its URL parser, its escaping. Knows requests, not sources: whether and when one may
 * be sent, and what an answer means, is decided elsewhere. */
#ifndef MOOC_INGEST_HTTP_TRANSPORT_H
#define MOOC_INGEST_HTTP_TRANSPORT_H

#include "http_request.h"
#include "origin.h"

struct transport;
struct transport_names;

struct transport *transport_new(struct error *err);
void transport_free(struct transport *transport); /* no request may be left in it */

/* Parts of an absolute URL without userinfo; false for anything else. To be freed either way. The parser is the one that will also
 * connect: a second one could read another host from the same bytes. */
bool transport_parse(const char *url, struct origin_parts *parts) MUST_CHECK;
/* Caller frees; aborts without memory. */
char *transport_escape(const char *text);

/* A cache of names of one's own, with "host:port:address[,address]" entries in it. Freed after the requests that used it. */
struct transport_names *transport_names_new(char *const *entries);
void transport_names_free(struct transport_names *names);

/* Idle connections kept for reuse, over all origins. */
void transport_keep(struct transport *transport, size_t connections);

/* r->config and what r asks for are set. False: r->error is set, and r is not under way. */
bool transport_start(struct transport *transport, struct http_request *r) MUST_CHECK;
/* Ends r if it is under way, frees what transport_start gave it. */
void transport_stop(struct transport *transport, struct http_request *r);
/* Sends and receives what can be without waiting. */
void transport_run(struct transport *transport);
/* Waits up to timeout_ms for something to arrive or a wake-up, from any thread. */
void transport_wait(struct transport *transport, int timeout_ms);
void transport_wakeup(struct transport *transport);
/* A request that has ended, with status, latency_ms and, where there is no whole answer, error set; NULL if none. To be stopped
 * later: its body stays. */
struct http_request *transport_ended(struct transport *transport);

#endif
