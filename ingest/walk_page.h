/* What a page of a list says, decided from its bytes alone. Pure. */
#ifndef MOOC_INGEST_WALK_PAGE_H
#define MOOC_INGEST_WALK_PAGE_H

#include "../common/base.h"
#include "../common/crypto.h"
#include "../common/error.h"
#include "../common/json.h"

struct decoded_page {
    struct json *root;          /* json_free */
    const struct json *records; /* an array */
    const char *next;           /* NULL or "" at the end; lives in root */
    uint64_t digest; /* of the records: a page that repeats its predecessor has the same */
};

/* records: the member of the root object that holds the list; a root that is an array is taken as the list. `next` stands at
 * the root or in `pagination`. Fails with ERROR_SOURCE, saying what came instead; never quotes the body. */
bool page_decode(const char *body, size_t length, const char *content_type, const char *records,
                 struct decoded_page *out, struct error *err) MUST_CHECK;

/* Hash over a JSON value, member order kept. */
struct key128 json_fingerprint(const struct json *node);

#endif
