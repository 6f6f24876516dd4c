/* The HMAC keys of one installation, oldest first, and under which form a personal key is published. Pure but for the key files.
 *
 * Sources key everything with the first key, for ever: so entities keep their names and fingerprints stay. What is published is wrapped
 * once for each later key: id' = HMAC_k2(HMAC_k1(x)), unless the key stood in the log before that rotation. Such a key keeps the form
 * that the log knows (the set of those forms stands in the state): an entity never changes its learner, and who shares an identifier
 * with whom is the same as if no key had ever been rotated. The links that `key rotate` publishes tell a later replay both forms. */
#ifndef MOOC_KEY_RING_H
#define MOOC_KEY_RING_H

#include "error.h"
#include "event.h"

/* ---- forms that the log knows: 64-bit hashes ---- */

struct key_set;
struct key_set *key_set_new(void);
void key_set_free(struct key_set *set);
bool key_set_add(struct key_set *set, uint64_t hash); /* true: it was not there */
bool key_set_has(const struct key_set *set, uint64_t hash);
size_t key_set_count(const struct key_set *set);
/* Calls back for each, in no order. */
void key_set_each(const struct key_set *set, void (*visit)(void *context, uint64_t hash),
                  void *context);
uint64_t key_hash(const char *key, size_t length);

/* ---- the ring ---- */

struct key_ring;

/* Reads FILE.2 … FILE.<version> beside the first key's file; fingerprint: of the first key, becomes the ring's. ERROR_CONFIG names the
 * file that is missing. */
struct key_ring *key_ring_open(const char *first_file, int64_t version, char fingerprint[33],
                               struct error *err);
void key_ring_free(struct key_ring *ring);
int64_t key_ring_version(const struct key_ring *ring);
void key_ring_file(const char *first_file, int64_t version, char *out, size_t size);

/* One key, such as "email:<32 hex>", "name:<16 hex>", "row:<32 hex>", wrapped by the key of this version (2 or later). What has not that
 * form is copied. out: EVENT_MAX_KEY + 1 bytes. */
void key_ring_wrap(struct key_ring *ring, int64_t version, const char *key, char *out);

/* Every form under which a key, or a learner key that joins an identifier and a name, may stand in some log: until visit says true, then
 * true. ring NULL: there is the one. */
bool key_ring_any_form(struct key_ring *ring, const char *key,
                       bool (*visit)(void *context, const char *form), void *context);

/* The form under which an event's learner key, identifiers and name are published. */
struct published_keys {
    char subject[EVENT_MAX_KEY + 1], name[EVENT_MAX_KEY + 1];
    char identifiers[EVENT_MAX_LIST][EVENT_MAX_KEY + 1];
};
void key_ring_publish(struct key_ring *ring, const struct key_set *known, struct event *event,
                      struct published_keys *keys);

/* The keys that an event carries: learner key (its parts, if it joins an identifier and a name), identifiers, name. */
void event_keys(const struct event *event,
                void (*visit)(void *context, const char *key, size_t length), void *context);

#endif
