/* Whatever link a platform gives: what is accepted names our scheme, host and port and no user, read by eye. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../ingest/http/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void never(void *context, const struct http_response *response)
{
    (void)context;
    (void)response;
    abort();
}

/* A link that was accepted is a path, or begins with the origin, https:// in any case. */
static void must_be_ours(const char *url)
{
    if (url[0] == '/' && url[1] != '/')
        return;
    must(strncasecmp(url, "https:", 6) == 0);
    const char *host = url + 6 + strspn(url + 6, "/");
    size_t length = strcspn(host, "/?#");
    must(!memchr(host, '@', length));
    must(!memchr(host, '\\', length));
    if (memchr(host, '%', length))
        return; /* decoded by the parser that also connects */
    must(strncasecmp(host, "lms.example", 11) == 0 && (length == 11 || host[11] == ':'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct http *http;
    static struct http_origin *origin;
    struct error err = {.kind = ERROR_NONE};
    if (!http) {
        http = http_new(&err);
        origin = http_origin_new(
            http, &(struct http_origin_settings){.base_url = "https://lms.example/base"}, &err);
        must(origin != NULL);
    }
    char *text = malloc(size + 1);
    must(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    char *link = http_follow(origin, "/api/list?page=1", text);
    if (http_submit(origin, link, NULL, NULL, never, text, &err)) {
        must_be_ours(link);
        http_cancel(origin, text);
    } else {
        must(err.kind == ERROR_SOURCE);
    }
    free(link);
    free(text);
    return 0;
}
