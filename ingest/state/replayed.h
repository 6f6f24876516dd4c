/* What the log of events says that the state must hold: one event to one record. For `state rebuild`. Pure. */
#ifndef MOOC_INGEST_REPLAYED_H
#define MOOC_INGEST_REPLAYED_H

#include "state_record.h"

struct replayed {
    struct state_entity entity;
    char total[EVENT_MAX_KEY + 1]; /* the running total's name, when it is one */
    char substream[2 * EVENT_MAX_KEY + 2];
};

/* of_total: a day of learning belongs to a running total, if its name says so. False for what is no entity's event (marks, unknown types). Strings of *out point into *e and *out. The stream and sub-stream
 * are where this type stands in the sources that there are; a source that sees the entity elsewhere moves it. */
bool replayed_entity(const struct event *e, bool of_total, struct text_buffer *scratch,
                     struct replayed *out);

#endif
