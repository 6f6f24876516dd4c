/* The generation's tables as the fold reads and writes them: one schema gen_N, one connection, inside the caller's transaction. */
#ifndef MOOC_WRITE_STORE_H
#define MOOC_WRITE_STORE_H

#include "../fold/fold.h"
#include "../pg.h"

struct store;

struct store *store_new(int generation);
void store_free(struct store *store);

/* Makes resident what the events need. */
bool store_load(struct store *store, struct pg *pg, struct fold *fold, const struct event *events,
                size_t count, struct error *err) MUST_CHECK;

/* Where an event stood in the log: for dead letters. */
struct log_position {
    const char *topic;
    int32_t partition;
    int64_t offset;
};

/* A record that could not be read. */
struct unreadable_record {
    struct log_position position;
    const char *reason, *detail; /* code; text for the operator, no content of the record */
};

/* Writes what the batch changes. positions[i] belongs to events[i]. */
bool store_save(struct store *store, struct pg *pg, const struct fold *fold,
                const struct changes *changes, const struct event *events,
                const struct log_position *positions, const struct unreadable_record *unreadable,
                size_t unreadable_count, struct error *err) MUST_CHECK;

#endif
