#include "token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../common/backoff.h"
#include "../../common/clock.h"
#include "../../common/crypto.h"
#include "../../common/json.h"

#define TOKEN_PATH "/oauth2/access_token"
#define TOKEN_FORM "grant_type=client_credentials&token_type=jwt"
#define MARGIN_S 60        /* asked for anew this long before it expires … */
#define DEFAULT_LIFE_S 300 /* … or this long after, when the platform does not say */
#define MAX_TOKEN_BYTES 16384

struct token {
    struct http_origin *origin;
    char *basic;  /* "Authorization: Basic …" */
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

struct token *token_new(struct http_origin *origin, const char *client_id, const char *secret,
                        size_t secret_length)
{
    struct token *t = calloc(1, sizeof *t);
    size_t id_length = strlen(client_id), size = id_length + 1 + secret_length;
    char *pair = malloc(size);
    if (!t || !pair)
        abort();
    memcpy(pair, client_id, id_length);
    pair[id_length] = ':';
    memcpy(pair + id_length + 1, secret, secret_length);
    char *encoded = base64_encode(pair, size);
    explicit_bzero(pair, size);
    free(pair);
    size_t header_size = strlen(encoded) + sizeof "Authorization: Basic ";
    t->basic = malloc(header_size);
    if (!t->basic)
        abort();
    snprintf(t->basic, header_size, "Authorization: Basic %s", encoded);
    wipe(encoded);
    t->origin = origin;
    backoff_init(&t->backoff, 1000, 120000, random_u64());
    return t;
}

void token_free(struct token *t)
{
    if (!t)
        return;
    http_cancel(t->origin, t);
    wipe(t->basic);
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

char *token_parse(const char *body, size_t length, const char *content_type, int64_t *expires_s,
                  struct error *err)
{
    struct json *root = NULL;
    if (strncasecmp(content_type, "text/html", 9) != 0)
        root = json_parse(body, length, NULL);
    const char *access = json_get_string(root, "access_token");
    const char *type = json_get_string(root, "token_type");
    char *header = NULL;
    if (!json_is_object(root)) {
        error_set(err, ERROR_SOURCE, true,
                  "the token endpoint answers with something that is not "
                  "JSON (is url the address of the LMS?)");
    } else if (!header_safe(access)) {
        error_set(err, ERROR_SOURCE, true, "the token endpoint's answer has no usable access_token");
    } else {
        size_t size = strlen(access) + 32;
        header = malloc(size);
        if (!header)
            abort();
        snprintf(header, size, "Authorization: %s %s",
                 type && strcasecmp(type, "bearer") == 0 ? "Bearer" : "JWT", access);
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
                  "the platform refuses our client (HTTP %ld); check client_id and "
                  "client_secret_file, and that the application's grant type is client credentials",
                  response->status);
    } else if (response->status != 200) {
        error_set(
            &t->error, ERROR_SOURCE, true,
            "no token endpoint at this address (HTTP %ld); url must be the address of the LMS",
            response->status);
    }
    int64_t life_s = 0;
    char *header = NULL;
    if (t->error.kind == ERROR_NONE)
        header = token_parse(response->body, response->body_length, response->content_type, &life_s,
                             &t->error);
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
    int64_t now = clock_monotonic_ms();
    if (t->in_flight || now < t->retry_ms)
        return;
    const char *headers[] = {t->basic, "Accept: application/json", NULL};
    t->in_flight = http_submit(t->origin, TOKEN_PATH, headers, TOKEN_FORM, on_token, t, &t->error);
    if (!t->in_flight)
        retry_later(t, 0);
}

static const char *header(void *context, uint64_t *serial)
{
    struct token *t = context;
    if (t->header && clock_monotonic_ms() >= t->renew_ms) {
        wipe(t->header);
        t->header = NULL;
    }
    if (!t->header)
        fetch(t);
    *serial = t->serial;
    return t->header;
}

static void refused(void *context, uint64_t serial)
{
    struct token *t = context;
    if (serial != t->serial || !t->header)
        return; /* another walk has said so already */
    wipe(t->header);
    t->header = NULL;
}

struct walk_auth token_auth(struct token *t)
{
    return (struct walk_auth){t, header, refused};
}

const struct error *token_error(const struct token *t)
{
    return &t->error;
}
