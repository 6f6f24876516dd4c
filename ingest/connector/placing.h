/* In which stream an event of the log stands, as the connector of its source says: for `state rebuild`. */
#ifndef MOOC_CONNECTOR_PLACING_H
#define MOOC_CONNECTOR_PLACING_H

#include "../../common/event.h"
#include "../sources.h"

struct placing;

struct placed {
    const char *stream; /* NULL: that cannot be told */
    const char *substream;
    bool total; /* a day of learning belongs to a running total, if its name says so */
    char lasting[80];
};

/* sources must outlive it. */
struct placing *placing_new(const struct sources *sources);
void placing_free(struct placing *placing); /* NULL-safe */

/* Of an event about an entity; its type is a creating one. Strings of *out live as long as the event, the placing and *out. */
void placing_find(struct placing *placing, const struct event *event, struct placed *out);

#endif
