/* What the bulk_*.c files share. */
#ifndef MOOC_FOLD_BULK_PRIVATE_H
#define MOOC_FOLD_BULK_PRIVATE_H

#include <stdatomic.h>

#include "bulk.h"
#include "fold_state.h"

#define GLOBAL_STRINGS                                                                             \
    UINT8_MAX /* in the place of an intake: the numbers are those of bulk->strings */

/* Facts of a subject in a training as records one behind the other: an entity may stand there more than once until it is settled. */
struct bulk_dossier {
    struct bulk_dossier *next;
    uint32_t used, capacity; /* bytes */
    uint32_t settled;        /* bytes after the last look for repetitions */
    int16_t training;
    uint8_t intake; /* whose strings its records name */
    bool identity;  /* it has a fact that carries identifiers */
    bool erased;    /* it has FACT_ERASED */
    uint8_t records[];
};

/* Appends, or joins with what is there: returns the dossier, which may have moved. */
struct bulk_dossier *bulk_dossier_add(struct bulk_dossier *dossier, const struct fact *fact,
                                      size_t *bytes);
struct bulk_dossier *bulk_dossier_new(int training, size_t intake, const struct fact *fact,
                                      size_t *bytes);
/* Keeps of each entity the fact that counts. */
void bulk_dossier_settle(struct bulk_dossier *dossier);
/* Reads the record at *at and moves on; false at the end. `remap` gives the numbers of strings that the fact is to have. */
bool bulk_record_next(const struct bulk_dossier *dossier, size_t *at, const uint32_t *remap,
                      struct fact *fact);

/* What a record says of who is who. */
struct bulk_identity {
    bool connects, on_roster;
    int64_t name;
    struct key128 citizen;
    size_t count;
    struct key128 identifiers[EVENT_MAX_LIST + 1];
};
/* The same, of facts that carry an identity; others are passed over. */
bool bulk_identity_next(const struct bulk_dossier *dossier, size_t *at,
                        struct bulk_identity *identity);

struct bulk_slot {
    struct key128 key;
    struct bulk_dossier *first; /* NULL: empty; may be &bulk_moved */
};

/* An entity without a learner: its newest event, as text. */
struct bulk_entity {
    struct key128 key;
    int64_t revision, hash, time, row;
    struct bulk_position position;
    char *text;
    size_t length;
};

struct bulk_who {
    struct key_table persons; /* of subjects that are linked with others: 1 + a hash of their person */
    struct key_table unlinking; /* identifiers that link nobody */
};
size_t bulk_who_range(const struct bulk_who *who, struct key128 subject, size_t ranges);

struct bulk_intake {
    const struct rules *rules;
    struct bulk_part part;
    struct strings *strings,
        *unmapped; /* unmapped: "w" or "c", source and code with line feeds between */
    size_t unmapped_count;
    size_t number;
    struct bulk_slot *slots;
    size_t count, capacity;
    struct key_table entity_index; /* value: 1 + index */
    struct bulk_entity *entities;
    size_t entity_count, entity_capacity;
    struct text_buffer data, text; /* scratch */
    size_t dossiers, facts, bytes;
};

struct bulk_slot *bulk_find(struct bulk_intake *intake, struct key128 key); /* NULL: not there */
/* In the place of dossiers that went to another intake's subject: the slot stays taken, or what was put behind it would not be found. */
extern struct bulk_dossier bulk_moved;

struct bulk_subject {
    struct key128 key;
    struct bulk_dossier *first;
    uint32_t parent; /* towards the person's first subject */
    uint32_t next;   /* of the person's subjects; NOBODY at the end */
};
#define NOBODY UINT32_MAX

struct bulk_carrier {
    struct key128 identifier, citizen;
    int64_t name;
    uint32_t subject;
    bool on_roster;
};

struct bulk {
    const struct rules *rules;
    const struct bulk_who *who;
    struct bulk_intake *intakes[BULK_INTAKES];
    size_t intake_count;
    struct strings *strings;
    uint32_t *remap[BULK_INTAKES];
    struct bulk_subject *subjects;
    size_t subject_count;
    struct bulk_carrier *carriers; /* ascending by identifier, then subject */
    size_t carrier_count, carrier_capacity;
    size_t *unlinking; /* identifiers that link nobody: where their carriers begin */
    size_t unlinking_count, unlinking_capacity;
    size_t people;
    atomic_size_t next; /* subject to be counted */
};

/* Behind the last carrier of the identifier that begins there. */
size_t bulk_run_end(const struct bulk *bulk, size_t begin);

struct bulk_counter {
    struct bulk *bulk;
    struct fold *fold; /* its people are the few at hand */
    struct text_buffer packed;
    /* Of bulk_entities */
    struct event_decoder *decoder;
    struct event *events;
    struct bulk_position *positions;
    size_t event_count;
    char **unmapped;
    size_t unmapped_count, unmapped_capacity;
};

#endif
