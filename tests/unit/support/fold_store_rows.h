/* The rows of the store in memory, for its own files. */
#ifndef TESTS_FOLD_STORE_ROWS_H
#define TESTS_FOLD_STORE_ROWS_H

#include "fold_store.h"

struct state_row {
    struct key128 subject;
    char training[32];
    char *bytes;
    size_t length;
};

struct fold_store {
    struct state_row *states;
    struct member_change *members;
    struct carrier_change *carriers;
    struct tally_change *tallies;
    struct deadline_change *deadlines;
    struct moment_change *moments;
    struct activity_row *activity;
    struct issue *issues;
    size_t state_count, member_count, carrier_count, tally_count, issue_count, deadline_count,
        moment_count, activity_count;
    struct fold_store *visible; /* what is loaded, without the last batch */
};

size_t fold_store_find_state(const struct fold_store *store, struct key128 subject,
                             const char *training); /* state_count: none */
void fold_store_save_member(struct fold_store *store, const struct member_change *change);
void fold_store_save_carrier(struct fold_store *store, const struct carrier_change *change);
void fold_store_save_figures(struct fold_store *store, const struct changes *changes);
/* With the keys that decoding gives an event. Freed by the caller. */
struct event *fold_store_decoded(const struct event *events, size_t count);

#define ROOM(array, count)                                                                         \
    do {                                                                                           \
        (array) = realloc((array), ((count) + 1) * sizeof(*(array)));                              \
        if (!(array))                                                                              \
            abort();                                                                               \
    } while (0)

#endif
