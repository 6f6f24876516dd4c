/* What the bulk_*.c files share. */
#ifndef MOOC_FOLD_BULK_PRIVATE_H
#define MOOC_FOLD_BULK_PRIVATE_H

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "bulk.h"
#include "fold_state.h"

#define GLOBAL_STRINGS                                                                             \
    UINT8_MAX /* in the place of an intake: the numbers are those of bulk->strings */

/* Memory of one intake's facts (bulk_store.c). Sizes are multiples of the grain. */
#define STORE_GRAIN 16
#define STORE_LARGEST 8192 /* beyond it a block is the heap's */
struct bulk_store {
    struct bulk_chunk *chunks;
    struct bulk_large *large;
    struct bulk_spare *spare[STORE_LARGEST / STORE_GRAIN + 1]; /* by size in grains */
    size_t bytes;
};
size_t bulk_store_rounded(size_t bytes);
void *bulk_store_take(struct bulk_store *store, size_t bytes);
/* Of the sizes between the two the largest of which there is one to spare; most, where there is none. */
size_t bulk_store_best(const struct bulk_store *store, size_t least, size_t most);
void bulk_store_give(struct bulk_store *store, void *block, size_t bytes);
void bulk_store_release(struct bulk_store *store);

/* Memory for one thing at a time: it all goes at once. */
struct bulk_scratch {
    struct bulk_sheet *sheets; /* the first one is being filled */
    size_t used;
};
void *bulk_scratch_take(struct bulk_scratch *scratch, size_t bytes); /* aligned to 16 */
void bulk_scratch_clear(struct bulk_scratch *scratch);               /* keeps some for the next */
void bulk_scratch_release(struct bulk_scratch *scratch);

/* Facts of a subject in all trainings, as records one behind the other. Who has many has several blocks, the newest first, which speaks for
 * all; then an entity may stand there more than once until it is settled. */
struct bulk_facts {
    struct bulk_facts *older;
    uint32_t used, capacity; /* bytes of this block */
    uint32_t total;          /* bytes used by all */
    uint32_t settled;        /* of them known to be of different entities */
    uint8_t intake;          /* whose strings its records name */
    bool identity;           /* it has a fact that carries identifiers */
    bool erased;             /* it has FACT_ERASED */
    bool named;              /* an account that others name, now or formerly; it may have no fact */
    uint8_t unused[4];
    uint8_t records[];
};

/* A fact and the training that it belongs to (RULES_NONE: to none). */
struct bulk_fact {
    struct fact fact;
    int training;
};

/* A record's bytes, and how many they are. */
#define BULK_RECORD_MOST 640
size_t bulk_record_put(uint8_t out[BULK_RECORD_MOST], const struct bulk_fact *fact);
/* What a record begins with, without padding. */
struct bulk_head {
    uint64_t entity;
    int64_t hash;
    uint16_t bytes; /* of the record */
    uint8_t kind;   /* or BULK_VOID */
    uint8_t flags;  /* those of the fact, and the record's own */
};
#define BULK_HEAD_BYTES 20
#define BULK_VOID 0
_Static_assert(offsetof(struct bulk_head, flags) + 1 == BULK_HEAD_BYTES,
               "what is copied ends there");

static inline struct bulk_head bulk_head_of(const uint8_t *record)
{
    struct bulk_head head;
    memcpy(&head, record, BULK_HEAD_BYTES);
    return head;
}

static inline void bulk_record_void(uint8_t *record)
{
    record[offsetof(struct bulk_head, kind)] = BULK_VOID;
}

enum bulk_standing { BULK_OF_ANOTHER, BULK_SUPERSEDES, BULK_YIELDS };
/* The record's standing against another one: of another entity; or it is the one that counts; or the other does, or they are equal. */
enum bulk_standing bulk_record_against(const uint8_t *record, const uint8_t *other);
/* Appends. NULL: the first. Returns the facts, which may have moved. */
struct bulk_facts *bulk_facts_add(struct bulk_store *store, struct bulk_facts *facts, size_t intake,
                                  const struct bulk_fact *fact);
