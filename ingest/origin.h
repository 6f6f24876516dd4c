/* A web origin (scheme, host, port) and what may be done with it. Pure: the parts come from http.c, which has them from the
 * parser that will also connect. */
#ifndef MOOC_INGEST_ORIGIN_H
#define MOOC_INGEST_ORIGIN_H

#include "../common/base.h"
#include "../common/error.h"

struct origin_parts {
    char *scheme, *host, *port; /* malloc'ed; the port is always there */
};

void origin_parts_free(struct origin_parts *parts);
bool origin_same(const struct origin_parts *a, const struct origin_parts *b);
bool origin_is_loopback(const struct origin_parts *parts);
/* https always; http only to loopback or where allowed. */
bool origin_check_scheme(const struct origin_parts *parts, bool allow_http, struct error *err)
    MUST_CHECK;
/* base + path for a path ("/x", not "//x"), else a copy of the link as it is. Caller frees; NULL without memory. */
char *origin_join(const char *base, const char *path_or_url);

#endif
