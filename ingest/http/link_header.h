/* Web links as an answer's Link header carries them (RFC 8288). Pure. */
#ifndef MOOC_INGEST_HTTP_LINK_HEADER_H
#define MOOC_INGEST_HTTP_LINK_HEADER_H

#include "../../common/base.h"

/* The target of the first link of this relation ("next", any case), as it stands there: relative ones are left so, see
 * http_follow. A link with an anchor is about another page and passed over. Text that is no Link header ends the search. NULL if
 * there is none. Caller frees. */
char *link_header_find(const char *value, const char *relation);

#endif
