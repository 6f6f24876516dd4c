/* What a platform writes into the headers that we read: the first byte says which. */
#include <stdlib.h>
#include <string.h>

#include "../../ingest/http/http_date.h"
#include "../../ingest/http/link_header.h"
#include "../../ingest/http/throttle_headers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void link(const char *text)
{
    char *target = link_header_find(text, "next");
    must(!target || (strstr(text, target) && !strchr(target, '>')));
    free(target);
}

static void retry_after(const char *text)
{
    int64_t ms = retry_after_ms(text, INT64_C(1700000000000000));
    must(ms == 0 || (ms >= RETRY_AFTER_MIN_MS && ms <= RETRY_AFTER_MAX_MS));
}

static void throttle(const char *text, size_t size)
{
    struct http_headers headers = {.data = NULL};
    for (const char *at = text, *end = text + size, *line; at < end; at = line) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        line = newline ? newline + 1 : end;
        if (!http_headers_add(&headers, at, (size_t)(line - at)))
            break;
    }
    struct throttle_hint hint = throttle_headers_read(&headers, INT64_C(1700000000000000));
    must(hint.reset_ms >= 0 && hint.reset_ms <= 3600000 && hint.limit >= 0.0);
    must(headers.length <= HTTP_HEADERS_MAX_BYTES + 2 * HTTP_HEADERS_MAX_COUNT);
    http_headers_free(&headers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    char *text = malloc(size);
    must(text != NULL);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    if (data[0] == 'l')
        link(text);
    else if (data[0] == 'r')
        retry_after(text);
    else
        throttle(text, size - 1);
    free(text);
    return 0;
}
