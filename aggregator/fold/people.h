/* Subjects, the identifiers they carry, and the persons they make: what of the generation's state is resident in memory.
 *
 * A subject is a platform account, a roster row's key, or a link. A person is a connected set of subjects: two are connected when
 * they carry the same identifier, unless that identifier stands on roster rows with different names or citizen numbers. An account
 * carries its own key when an account event told of it, and also when anybody else carries that key: then it is a subject whether or
 * not it has a fact yet, so a link or a list that names an account holds from whichever of the two comes first. An erased account
 * carries nothing. So persons are a pure function of the facts in force. A person's key is its least subject. */
#ifndef MOOC_FOLD_PEOPLE_H
#define MOOC_FOLD_PEOPLE_H

#include "fact.h"
#include "key_table.h"

/* Facts of one subject in one training (RULES_NONE: facts without a training), ascending by entity. */
struct dossier {
    struct dossier *next;
    int training;
    bool dirty;
    bool stored; /* table states has, or with the batch under way will have, its row */
    size_t count, capacity;
    struct fact *facts;
};

struct carrier {
    struct key128 subject;
    struct key128 citizen;
    int64_t name;
    bool on_roster;
};

struct identifier {
    struct key128 key;
    struct carrier *carriers; /* ascending by subject */
    size_t count, capacity;
    uint32_t batch;            /* the batch it was loaded for */
    uint32_t planned, touched; /* last batch that asked for, or touched, all who carry it */
};

struct subject {
    struct key128 key;
    struct person *person;
    struct subject *next; /* within its person */
    struct dossier *dossiers;
    struct key128 stored_person; /* as table members has it; 0 = no row */
    uint32_t batch;              /* the batch it was loaded for */
    bool erased;                 /* it has FACT_ERASED, and takes no other fact */
};

struct person {
    struct key128 key;
    struct subject *first;
    uint32_t batch;   /* last batch that touched it */
    uint32_t pending; /* 1 + index of its first pending fact while a batch is applied */
    bool regroup;     /* its identities changed: connect anew */
    bool identified;  /* every identifier that it carries is resident, with all who carry it */
};

struct people {
    struct key_table subjects, identifiers;
    struct strings *strings;
    size_t erased; /* subjects of them that are erased */
    size_t bytes;  /* estimate of what is resident */
    size_t hand;   /* where people_evict goes on looking */
};

void people_init(struct people *people);
void people_release(struct people *people); /* everything */

struct subject *people_subject(const struct people *people,
                               struct key128 key); /* NULL if not resident */
struct identifier *people_identifier(const struct people *people, struct key128 key);

/* A new resident subject in a person of its own. */
struct subject *people_add_subject(struct people *people, struct key128 key);
struct identifier *people_add_identifier(struct people *people, struct key128 key);

/* Moves all subjects of b into a (a person may join itself); frees b. Who is joined with somebody not identified is not either. */
void people_join(struct person *a, struct person *b);

struct dossier *people_dossier(struct people *people, struct subject *subject, int training,
                               bool create);
/* The fact of that entity, NULL if none. */
struct fact *dossier_find(const struct dossier *dossier, uint64_t entity);
/* Joins the fact into the dossier; takes its ownership. True if it changed anything. */
bool dossier_join(struct people *people, struct dossier *dossier, struct fact *fact);

/* Takes every fact out of the dossier. */
void dossier_empty(struct people *people, struct dossier *dossier);
/* It has FACT_ERASED now. */
void subject_is_erased(struct people *people, struct subject *subject);

/* Sets or removes what a subject carries under an identifier. */
void identifier_set(struct people *people, struct identifier *identifier,
                    const struct carrier *carrier);
void identifier_unset(struct identifier *identifier, struct key128 subject);
bool identifier_has(const struct identifier *identifier, struct key128 subject);
/* Does it connect those who carry it? */
bool identifier_links(const struct identifier *identifier);

/* Drops a person; the identifiers stay. */
void people_forget(struct people *people, struct person *person);
/* Drops persons not visited since `batch` until the estimate is below `bytes`. */
void people_evict(struct people *people, uint32_t batch, size_t bytes);

#endif
