/* A web origin (scheme, host, port) and what may be done with it. Pure: the parts come from http.c, which has them from the
 * parser that will also connect. */
#ifndef MOOC_INGEST_HTTP_ORIGIN_H
#define MOOC_INGEST_HTTP_ORIGIN_H

#include "../../common/base.h"
#include "../../common/error.h"

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
/* What a relative link ("?x", "/x") in an answer to `from` means, as a whole URL; NULL for every other link. from: a path or URL as
 * for origin_join. Caller frees. */
char *origin_relative(const char *base, const char *from, const char *link);
/* Does a link to `link` mean our own origin, named as a platform behind a proxy sees itself: our host, http or https, our port or
 * none? */
bool origin_means_own(const struct origin_parts *link, const struct origin_parts *own);
/* Path and query of a whole URL, on base's origin. Caller frees; NULL without memory. */
char *origin_rebase(const char *base, const char *url);

#endif
