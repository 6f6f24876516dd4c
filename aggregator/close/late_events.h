/* The events that came after a closing and changed who counts: what stands behind a changed cell. */
#ifndef MOOC_CLOSE_LATE_EVENTS_H
#define MOOC_CLOSE_LATE_EVENTS_H

#include "document.h"
#include "standing.h"

struct late_events {
    struct standing_changes changes; /* owned */
    struct strings *units;           /* of the changes; not owned */
    struct pg_rows *rows;
    size_t *firsts; /* of each change its first row; one more at the end */
};

bool late_events_read(struct pg *pg, const struct document_head *head, struct late_events *events,
                      struct error *err) MUST_CHECK;
void late_events_release(struct late_events *events);

/* Of a cell: how many people count otherwise, and a text of event ids and of kinds ("exam.graded 2, roster.listed 1"). unit NULL: of
 * all units. measure: a column's name; one that is no measure takes every change. */
struct late_cause {
    size_t people, event_count;
    struct text_buffer kinds, ids;
};
void late_events_behind(const struct late_events *events, const char *unit, const char *measure,
                        enum language language, struct late_cause *cause);
void late_cause_release(struct late_cause *cause);

#endif
