#include "origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void origin_parts_free(struct origin_parts *parts)
{
    free(parts->scheme);
    free(parts->host);
    free(parts->port);
    *parts = (struct origin_parts){.scheme = NULL};
}

bool origin_same(const struct origin_parts *a, const struct origin_parts *b)
{
    return strcasecmp(a->scheme, b->scheme) == 0 && strcasecmp(a->host, b->host) == 0 &&
           strcmp(a->port, b->port) == 0;
}

bool origin_is_loopback(const struct origin_parts *parts)
{
    const char *host = parts->host;
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == strlen(host));
}

bool origin_check_scheme(const struct origin_parts *parts, bool allow_http, struct error *err)
{
    if (strcmp(parts->scheme, "https") == 0)
        return true;
    if (strcmp(parts->scheme, "http") != 0)
        return error_set(err, ERROR_CONFIG, false, "url: %s:// is not supported; use https://",
                         parts->scheme);
    if (!allow_http && !origin_is_loopback(parts))
        return error_set(err, ERROR_CONFIG, false,
                         "url: plain http to %s would show learners' data to the network; use "
                         "https:// (or set allow_http: true if that network is yours)",
                         parts->host);
    return true;
}

char *origin_join(const char *base, const char *path_or_url)
{
    if (path_or_url[0] != '/' || path_or_url[1] == '/')
        return strdup(path_or_url);
    size_t size = strlen(base) + strlen(path_or_url) + 1;
    char *url = malloc(size);
    if (url)
        snprintf(url, size, "%s%s", base, path_or_url);
    return url;
}
