/* The platform's access token: OAuth2 client credentials (RFC 6749, 4.4; no refresh token: asked for anew), kept until shortly
 * before it expires, since the token endpoint is rate limited itself. */
#ifndef MOOC_CONNECTOR_TOKEN_H
#define MOOC_CONNECTOR_TOKEN_H

#include "../../common/error.h"
#include "../http/http.h"

struct token;

/* What a token request carries; made anew for each one, wiped and freed by whoever asked for it. */
struct token_ask {
    char *authorization; /* header line; NULL = none */
    char *form;
};
typedef bool (*token_make)(void *context, struct token_ask *out, struct error *err);
void token_ask_wipe(struct token_ask *ask);

/* path: on the origin. scheme: word in front of the token in Authorization; NULL = JWT where token_type says so, else Bearer. All
 * must outlive the token. */
struct token *token_new(struct http_origin *origin, const char *path, const char *scheme,
                        token_make make, void *context);
void token_free(struct token *token);

/* "Authorization: …" and which one it is; NULL while there is none: then one is being asked for, or waited with. */
const char *token_header(struct token *token, uint64_t *serial);
/* The header in use; NULL = none. Asks for nothing. */
const char *token_held(const struct token *token);
/* The platform answered 401 to that one. */
void token_refused(struct token *token, uint64_t serial);
/* The client's secret is another one: the token goes, and a new one is asked for without waiting. */
void token_renew(struct token *token);
/* ERROR_NONE, or why there is no token at the moment. */
const struct error *token_error(const struct token *token);

/* The token in an answer of the token endpoint: "Authorization: SCHEME …" (caller wipes and frees) and its life in seconds. Pure. */
char *token_parse(const char *body, size_t length, const char *scheme, int64_t *expires_s,
                  struct error *err);

#endif
