/* What the files of a walk share: walk.c (life, from page to page), walk_answer.c (what came back). */
#ifndef MOOC_INGEST_WALK_INTERNAL_H
#define MOOC_INGEST_WALK_INTERNAL_H

#include "../../common/backoff.h"
#include "../../common/siphash.h"
#include "key_list.h"
#include "walk.h"

struct walk {
    struct walk_spec spec;
    char *what;
    enum walk_state state;
    bool complete;
    struct error error, trouble;
    long status;
    int64_t server_us_ahead;

    struct page_position position; /* of the page that is asked for */
    struct page_position taken;    /* behind the page that was taken in last */
    bool has_taken;
    bool more;       /* there is a page to ask for */
    bool in_flight;  /* asked for, no answer yet */
    bool unmodified; /* the answer was that it has not changed */
    bool has_validator;
    char *asked;     /* the URL of the page under way or just arrived */
    uint64_t serial; /* of the credential it was asked with */
    unsigned attempts, unauthorised;
    int64_t retry_at_ms;
    struct backoff backoff;

    struct page_list *list; /* an answer that waits to be looked through; NULL with arrived: it means "none" */
    bool arrived;
    bool none;                       /* the answer means an empty list, whatever stands in it */
    struct http_validator validator; /* of the first page */
    char *link_header, *bound;
    int64_t arrived_time_us;

    struct walk_page page; /* waits to be taken in; its list is owned */
    struct page_position after;
    bool has_page, page_more;
    char *page_bound;
    size_t pages, idle_pages; /* idle: in a row, without a new record */
    struct siphash_key key;
    uint64_t previous; /* digest of the page before */

    struct key_list followed; /* links and cursors */
};

static inline bool walk_is_at_first(const struct walk *w)
{
    return w->position.number == 0;
}

char *walk_copy_text(const char *text); /* of NULL: NULL */

/* walk_answer.c */
void walk_fail(struct walk *w, const struct error *err);
void walk_on_response(void *context, const struct http_response *response);

#endif
