/* The generation's tables as the fold reads and writes them: one schema gen_N.
 *
 * Loading and encoding belong to the thread that folds, running to the one that commits; each has a connection of its own. What is
 * loaded is committed; what transactions under way change is resident in the fold, and what is resident is left alone. */
#ifndef MOOC_WRITE_STORE_H
#define MOOC_WRITE_STORE_H

#include "../fold/fold.h"
#include "../pg.h"

struct store;

/* gen_N in a statement becomes the generation's schema: the one part that cannot be a parameter. The caller frees. */
char *store_sql(const char *template, int generation);

struct store *store_new(int generation);
void store_free(struct store *store);

/* Makes resident what the events need. */
bool store_load(struct store *store, struct pg *pg, struct fold *fold, const struct event *events,
                size_t count, struct error *err) MUST_CHECK;

/* Once the transaction's batches are applied: makes resident the rows of activity that they changed. */
bool store_load_activity(struct store *store, struct pg *pg, struct fold *fold, struct error *err)
    MUST_CHECK;

/* Where an event stood in the log: for dead letters. */
struct log_position {
    const char *topic;
    int32_t partition;
    bool archived; /* the archive has a row of it */
    int64_t offset;
};

/* A record that could not be read. */
struct unreadable_record {
    struct log_position position;
    const char *reason, *detail; /* code; text for the operator, no content of the record */
};

/* What the changes were made of; borrowed. positions[i] belongs to events[i]. */
struct store_batch {
    const struct event *events;
    const struct log_position *positions;
    const struct unreadable_record *unreadable;
    size_t unreadable_count;
};

/* What a transaction writes: statements with their parameters. Borrows nothing. */
struct store_writes;
struct store_writes *store_writes_new(void);
void store_writes_free(struct store_writes *writes);
void store_writes_clear(struct store_writes *writes);

/* Adds what the changes borrow from this batch: entities without a learner, what the config does not know. */
void store_encode_batch(const struct changes *changes, const struct store_batch *batch,
                        struct store_writes *out);
/* Adds everything else that the batches since the last fold_confirm change. */
void store_encode(struct store *store, const struct fold *fold, const struct changes *changes,
                  struct store_writes *out);

/* Inside the transaction. The store's statements are only read: it may encode the next one meanwhile. */
bool store_write(const struct store *store, struct pg *pg, struct store_writes *writes,
                 struct error *err) MUST_CHECK;

#endif
