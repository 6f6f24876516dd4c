/* The fold of a whole log at once, in memory: facts are joined as they come, in any order and by several threads; at the end it is
 * found who is who, and each person is counted once. Equal to folding the log batch by batch (fold.h), and several times faster,
 * since nothing is counted before. Pure: no I/O, no clock.
 *
 *   one bulk_intake per reading thread: bulk_take(events) …
 *   bulk_new(intakes)                   who is who
 *   several threads: bulk_count()       until all are counted, each with a bulk_counter of its own
 *   bulk_changes()                      the sums, as changes of empty tables */
#ifndef MOOC_FOLD_BULK_H
#define MOOC_FOLD_BULK_H

#include "fold.h"

struct bulk_intake;
/* number: its place among the intakes that bulk_new is given. rules outlive everything. */
struct bulk_intake *bulk_intake_new(const struct rules *rules, size_t number);
#define BULK_INTAKES 64 /* at most */
void bulk_intake_free(struct bulk_intake *intake);

/* Where an event stood: of entities without a learner it is kept. */
struct bulk_position {
    uint32_t topic; /* the caller's number */
    int32_t partition;
    int64_t offset;
};
/* Takes what the events say; they may go at once. positions[i] belongs to events[i]. */
void bulk_take(struct bulk_intake *intake, const struct event *events,
               const struct bulk_position *positions, size_t count);

/* The same from stored states: facts of one subject and training, whose texts stand in the intake's strings. They are copied. */
void bulk_take_facts(struct bulk_intake *intake, struct key128 subject, int training,
                     const struct fact *facts, size_t count);
struct strings *bulk_intake_strings(struct bulk_intake *intake);

/* Where not all facts fit into memory: who is who is found first, from what carries identifiers, and then people are counted a range of
 * them at a time; the log is read anew for each. */
struct bulk_who;
struct bulk_part {
    bool identities_only; /* and entities without a learner; else these are left out where who is given */
    const struct bulk_who *who; /* only people of this range of so many; NULL: everybody */
    size_t range, ranges;
};
/* Before anything is taken. *part is copied, who outlives the intake. */
void bulk_intake_limit(struct bulk_intake *intake, const struct bulk_part *part);

size_t bulk_intake_bytes(const struct bulk_intake *intake); /* of the heap */

struct bulk;
/* Takes the intakes' ownership, and finds who is who. who: found before, where this is a range of people; NULL: everybody is here. */
struct bulk *bulk_new(struct bulk_intake **intakes, size_t count, const struct rules *rules,
                      const struct bulk_who *who);
/* Of intakes that took identities only. */
struct bulk_who *bulk_who_new(const struct bulk *bulk);
void bulk_who_free(struct bulk_who *who);
void bulk_free(struct bulk *bulk);
size_t bulk_people(const struct bulk *bulk);

/* Rows of the tables that hold who is who, and what each person counts for: what nobody wants to hear is NULL. False stops, with err
 * set. */
struct bulk_rows {
    void *context;
    bool (*state)(void *context, struct key128 subject, const char *training, const void *facts,
                  size_t length, struct error *err);
    bool (*member)(void *context, struct key128 subject, struct key128 person, struct error *err);
    bool (*carrier)(void *context, struct key128 identifier, const struct carrier *carrier,
                    struct error *err);
    void (*person)(void *context, const struct person *person,
                   const struct contribution *contribution, const struct fold *fold);
};

/* One per counting thread. */
struct bulk_counter;
struct bulk_counter *bulk_counter_new(struct bulk *bulk);
void bulk_counter_free(struct bulk_counter *counter);
/* States told: (subject, training) pairs; and their facts: entities. */
struct bulk_told {
    size_t states, facts;
};
struct bulk_told bulk_counter_told(const struct bulk_counter *counter);
/* Counts some more people and tells their states. 1: there may be more, 0: all are counted, -1: failed. */
int bulk_count(struct bulk_counter *counter, const struct bulk_rows *rows, size_t *people,
               struct error *err);
/* Their rows are told and the counters made: lets go of who carries which identifier. */
void bulk_forget_carriers(struct bulk *bulk);
/* Everybody is counted: lets the facts go. Who is who stays. */
void bulk_forget_facts(struct bulk *bulk);
/* Tells who is linked with others, and who carries which identifier: part `part` of `parts`. */
bool bulk_members(const struct bulk *bulk, size_t part, size_t parts, const struct bulk_rows *rows,
                  struct error *err) MUST_CHECK;
bool bulk_carriers(const struct bulk *bulk, size_t part, size_t parts, const struct bulk_rows *rows,
                   struct error *err) MUST_CHECK;

/* Adds what `from` counted to `into`. */
void bulk_counter_merge(struct bulk_counter *into, struct bulk_counter *from);
/* The sums, without states, members and carriers. `fold` reads their texts (fold_text, fold_value). empty: the tables are, so that no row
 * of activity needs to be loaded. */
const struct changes *bulk_changes(struct bulk_counter *counter, bool empty, struct fold **fold);

/* Entities without a learner, each once, and codes that the config does not know: as changes of a batch of events, some at a time from
 * *at on (0 first). positions gets the events' positions. NULL when there are none left. Borrowed until the next call. */
const struct changes *bulk_entities(struct bulk_counter *counter, size_t *at,
                                    const struct event **events,
                                    const struct bulk_position **positions, size_t *count,
                                    struct error *err);

#endif
