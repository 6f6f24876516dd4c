/* What came after a closing: whose share of the figures is another one now, and the events that made it so. */
#ifndef MOOC_CLOSE_LATE_EVENTS_H
#define MOOC_CLOSE_LATE_EVENTS_H

#include "cell_meaning.h"
#include "document.h"
#include "standing.h"

/* Rows of an answer: [0] up to [1]. */
struct row_span {
    size_t begin, end;
};

struct late_events {
    struct changed_people people; /* owned; the rest is NULL where nobody asks for events */
    struct pg_rows *rows;         /* theirs */
    struct row_span *spans;       /* of each of their subjects */
    struct pg_rows *neighbours;   /* of others, behind those who have none of their own */
    struct row_span *near;        /* of each subject */
    struct pg_rows *entities;     /* of no person; erasures */
};

/* people are filled in. */
bool late_events_read(struct pg *pg, const struct document_head *head, struct late_events *events,
                      struct error *err) MUST_CHECK;
void late_events_release(struct late_events *events);

/* Of a cell: how many people it counts otherwise, their keys, the events' ids, and their kinds in words ("Exam graded: 2, Listed: 1"). */
struct late_cause {
    size_t people, event_count;
    struct text_buffer kinds, keys, ids;
};
/* The people whom one of the queries at least counts otherwise. */
void late_events_of_people(const struct late_events *events, const struct share_query *queries,
                           size_t count, enum language language, struct late_cause *cause);
/* The forms or totals. units: codes that the form may be of; NULL: any. */
void late_events_of_entities(const struct late_events *events, const struct cell_meaning *meaning,
                             const struct pg_rows *units, enum language language,
                             struct late_cause *cause);
/* Who was erased is in no cell any more, and in which the person was nobody knows. */
void late_events_of_erasures(const struct late_events *events, enum language language,
                             struct late_cause *cause);
void late_cause_release(struct late_cause *cause);

#endif
