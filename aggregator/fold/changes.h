/* What one batch, or several in a row, change: deltas of tallies, deadlines and five-minute rows, rows of activity, issues, rows of states, members, carriers,
 * and the entities without a learner. */
#ifndef MOOC_FOLD_CHANGES_H
#define MOOC_FOLD_CHANGES_H

#include "activity.h"

/* The columns of table tallies: the measures, then three amounts. */
enum { TALLY_ATTEMPTS = MEASURE_COUNT, TALLY_ATTEMPTS_PASSED, TALLY_SCORE_SUM, TALLY_COLUMNS };

struct tally_change {
    struct cell cell;
    int64_t delta[TALLY_COLUMNS];
};

struct deadline_change {
    struct deadline deadline;
    int64_t delta;
};

/* The columns of table activity_5min. */
enum { MOMENT_FACTS, MOMENT_LEARNERS, MOMENT_EXAMS_SAT, MOMENT_EXAMS_PASSED, MOMENT_COLUMNS };

struct moment_change {
    struct moment moment;
    int64_t delta[MOMENT_COLUMNS];
};

struct issue_change {
    struct issue issue, old; /* old: as it was before the first batch, where it was */
    bool before, after;
    uint32_t first_batch, batch; /* that spoke of it: the first, the last */
};

/* Is there a row to write or remove? */
bool issue_change_matters(const struct issue_change *change);

struct state_change {
    const struct subject *subject;
    const struct dossier *dossier;
};

struct member_change {
    struct key128 subject, person;
    bool linked; /* false: the row goes */
};

struct carrier_change {
    struct key128 identifier;
    struct carrier carrier;
    bool carries; /* false: the row goes */
};

struct unmapped_change {
    bool is_wave;
    const char *source, *code; /* borrowed from the event */
};

struct entity_change {
    struct key128 entity;
    const struct event *event; /* borrowed */
};

#define CHANGE_LIST(type)                                                                          \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count, capacity;                                                                    \
    }

struct changes {
    /* Deltas: rows of zeros are to be skipped. */
    CHANGE_LIST(struct tally_change) tallies;
    CHANGE_LIST(struct deadline_change) deadlines;
    CHANGE_LIST(struct moment_change) moments;
    CHANGE_LIST(struct issue_change) issues; /* those that matter are to be written */
    CHANGE_LIST(struct state_change) states;
    CHANGE_LIST(struct member_change) members;
    CHANGE_LIST(struct carrier_change) carriers;
    /* Of the last batch only: they borrow from its events. */
    CHANGE_LIST(struct unmapped_change) unmapped;
    CHANGE_LIST(struct entity_change) entities; /* totals, head counts, marks, rejected records */
    struct slots tally_index, deadline_index, moment_index, issue_index, member_index, carrier_index;
    uint32_t batch;
    struct activity activity; /* its changed rows */
};

void changes_start(struct changes *changes, uint32_t batch);      /* none yet; the batch's come */
void changes_next_batch(struct changes *changes, uint32_t batch); /* one more batch's come to them */
void changes_release(struct changes *changes);

/* Adds the figures of `from` (tallies, deadlines, moments, issues, activity), which was made with the same strings; states, members,
 * carriers and what is of the last batch only stay behind. */
void changes_merge(struct changes *into, const struct changes *from);

/* Puts every list into the order of its table's key. No more changes come to them. */
void changes_sort(struct changes *changes);

/* A person counted for `before` and counts for `after` now; either may be NULL. */
void changes_replace(struct changes *changes, const struct contribution *before,
                     const struct contribution *after);

void changes_add_issue(struct changes *changes, const struct issue *issue);
void changes_add_state(struct changes *changes, const struct subject *subject,
                       const struct dossier *dossier);
void changes_add_member(struct changes *changes, const struct member_change *member);
void changes_add_carrier(struct changes *changes, const struct carrier_change *carrier);
void changes_add_unmapped(struct changes *changes, bool is_wave, const char *source,
                          const char *code);
void changes_add_entity(struct changes *changes, const struct event *event);

#endif
