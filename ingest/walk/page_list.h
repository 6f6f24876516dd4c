/* The records of one page. Where its list is found in the bytes, a record becomes a tree only when it is asked for, one at a time; what
 * lies around the list is the root. Pure. */
#ifndef MOOC_INGEST_PAGE_LIST_H
#define MOOC_INGEST_PAGE_LIST_H

#include "../../common/error.h"
#include "../../common/json.h"
#include "../../common/siphash.h"

#define PAGE_POINTERS 4

struct page_list;

/* Where the records stand: at the first of the pointers that leads to an array ("" = the root), or the one record of the answer. */
struct page_place {
    const char *const *pointers; /* PAGE_POINTERS, NULL where there are fewer; must outlive the list */
    const char *record;          /* instead; NULL */
};

/* Copies the body. NULL with ERROR_SOURCE, saying what came instead of JSON; never quotes the body. */
struct page_list *page_list_open(const char *body, size_t length, const char *content_type,
                                 const struct page_place *place, struct error *err);
void page_list_free(struct page_list *list);

/* The answer, but for its records where they were found in the bytes: then the array is there and empty. */
const struct json *page_list_root(const struct page_list *list);
/* Are there records? Else ERROR_SOURCE. Nothing below may be asked before. */
bool page_list_find(struct page_list *list, struct error *err) MUST_CHECK;

size_t page_list_count(const struct page_list *list);
/* The bytes of a record; NULL where only trees are there. */
const char *page_list_text(const struct page_list *list, size_t index, size_t *length);
/* A record, best asked for in rising order; valid until the next call. One that has a key twice is a text, its bytes. NULL with
 * ERROR_SOURCE. */
const struct json *page_list_record(struct page_list *list, size_t index, struct error *err);
/* Of the records: a page that repeats its predecessor has the same. */
uint64_t page_list_digest(const struct page_list *list, struct siphash_key key);

#endif
