#include "token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../common/allocate.h"
#include "../../common/backoff.h"
#include "../../common/clock.h"
#include "../../common/crypto.h"
#include "../../common/json.h"

#define MARGIN_S 60        /* asked for anew this long before it expires … */
#define DEFAULT_LIFE_S 300 /* … or this long after, when the platform does not say */
#define MAX_TOKEN_BYTES 16384

struct token {
    struct http_origin *origin;
    const char *path, *scheme;
    token_make make;
    void *context;
    char *header; /* NULL = none */
    uint64_t serial;
    int64_t renew_ms, retry_ms;
    bool in_flight;
    struct backoff backoff;
    struct error error;
};

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void token_ask_wipe(struct token_ask *ask)
{
    wipe(ask->authorization);
    wipe(ask->form);
    *ask = (struct token_ask){NULL, NULL};
}

struct token *token_new(struct http_origin *origin, const char *path, const char *scheme,
                        token_make make, void *context)
{
    struct token *t = must_have(calloc(1, sizeof *t));
    t->origin = origin;
    t->path = path;
    t->scheme = scheme;
    t->make = make;
    t->context = context;
    backoff_init(&t->backoff, 1000, 120000, random_u64());
    return t;
}

void token_free(struct token *t)
{
    if (!t)
        return;
    http_cancel(t->origin, t);
    wipe(t->header);
    free(t);
}

static bool header_safe(const char *text)
{
    size_t length = text ? strlen(text) : 0;
    if (length == 0 || length > MAX_TOKEN_BYTES)
        return false;
    for (const char *c = text; *c; c++) {
        if (*c <= ' ' || *c > '~')
            return false;
    }
    return true;
}

char *token_parse(const char *body, size_t length, const char *scheme, int64_t *expires_s,
                  struct error *err)
{
    struct json *root = json_parse(body, length, NULL);
    const char *access = json_get_string(root, "access_token");
    const char *type = json_get_string(root, "token_type");
    char *header = NULL;
    if (!json_is_object(root)) {
        error_set(err, ERROR_SOURCE, true,
                  "the token endpoint answers with something that is not "
                  "JSON (is url the address of the platform?)");
    } else if (!header_safe(access)) {
        error_set(err, ERROR_SOURCE, true, "the token endpoint's answer has no usable access_token");
    } else {
        if (!scheme)
            scheme = type && strcasecmp(type, "jwt") == 0 ? "JWT" : "Bearer";
        size_t size = strlen(access) + strlen(scheme) + sizeof "Authorization:  ";
        header = must_have(malloc(size));
        snprintf(header, size, "Authorization: %s %s", scheme, access);
        if (!json_integer(json_get(root, "expires_in"), expires_s) || *expires_s <= 0)
            *expires_s = DEFAULT_LIFE_S;
    }
    json_free(root);
    return header;
}

static void retry_later(struct token *t, int64_t at_least_ms)
{
    int64_t wait = backoff_next_ms(&t->backoff);
    t->retry_ms = clock_monotonic_ms() + (wait > at_least_ms ? wait : at_least_ms);
}

static void on_token(void *context, const struct http_response *response)
{
    struct token *t = context;
    t->in_flight = false;
    t->error.kind = ERROR_NONE;
    if (response->error.kind != ERROR_NONE) {
        t->error = response->error;
    } else if (response->status >= 400 && response->status < 404) {
        error_set(&t->error, ERROR_CONFIG, true,
                  "the platform refuses our client (HTTP %ld); check its id and secret in the "
                  "source's configuration, and that its grant type is client credentials",
                  response->status);
    } else if (response->status != 200) {
        error_set(
            &t->error, ERROR_SOURCE, true,
            "no token endpoint at this address (HTTP %ld); url must be the address of the platform",
            response->status);
    }
    int64_t life_s = 0;
    char *header = NULL;
    if (t->error.kind == ERROR_NONE)
        header = token_parse(response->body, response->body_length, t->scheme, &life_s, &t->error);
    if (!header) {
        retry_later(t, response->retry_after_ms);
        return;
    }
    wipe(t->header);
    t->header = header;
    t->serial++;
    if (life_s > INT64_C(86400) * 30)
        life_s = INT64_C(86400) * 30;
    int64_t margin = life_s > 2 * MARGIN_S ? MARGIN_S : life_s / 4;
    t->renew_ms = clock_monotonic_ms() + (life_s - margin) * 1000;
    backoff_reset(&t->backoff);
}

static void fetch(struct token *t)
{
    if (t->in_flight || clock_monotonic_ms() < t->retry_ms)
        return;
    struct token_ask ask = {NULL, NULL};
    if (t->make(t->context, &ask, &t->error)) {
        const char *headers[] = {"Accept: application/json", ask.authorization, NULL};
        t->in_flight = http_submit(t->origin, t->path, headers, ask.form, on_token, t, &t->error);
    }
    token_ask_wipe(&ask);
    if (!t->in_flight)
        retry_later(t, 0);
}

static void drop(struct token *t)
{
    wipe(t->header);
    t->header = NULL;
}

const char *token_header(struct token *t, uint64_t *serial)
{
    if (t->header && clock_monotonic_ms() >= t->renew_ms)
        drop(t);
    if (!t->header)
        fetch(t);
    *serial = t->serial;
    return t->header;
}

const char *token_held(const struct token *t)
{
    return t->header;
}

void token_refused(struct token *t, uint64_t serial)
{
    if (serial == t->serial) /* else another walk has said so already */
        drop(t);
}

void token_renew(struct token *t)
{
    drop(t);
    http_cancel(t->origin, t);
    t->in_flight = false;
    t->retry_ms = 0;
    backoff_reset(&t->backoff);
}

const struct error *token_error(const struct token *t)
{
    return &t->error;
}
