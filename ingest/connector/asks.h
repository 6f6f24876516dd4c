/* What asks.c (who is asked about), ask_cycles.c (everybody, once in a while), ask_requests.c and ask_answers.c (what the answers
 * mean), ask_numbers.c (what they do not tell any more) share. */
#ifndef MOOC_CONNECTOR_ASKS_H
#define MOOC_CONNECTOR_ASKS_H

#include "platform.h"
#include "withdrawals.h"

#define ASK_QUEUED 1 /* flags of a learner_note */
#define ASK_OWED 4   /* the record moved, or the question failed, and was not asked about since */
#define ASK_REFUSED 0xf8U /* the round in which it was refused last, 1 to 31; 0 = never */
#define ASK_ANSWERED 2    /* the platform has said something about this learner */

#define ABSENCES_TO_REMOVE 2

enum { LISTED_NOT, LISTED_BEGUN, LISTED_WHOLE }; /* read since the cycle began */

/* A slow cycle over the learners of a course, or of all courses: a sweep of the shard. */
struct ask_cycle {
    struct sweep *sweep; /* NULL = none is running */
    uint32_t number;
    size_t pending;                    /* asks not answered yet */
    bool courses_listed, emails_asked; /* the parents were read; listed people were asked for */
    bool all_listed;                   /* all learners have been asked for */
    bool failed;
    bool absent; /* somebody was found gone, and what follows is not settled yet */
    /* Answers about somebody in this round and the one before, and learners since the last of them whose answer may mean that nobody is
     * shown. A round begins with each cycle, and when what was not visible is tried again. */
    size_t answers, answers_before, refusals;
    uint8_t round;   /* 0 to 30 */
    uint8_t *listed; /* by course: LISTED_… */
    size_t listed_count;
    int64_t started_us;
};

struct slot { /* a request under way */
    struct asks *owner;
    struct walk *walk;
    struct ask_queue asked;
    struct texts texts;
    struct text_buffer names, plain_names;
    const char **each;
    struct withdrawals *withdrawals; /* of the answer */
    int64_t read_us;                 /* the platform's time at its last page */
    struct text_buffer told; /* what the records tell of, where they are numbered: names with their NULs */
    bool unreadable;         /* a record did not say whom it is about */
    bool nothing;            /* the platform answered with a status that means "none" */
};

struct asks {
    struct platform *p;
    size_t stream;
    const struct stream_rules *rules;
    struct learner_table *notes;
    struct ask_queue waiting;
    struct slot *slots;
    size_t slot_count;
    struct ask_cycle *cycles;
    size_t cycle_count;
    int64_t emails_due_ms;
    int64_t alive_ms; /* when a list was answered last: what answers "nothing" counts only then */
    int64_t again_ms; /* what is not visible at all is tried again then */
};

/* ask_cycles.c */
void asks_step_cycles(struct asks *asks);
struct ask_cycle *asks_cycle(struct asks *asks, size_t course);
struct learner_note *asks_note(struct asks *asks, const struct ask *ask);
/* The one entity that this stream can have for the learner; false if its name does not follow from account and course. */
bool asks_entity(struct asks *asks, size_t course, const char *account, char *entity);
void asks_postpone(struct asks *asks, struct learner_note *note);

/* ask_numbers.c: a learner's records that are numbered from 1 */
/* Is something in force of the learner and of what is taken along? */
bool asks_hold_numbered(struct asks *asks, size_t course, const struct offer *offer);
/* A record of the answer under way, now mapped or not. */
void asks_tell_numbered(struct slot *slot, bool mapped);
/* evidence: the answer tells of all that there are. */
void asks_settle_numbered(struct slot *slot, struct learner_note *note, const struct ask *ask,
                          bool evidence);

/* ask_answers.c; context: the slot. */
bool asks_take(void *context, const struct walk_page *page, struct error *err);
/* The walk of the slot has ended: settles whom it asked about, frees the walk. */
/* What was refused counts anew. */
void asks_begin_round(struct ask_cycle *cycle);
void asks_finish(struct slot *slot);

#endif
