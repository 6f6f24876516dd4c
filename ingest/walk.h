/* Walks a paginated JSON list over http, page by page, and knows no platform: where the records stand, how the first page is
 * asked for and who authorises are given. A `next` link is opaque and pinned to the origin. What is not data (an HTML page with
 * status 200, an error in a 200 envelope, a truncated or over-deep body, a repeated link, a page that says the same again) ends
 * the walk with ERROR_SOURCE; what may pass (no answer, 429, 5xx) is asked again with back-off, the same page.
 *
 * Holds one decoded page and one body at most: the next page is fetched while its predecessor is being taken in. */
#ifndef MOOC_INGEST_WALK_H
#define MOOC_INGEST_WALK_H

#include "../common/base.h"
#include "../common/error.h"
#include "../common/json.h"
#include "http/http.h"

/* Who authorises requests. header: "Authorization: …", NULL while it is not there; *serial names the credential. refused: the
 * platform answered 401 to that credential. Both may start requests of their own. */
struct walk_auth {
    void *context;
    const char *(*header)(void *context, uint64_t *serial);
    void (*refused)(void *context, uint64_t serial);
};

struct walk_page {
    const struct json *records; /* an array; NULL when the answer was 404 and that means "none" */
    size_t number;              /* from 1 */
    int64_t server_time_us; /* Date of this answer; our clock's time if it had none or is ahead of ours */
};

/* Takes in a page. False ends the walk: with err set it failed, without it has seen enough. */
typedef bool (*walk_take)(void *context, const struct walk_page *page, struct error *err);

struct walk_spec {
    struct http_origin *origin;
    const struct walk_auth *auth; /* NULL = none; must outlive the walk */
    const char *what;             /* for messages: "grades of course-v1:…"; no personal data */
    const char *path;             /* first page: path with query */
    const char *records; /* member of the root that holds the list; a bare array is always accepted */
    const char *json_body; /* NULL = GET; else its only page is asked for by a POST of this JSON */
    bool missing_is_empty; /* 404 is an empty list, not an error */
    bool rows_may_lack; /* the platform leaves rows out silently: a page of the middle may be empty */
    walk_take take;
    void *context;
};

enum walk_state { WALK_RUNNING, WALK_DONE, WALK_FAILED };

struct walk;

struct walk *walk_new(const struct walk_spec *spec);
void walk_free(struct walk *walk); /* cancels what is under way */

/* Goes on as far as it can without blocking. may_take = false: fetch, but take in no page yet. */
enum walk_state walk_step(struct walk *walk, bool may_take);
enum walk_state walk_state(const struct walk *walk);
/* All pages were seen (not "seen enough"). */
bool walk_complete(const struct walk *walk);
const struct error *walk_error(const struct walk *walk);
long walk_status(const struct walk *walk); /* of the last answer, 0 = none */
size_t walk_pages(const struct walk *walk);
/* Set while a page is being asked again: what went wrong last. */
const struct error *walk_trouble(const struct walk *walk);

#endif
