/* The records of a page as a stream sees them: its elements, or with `each` what stands in an array within each of them. */
#ifndef MOOC_CONNECTOR_RECORDS_H
#define MOOC_CONNECTOR_RECORDS_H

#include "../walk/page_list.h"

/* enclosing: the element that the record stands in; NULL without `each`. */
typedef void (*record_visit)(void *context, const struct json *record, const struct json *enclosing);

/* each: a pointer; NULL = none. */
void records_of_element(const struct json *element, const char *each, record_visit visit,
                        void *context);
/* list: NULL = no records. False with ERROR_SOURCE when one cannot be read; those before it were visited. */
bool records_of_page(struct page_list *list, const char *each, record_visit visit, void *context,
                     struct error *err) MUST_CHECK;

#endif
