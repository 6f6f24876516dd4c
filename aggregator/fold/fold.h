/* The fold: applies batches of events to the resident state and says what changes. Pure: no I/O, no clock.
 *
 * A batch: fold_plan takes the events and says what must be resident, the store loads it, fold_apply joins them and adds to the
 * changes. After one batch or several the store loads the changed rows of activity that are not resident and takes all changes
 * down; then fold_confirm. After a failure the fold is freed: a new one starts from what is stored. The result does not depend on
 * the order of events, on duplicates, or on how the stream is cut into batches and these are put together. */
#ifndef MOOC_FOLD_FOLD_H
#define MOOC_FOLD_FOLD_H

#include "changes.h"

/* Raised with every change of what is counted or stored; schema/deploy/generation.sql makes the first generation of it. */
#ifndef FOLD_VERSION /* a test builds another */
#define FOLD_VERSION 7
#endif

struct fold;

struct fold *fold_new(const struct rules *rules, size_t cache_bytes); /* rules outlive the fold */
void fold_free(struct fold *fold);

struct key_list {
    struct key128 *keys;
    size_t count, capacity;
};
void key_list_add(struct key_list *list, struct key128 key);
void key_list_release(struct key_list *list);

/* What is wanted and not resident. The events must stay until the changes that
 * borrow from them were taken down. Most events change nothing of who is who: then the person's states are enough. */
struct fold_plan {
    struct key_list subjects; /* their whole persons */
    struct key_list connected; /* persons that may be connected anew: with them the identifiers that they carry */
    struct key_list identifiers; /* everybody who carries them belongs to `connected` */
    /* Not resident, and events change what they carry: everybody who carries what they carry belongs to `connected`. */
    struct key_list identity_subjects;
};
void fold_plan(struct fold *fold, const struct event *events, size_t count, struct fold_plan *plan);
void fold_plan_release(struct fold_plan *plan);

/* Loading, in this order; what is resident already is left alone. */
void fold_load_subject(struct fold *fold, struct key128 subject,
                       const struct key128 *person); /* NULL: not linked */
/* Adds to `out` the subjects whose carriers are to be loaded: the whole persons of the connected, all loaded by now. */
void fold_identify(struct fold *fold, const struct key_list *connected, struct key_list *out);
void fold_load_carrier(struct fold *fold, struct key128 identifier, const struct carrier *carrier);
bool fold_load_dossier(struct fold *fold, struct key128 subject, const char *training,
                       const void *bytes, size_t length, struct error *err) MUST_CHECK;
/* Ends the loading: what was planned and not found is new. */
void fold_loaded(struct fold *fold, const struct fold_plan *plan);

/* Of the planned batch. The changes since the last fold_confirm; they borrow from the batch's events and from the fold. */
const struct changes *fold_apply(struct fold *fold);
/* Of an event of the batch just applied: is its subject erased, so that nothing of the record may be kept? Never of an erasure itself. */
bool fold_is_erased(const struct fold *fold, const struct event *event);
/* False: fold_is_erased says no of any event. */
bool fold_any_erased(const struct fold *fold);
/* The same, sorted for writing: fold_confirm is next. */
const struct changes *fold_sorted_changes(struct fold *fold);
/* The changed rows of activity, for loading them. */
struct activity *fold_activity(struct fold *fold);
/* The changes were taken down. May evict, but nobody whom they are about: they need not be durable when more is loaded; those that
 * were confirmed before must be. */
void fold_confirm(struct fold *fold);

const struct people *fold_people(const struct fold *fold);
const struct rules *fold_rules(const struct fold *fold);
const char *fold_text(const struct fold *fold, uint32_t interned);
/* The value of a cell's or an activity's dimension as the tables hold it; "" for scopes without one. */
const char *fold_value(const struct fold *fold, uint32_t scope, uint32_t value);
size_t fold_resident_bytes(const struct fold *fold);

#endif
