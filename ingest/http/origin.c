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

static char *join(const char *head, size_t length, const char *tail)
{
    size_t size = length + strlen(tail) + 1;
    char *url = malloc(size);
    if (url)
        snprintf(url, size, "%.*s%s", (int)length, head, tail);
    return url;
}

/* Length of "https://host:port". */
static size_t root_length(const char *url)
{
    const char *host = strstr(url, "://");
    return host ? (size_t)(host - url) + 3 + strcspn(host + 3, "/?#") : strlen(url);
}

char *origin_relative(const char *base, const char *from, const char *link)
{
    if (link[0] == '?') {
        char *whole = origin_join(base, from);
        char *url = whole ? join(whole, strcspn(whole, "?#"), link) : NULL;
        free(whole);
        return url;
    }
    if (link[0] != '/' || link[1] == '/')
        return NULL;
    size_t root = root_length(base), prefix = strlen(base) - root;
    bool has_prefix = strncmp(link, base + root, prefix) == 0 && strchr("/?", link[prefix]);
    return join(base, has_prefix ? root : root + prefix, link);
}

bool origin_means_own(const struct origin_parts *link, const struct origin_parts *own)
{
    bool https = strcasecmp(link->scheme, "https") == 0;
    return (https || strcasecmp(link->scheme, "http") == 0) &&
           strcasecmp(link->host, own->host) == 0 &&
           (strcmp(link->port, own->port) == 0 || strcmp(link->port, https ? "443" : "80") == 0);
}

char *origin_rebase(const char *base, const char *url)
{
    return join(base, root_length(base), url + root_length(url));
}
