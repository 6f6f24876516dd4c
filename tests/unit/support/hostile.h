/* tests/fakes/hostile_server.py and an HTTP client for it. */
#ifndef MOOC_TEST_HOSTILE_H
#define MOOC_TEST_HOSTILE_H

#include "../../../ingest/http/http.h"

struct hostile {
    struct http *http;
    char base[64]; /* "http://127.0.0.1:port" */
    int port, canary_port, tls_port;
    char certificate[64]; /* of the server over TLS, for lms.test */
};
extern struct hostile hostile;

/* Requests of the origin that wait or run. */
size_t pending(struct http_origin *origin);

/* For cmocka_run_group_tests; the second with TLS. */
int hostile_start(void **state);
int hostile_start_tls(void **state);
int hostile_stop(void **state);

#endif