/* Of a subject without any. */
struct bulk_facts *bulk_facts_none(struct bulk_store *store, size_t intake);
/* Asks for the memory of those of the subjects (NULL: none yet) who will be settled soon; uses the array up. */
void bulk_facts_look_ahead(struct bulk_facts **subjects, size_t count);
/* Keeps of each entity the fact that counts. */
void bulk_facts_settle(struct bulk_facts *facts);
/* Keeps FACT_ERASED alone. */
void bulk_facts_erase(struct bulk_facts *facts);
/* At least as many as there are. */
size_t bulk_facts_at_most(const struct bulk_facts *facts);
/* Reads the record at *at of this block and moves on; false at its end. `remap` gives the numbers of strings that the fact is to have. What the fact
 * carries is the scratch's. */
bool bulk_record_next(const struct bulk_facts *facts, size_t *at, const struct rules *rules,
                      const uint32_t *remap, struct bulk_scratch *scratch, struct bulk_fact *out);

/* What a record says of who is who. */
struct bulk_identity {
    bool connects, on_roster;
    uint32_t unit; /* a number of the intake's strings */
    int64_t name;
    struct key128 citizen;
    size_t count;
    struct key128 identifiers[FACT_MAX_IDENTIFIERS];
};
/* Of this block, of facts that carry an identity; others are passed over. */
bool bulk_identity_next(const struct bulk_facts *facts, size_t *at, struct bulk_identity *identity);

struct bulk_slot {
    struct key128 key;
    struct bulk_facts *facts; /* NULL: empty; may be &bulk_moved */
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
    struct key_list apart;      /* those of them that are keys of accounts which carry them */
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
    struct bulk_store store;
};

/* The account is named by somebody: from here on it is a subject. */
void bulk_name_account(struct bulk_intake *intake, struct key128 account);
struct bulk_slot *bulk_find(struct bulk_intake *intake, struct key128 key); /* NULL: not there */
/* In the place of facts that went to another intake's subject: the slot stays taken, or what was put behind it would not be found. */
extern struct bulk_facts bulk_moved;

struct bulk_subject {
    struct key128 key;
    struct bulk_facts *facts;
    uint32_t parent; /* towards the person's first subject */
    uint32_t next;   /* of the person's subjects; NOBODY at the end */
};
#define NOBODY UINT32_MAX

struct bulk_carrier {
    struct key128 identifier;
    int64_t name;
    uint32_t subject;
    uint32_t roster; /* 0: on none; 1: on one; else 2 + the citizen number's place in the bulk's list */
};
/* In the place of that, while carriers are found: an account that carries its own key if anybody else does. */
#define IF_NAMED UINT32_MAX

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
    struct key128 *citizens;
    size_t citizen_count, citizen_capacity;
    size_t *unlinking; /* identifiers that link nobody: where their carriers begin */
    size_t unlinking_count, unlinking_capacity;
    size_t people;
    size_t if_named; /* carriers that are IF_NAMED */
    /* All subjects, those of a person one behind the other, beginning with the one that is its own parent; people of a unit together. */
    uint32_t *order;
    atomic_size_t next; /* of that order, to be counted */
};

/* NULL: the numbers are the bulk's already. */
static inline const uint32_t *bulk_remap_of(const struct bulk *bulk, const struct bulk_facts *facts)
{
    return facts->intake == GLOBAL_STRINGS ? NULL : bulk->remap[facts->intake];
}

/* Fills the bulk's carriers from the facts of its subjects. units: of each subject, one in which it is listed; 0: on no roster. */
void bulk_find_carriers(struct bulk *bulk, uint32_t *units);
/* As the rest of the fold has it. */
struct carrier bulk_carrier_at(const struct bulk *bulk, size_t at);
/* Behind the last carrier of the identifier that begins there. */
size_t bulk_run_end(const struct bulk *bulk, size_t begin);

struct bulk_counter {
    struct bulk *bulk;
    struct fold *fold;           /* its people: the identifiers that link nobody */
    struct bulk_scratch scratch; /* holds the person at hand */
    struct text_buffer packed;
    struct bulk_told told; /* so far */
    struct issue *issues; /* of those counted so far: one person's each, so there is nothing to add up yet */
    size_t issue_count, issue_capacity;
    /* Of bulk_entities */
    struct event_decoder *decoder;
    struct event *events;
    struct bulk_position *positions;
    size_t event_count;
    char **unmapped;
    size_t unmapped_count, unmapped_capacity;
};

/* The person whose subjects begin there in the order, until the counter's next; *at moves behind them. */
struct person *bulk_person_next(struct bulk_counter *counter, size_t *at);

#endif
