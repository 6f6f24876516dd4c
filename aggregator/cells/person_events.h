/* The events behind the persons who count in a cell: what the archive holds of their subjects. */
#ifndef MOOC_CELLS_PERSON_EVENTS_H
#define MOOC_CELLS_PERSON_EVENTS_H

#include "../report/report.h"
#include "who_counts.h"

#define PERSON_KEY_SIZE 37

/* A subject's key as the database writes it. */
void person_key_text(struct key128 key, char out[PERSON_KEY_SIZE]);

/* Columns of the result, in the order of sql/replay_events_of.sql. */
enum person_event_column {
    PERSON_EVENT_SUBJECT,
    PERSON_EVENT_ID,
    PERSON_EVENT_TYPE,
    PERSON_EVENT_SOURCE,
    PERSON_EVENT_TIME,
    PERSON_EVENT_PARTITION,
    PERSON_EVENT_OFFSET,
    PERSON_EVENT_ENTITY,
    PERSON_EVENT_REVISION,
    PERSON_EVENT_HASH
};
/* The archive is looked through once for all of them. NULL on failure. */
struct pg_rows *person_events(struct pg *pg, const struct counted_person *const *people,
                              size_t count, struct error *err);
/* Is the event in that row one of the person's? */
bool person_events_of(const struct counted_person *person, const struct pg_rows *events, size_t row);

/* Columns event, type, source, time, partition, offset of a report, and the event in a row of it: in words and local time for
 * people, as codes for programs. */
void person_events_add_columns(struct report *report);
void person_events_put(struct report *report, size_t row, const struct pg_rows *events, size_t from,
                       bool words);

#endif
