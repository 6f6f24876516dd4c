/* How requests are authorised, as a connector's `auth:` says, with the secrets of one source. Secrets are read again when their
 * files change; everything made of them is wiped. */
#ifndef MOOC_CONNECTOR_AUTH_H
#define MOOC_CONNECTOR_AUTH_H

#include "../walk/walk.h"
#include "../language/connector.h"

struct auth;

/* options: of the source, in the order of the connector's; a secret's is the path of its file; NULL = absent (the caller has put
 * fallbacks in). Copied. NULL with ERROR_CONFIG when a secret cannot be read or cannot be sent. */
struct auth *auth_new(struct http_origin *origin, const struct connector *connector,
                      const char *const *options, struct error *err);
void auth_free(struct auth *auth);

/* For walks; context = the auth. The header is "" where none is needed: no authorisation, or by form field. */
struct walk_auth auth_walk(struct auth *auth);
/* The field that every POST form carries (neither is escaped), valid until the walk_auth is asked again; false: none. */
bool auth_form_field(const struct auth *auth, const char **name, const char **value);

/* Puts *** where the text quotes a credential, as platforms do in what they say of a refusal. */
void auth_mask(const struct auth *auth, char *text);

/* ERROR_NONE, or why there is no credential at the moment, or why a changed secret is not used. */
const struct error *auth_error(const struct auth *auth);

#endif
