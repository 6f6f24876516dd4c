/* Learner keys that were erased, as 128-bit hashes of their published form: a set. And the job that asks for an erasure: it names hashes
 * only, so that it may be carried about. Pure. */
#ifndef MOOC_INGEST_ERASED_KEYS_H
#define MOOC_INGEST_ERASED_KEYS_H

#include "../../common/crypto.h"
#include "../../common/error.h"
#include "../../common/event.h"
#include "../../common/key_ring.h"

struct erased_keys {     /* zeroed: empty */
    struct key128 *keys; /* ascending */
    size_t count, capacity;
};

bool erased_keys_add(struct erased_keys *set, struct key128 key); /* true: it was not there */
bool erased_keys_has(const struct erased_keys *set, struct key128 key);
bool erased_keys_has_text(const struct erased_keys *set, const char *text);
void erased_keys_free(struct erased_keys *set);

/* Is the event about an erased learner? By its learner key, or a link's entity, in any form under which it was ever published: the log
 * may have forgotten which one that was. ring NULL: there is one form. */
bool erased_keys_name(const struct erased_keys *set, struct key_ring *ring,
                      const struct event *event);
/* The same of a personal key in the first key's form: "email:<32 hex>". */
bool erased_keys_has_form(const struct erased_keys *set, struct key_ring *ring, const char *key);

/* What `mooc-aggregator erase` hands over, a line each: "mooc-pulse erasure 1", then "learner <32 hex>" and "identifier <32 hex>". */
struct erase_job {
    struct erased_keys learners; /* key128_of the learner keys */
    struct erased_keys identifiers; /* … of identifiers that are these people's alone: for local files */
};
bool erase_job_parse(const char *text, size_t length, struct erase_job *job, struct error *err)
    MUST_CHECK; /* ERROR_DATA; *job is to be freed in any case */
void erase_job_free(struct erase_job *job);

#endif
