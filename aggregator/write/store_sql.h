/* The statements of a store, for its own files: SQL texts with gen_N replaced by the generation's schema. */
#ifndef MOOC_WRITE_STORE_SQL_H
#define MOOC_WRITE_STORE_SQL_H

#include "pg_binary.h"
#include "store.h"

enum store_statement {
    LOAD_CARRIED_SUBJECTS,
    LOAD_MEMBERS,
    LOAD_CARRIERS,
    LOAD_STATES,
    LOAD_ACTIVITY,
    INSERT_STATES,
    UPDATE_STATES,
    DELETE_STATES,
    SAVE_ERASURES,
    SAVE_MEMBERS,
    DELETE_MEMBERS,
    SAVE_CARRIERS,
    DELETE_CARRIERS,
    SAVE_TALLIES,
    INSERT_ACTIVITY,
    UPDATE_ACTIVITY,
    DELETE_ACTIVITY,
    SAVE_DEADLINES,
    SAVE_MOMENTS,
    SAVE_ISSUES,
    DELETE_ISSUES,
    SAVE_TOTALS,
    SAVE_HEADCOUNTS,
    SAVE_MARKS,
    SAVE_DEAD_LETTERS,
    SAVE_UNMAPPED,
    MARK_CHANGED,
    STORE_STATEMENTS
};

#define STORE_ARRAYS 24

/* Figures that a transaction changes; see table pulse.changed. */
struct changed_pair {
    int32_t training; /* RULES_NONE: over all trainings */
    uint32_t unit;
    bool facts;
};

struct changed_pairs {
    struct changed_pair *items;
    size_t count, capacity;
    struct slots index;
};

struct store {
    char *sql[STORE_STATEMENTS];
    struct pg_array keys[6]; /* parameters of loading */
    struct fold_plan plan;
    struct key_list carrying; /* whose carriers are to be loaded */
    struct text_buffer packed;
    struct changed_pairs changed;
};

struct store_write {
    size_t array_count;                   /* 0: not started */
    struct pg_array arrays[STORE_ARRAYS]; /* of equal length; unnest takes them */
    struct store_write *next;             /* more rows for the same statement */
};

/* By statement: run in the order of the enum, if their arrays are not empty. */
struct store_writes {
    struct store_write items[STORE_STATEMENTS], *last[STORE_STATEMENTS];
};

/* The statement's arrays for the next row or rows, started with these element types. Asked for each row, they are cut into portions of
 * some megabytes, each a statement: libpq copies a statement's parameters and keeps the room. */
struct pg_array *store_writes_add(struct store_writes *writes, enum store_statement statement,
                                  const enum pg_type *types, size_t count);
#define STORE_ADD(writes, statement, ...)                                                          \
    store_writes_add((writes), (statement), (const enum pg_type[]){__VA_ARGS__},                   \
                     sizeof((const enum pg_type[]){__VA_ARGS__}) / sizeof(enum pg_type))

/* Codes as the tables hold them; "" for none. */
const char *store_training(const struct fold *fold, int training);
const char *store_wave(const struct fold *fold, int wave);

void store_encode_activity(const struct fold *fold, const struct changes *changes,
                           struct store_writes *out);
/* What belongs to no unit, in table pulse.changed. */
#define STORE_NO_UNIT "*"
void store_put_changed(struct store_writes *out, const char *training, const char *unit, bool facts);
void store_encode_changed(struct changed_pairs *pairs, const struct fold *fold,
                          const struct changes *changes, struct store_writes *out);
void changed_pairs_release(struct changed_pairs *pairs);
void store_encode_entities(const struct changes *changes, const struct store_batch *batch,
                           struct store_writes *out);

#endif
