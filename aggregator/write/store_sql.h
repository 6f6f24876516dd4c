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
    SAVE_STATES,
    SAVE_MEMBERS,
    DELETE_MEMBERS,
    SAVE_CARRIERS,
    DELETE_CARRIERS,
    SAVE_TALLIES,
    DELETE_ZERO_TALLIES,
    SAVE_ISSUES,
    DELETE_ISSUES,
    SAVE_TOTALS,
    SAVE_MARKS,
    SAVE_DEAD_LETTERS,
    SAVE_UNMAPPED,
    STORE_STATEMENTS
};

#define STORE_ARRAYS 18

struct store {
    char *sql[STORE_STATEMENTS];
    struct pg_array arrays[STORE_ARRAYS]; /* parameters of the statement in the making */
    struct fold_plan plan;
    struct text_buffer packed;
};

/* Runs the statement with the first `count` arrays. */
bool store_run(struct store *store, struct pg *pg, enum store_statement statement, size_t count,
               struct error *err) MUST_CHECK;
struct pg_rows *store_query(struct store *store, struct pg *pg, enum store_statement statement,
                            size_t count, struct error *err);

/* Starts the first arrays, with these element types. */
void store_start(struct store *store, const enum pg_type *types, size_t count);
#define STORE_START(store, ...)                                                                    \
    store_start((store), (const enum pg_type[]){__VA_ARGS__},                                      \
                sizeof((const enum pg_type[]){__VA_ARGS__}) / sizeof(enum pg_type))

bool store_save_entities(struct store *store, struct pg *pg, const struct changes *changes,
                         const struct event *events, const struct log_position *positions,
                         const struct unreadable_record *unreadable, size_t unreadable_count,
                         struct error *err) MUST_CHECK;

#endif
