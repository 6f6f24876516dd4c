/* The e-mail addresses of listed people, in clear, in one file that only this instance can read: so that a platform that tells of
 * accounts only when asked by e-mail can be asked for those people and nobody else. Encrypted (AES-256-GCM under the HMAC key),
 * mode 0600, <data_dir>/listed-emails.sealed. Load, change, save within one tick: the process has one thread for its sources, of
 * which several change the list (listed_changes.h). */
#ifndef MOOC_LISTED_EMAILS_H
#define MOOC_LISTED_EMAILS_H

#include "../../common/base.h"
#include "../../common/crypto.h"
#include "../../common/error.h"

struct listed_emails;

/* A missing file is an empty list. NULL when it cannot be read or was sealed under another key. */
struct listed_emails *listed_emails_load(const char *data_dir, const void *secret,
                                         size_t secret_length, struct error *err);
void listed_emails_free(struct listed_emails *list); /* wipes */
/* Writes the file if anything changed. */
bool listed_emails_save(struct listed_emails *list, struct error *err) MUST_CHECK;

/* The address stands on this roster entity; email is normalised (identity_normalise_email). */
void listed_emails_add(struct listed_emails *list, const char *source, const char *substream,
                       const char *entity, const char *email);
/* These entities (key128_of their names) left the roster: their addresses go, unless another entity has them too. Sorts the keys. */
void listed_emails_remove(struct listed_emails *list, struct key128 *entities, size_t count);
/* The address goes, whoever has it; how often it stood there. */
int64_t listed_emails_remove_address(struct listed_emails *list, const char *email);
/* Between the two calls add what a complete list says: end drops the rest of the sub-streams that were begun. */
void listed_emails_replace_begin(struct listed_emails *list, const char *source,
                                 const char *substream);
void listed_emails_replace_end(struct listed_emails *list);
/* During a replacement: these entities are still listed; what is known of them stays. Sorts the keys. */
void listed_emails_keep(struct listed_emails *list, struct key128 *entities, size_t count);

/* An account was found under the address (or no longer is). */
void listed_emails_set_found(struct listed_emails *list, const char *email, bool found);

/* Each address once, in byte order; found: set by listed_emails_set_found. Return false from visit to stop. */
typedef bool (*listed_emails_visit)(void *context, const char *email, bool found);
void listed_emails_for_each(const struct listed_emails *list, listed_emails_visit visit,
                            void *context);

#endif
