/* The platform's access token: client credentials (no refresh token: asked for anew), kept until shortly before it expires, since
 * the token endpoint is rate limited itself. */
#ifndef MOOC_OPENEDX_TOKEN_H
#define MOOC_OPENEDX_TOKEN_H

#include "../../common/error.h"
#include "../http/http.h"
#include "../walk.h"

struct token;

/* The secret is copied, and wiped at the end. */
struct token *token_new(struct http_origin *origin, const char *client_id, const char *secret,
                        size_t secret_length);
void token_free(struct token *token);

/* For walks: header, refused, context = the token. */
struct walk_auth token_auth(struct token *token);

/* ERROR_NONE, or why there is no token at the moment. */
const struct error *token_error(const struct token *token);

/* The token in an answer of the token endpoint: "Authorization: JWT …" (caller frees) and its life in seconds. Pure. */
char *token_parse(const char *body, size_t length, const char *content_type, int64_t *expires_s,
                  struct error *err);

#endif
