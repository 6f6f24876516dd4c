/* What a batch changes: tally deltas, issues, rows of states, members, carriers, and the entities without a learner. */
#ifndef MOOC_FOLD_CHANGES_H
#define MOOC_FOLD_CHANGES_H

#include "measure.h"

struct tally_change {
    struct cell cell;
    int64_t delta[MEASURE_COUNT];
};

struct issue_change {
    struct issue issue, old; /* old: as stored before the batch, where it was */
    bool before, after;
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
    const struct event *event; /* the winner among the batch's events of this entity; borrowed */
};

#define CHANGE_LIST(type)                                                                          \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count, capacity;                                                                    \
    }

struct changes {
    CHANGE_LIST(struct tally_change) tallies; /* rows of zeros are to be skipped */
    CHANGE_LIST(struct issue_change) issues;  /* those that matter are to be written */
    CHANGE_LIST(struct state_change) states;
    CHANGE_LIST(struct member_change) members;
    CHANGE_LIST(struct carrier_change) carriers;
    CHANGE_LIST(struct unmapped_change) unmapped;
    CHANGE_LIST(struct entity_change) entities; /* totals, marks, rejected records */
    uint32_t *tally_slots, *issue_slots;
    size_t tally_slot_count, issue_slot_count;
    struct key_table entity_index; /* entity -> 1 + index in entities */
};

void changes_clear(struct changes *changes);
void changes_release(struct changes *changes);

void changes_before(struct changes *changes, const struct contribution *contribution);
void changes_after(struct changes *changes, const struct contribution *contribution);

void changes_add_state(struct changes *changes, const struct subject *subject,
                       const struct dossier *dossier);
void changes_add_member(struct changes *changes, const struct member_change *member);
void changes_add_carrier(struct changes *changes, const struct carrier_change *carrier);
void changes_add_unmapped(struct changes *changes, bool is_wave, const char *source,
                          const char *code);
void changes_add_entity(struct changes *changes, const struct event *event);

#endif
