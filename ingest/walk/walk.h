/* Walks a paginated JSON list over http, page by page, and knows no platform: where the records and the next page stand, how a page
 * is asked for, what an answer means and who authorises are given. A `next` link is opaque and pinned to the origin. What is not data
 * (an HTML page with status 200, an error in a 200 envelope, a truncated or over-deep body, a repeated link, a page that says the same
 * again) ends the walk with ERROR_SOURCE; what may pass (no answer, 429, 5xx) is asked again with back-off, the same page.
 *
 * Holds two pages at most: the next page is fetched while its predecessor is being taken in. */
#ifndef MOOC_INGEST_WALK_H
#define MOOC_INGEST_WALK_H

#include "../../common/base.h"
#include "../../common/error.h"
#include "../../common/json.h"
#include "../http/http.h"
#include "walk_page.h"

/* Who authorises requests. header: a header line, "" when none is needed, NULL while it is not there yet; *serial names the
 * credential. refused: the platform answered 401 to that credential. Both may start requests of their own. */
struct walk_auth {
    void *context;
    const char *(*header)(void *context, uint64_t *serial);
    void (*refused)(void *context, uint64_t serial);
};

struct walk_page {
    struct page_list *list; /* its records; NULL when the answer means "none" */
    size_t number;          /* from 1 */
    int64_t server_time_us; /* Date of this answer; our clock's time if it had none or is ahead of ours */
    const char *bound; /* the header named in the spec; NULL without */
};

/* Takes in a page. False ends the walk: with err set it failed, without it has seen enough. */
typedef bool (*walk_take)(void *context, const struct walk_page *page, struct error *err);

/* A request for a page; texts are owned and freed by the walk. */
struct walk_request {
    char *url;             /* path with query, or a whole URL on the origin */
    char *body;            /* NULL = GET */
    const char *body_type; /* of the body: "application/json"; static */
    char *headers[12];     /* further header lines, NULL-terminated */
};
typedef bool (*walk_ask)(void *context, const struct page_position *position,
                         struct walk_request *request, struct error *err);

/* What an answer means where its status alone does not say it. */
enum walk_verdict {
    WALK_AS_IT_IS, /* nothing special: the status counts */
    WALK_NOTHING,  /* an empty list */
    WALK_UNAUTHORISED,
    WALK_THROTTLED,
    WALK_AGAIN,
    WALK_REFUSED, /* err is set */
};
struct walk_answer {
    long status;
    const struct json *root; /* NULL when the body is no usable JSON */
    const char *body;
    size_t length;
};
typedef enum walk_verdict (*walk_judge)(void *context, const struct walk_answer *answer,
                                        struct error *err);

/* The platform says that the first page has not changed since it was remembered for this reader (http_remember). True: then there
 * is nothing to do, and the walk is complete with no page taken in. False: it is asked for whole. */
typedef bool (*walk_unchanged)(void *context, int64_t server_time_us);

struct walk_spec {
    struct http_origin *origin;
    const struct walk_auth *auth;   /* NULL = none; must outlive the walk */
    const char *what;               /* for messages: "grades of course-v1:…"; no personal data */
    const struct page_rules *pages; /* must outlive the walk */
    const char *const *records; /* PAGE_POINTERS pointers tried in turn; must outlive the walk */
    const char *record;         /* instead: where the one record of an answer stands; NULL */
    walk_ask ask;
    walk_judge judge;         /* NULL = none */
    const char *bound_header; /* handed on with each page; NULL */
    bool rows_may_lack; /* the platform leaves rows out silently: a page of the middle may be empty */
    const struct page_position *from; /* where to go on; NULL = the beginning */
    walk_take take;
    const char *reader; /* of the first page, for http_remember; NULL = nothing is remembered of it */
    walk_unchanged unchanged; /* NULL = the first page is asked for whole */
    void *context;            /* of ask, judge, take and unchanged */
};

enum walk_state { WALK_RUNNING, WALK_DONE, WALK_FAILED };

struct walk;

struct walk *walk_new(const struct walk_spec *spec);
void walk_free(struct walk *walk); /* cancels what is under way */

/* Goes on as far as it can without blocking. may_take = false: fetch, but take in no page yet. */
enum walk_state walk_step(struct walk *walk, bool may_take);
enum walk_state walk_state(const struct walk *walk);
/* All pages were seen (not "seen enough"), or there was nothing to do. */
bool walk_complete(const struct walk *walk);
/* What tells the first page from its later versions, for http_remember; NULL where the platform said nothing of the kind. */
const struct http_validator *walk_validator(const struct walk *walk);
const struct error *walk_error(const struct walk *walk);
/* Of the last answer, 0 = none; 403 where its body refused. */
long walk_status(const struct walk *walk);
size_t walk_pages(const struct walk *walk); /* decoded by this walk */
/* Set while a page is being asked again: what went wrong last. */
const struct error *walk_trouble(const struct walk *walk);
/* How far the platform's clock is ahead of ours by the last answer's Date (to the second); 0 where it has none. */
int64_t walk_server_ahead_us(const struct walk *walk);
/* Where the page after those taken in stands; valid until the next step. NULL after the last one, and before the first. */
const struct page_position *walk_position(const struct walk *walk);

#endif
