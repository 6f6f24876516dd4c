/* What a page of a list says, and where the next one stands. Pure: decided from the bytes alone. */
#ifndef MOOC_INGEST_WALK_PAGE_H
#define MOOC_INGEST_WALK_PAGE_H

#include "../../common/base.h"
#include "../../common/crypto.h"
#include "../../common/error.h"
#include "../../common/json.h"
#include "page_list.h"

enum page_rule {
    PAGES_ONE,
    PAGES_NEXT,   /* the answer's body holds a link (Open edX `next`, xAPI `more`) */
    PAGES_LINK,   /* header Link, rel=next (RFC 8288) */
    PAGES_NUMBER, /* {page} */
    PAGES_OFFSET, /* {offset} */
    PAGES_CURSOR, /* {cursor}, taken from the body */
};

struct page_rules {
    enum page_rule rule;
    const char *next[PAGE_POINTERS]; /* where the link or cursor stands, tried in turn; NULL where there are fewer */
    int64_t size;                    /* {size}; a source may set another */
    int64_t smallest; /* > 0: where a page takes too long, it is asked for in halves down to this */
    int64_t first;    /* number of the first page, or first offset */
    int64_t overlap;  /* PAGES_OFFSET: records of a page that the next one has again */
    /* Pointers to a count of records or of pages. NULL: the list ends with an empty page. */
    const char *total, *last;
};

/* A place in a list. Zeroed and begun by page_begin; link and cursor are owned. */
struct page_position {
    int64_t number; /* of pages read, from 0 */
    int64_t page, offset;
    int64_t seen; /* records so far */
    char *link;   /* PAGES_NEXT, PAGES_LINK: as the platform gave it; NULL = the first page */
    char *cursor;
};

void page_begin(struct page_position *position, const struct page_rules *rules);
void page_end(struct page_position *position);

/* The array at the first of the pointers that leads to one ("" = the root); NULL with ERROR_SOURCE. */
const struct json *page_records(const struct json *root, const char *const pointers[PAGE_POINTERS],
                                struct error *err);
/* The one object at the pointer as a list of it; NULL with ERROR_SOURCE. Caller frees with json_list_free, before the root. */
struct json *page_record(const struct json *root, const char *pointer, struct error *err);
/* Moves on to what follows this page of so many records; *more = there is such. link_header: the Link header, NULL without. */
bool page_advance(struct page_position *position, const struct page_rules *rules,
                  const struct json *root, size_t records, const char *link_header, bool *more,
                  struct error *err) MUST_CHECK;

/* Hash over a JSON value, member order kept. */
struct key128 json_fingerprint(const struct json *node);

#endif
