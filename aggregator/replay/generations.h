/* The generations that are kept, and the one replay at a time. */
#ifndef MOOC_REPLAY_GENERATIONS_H
#define MOOC_REPLAY_GENERATIONS_H

#include "../pg.h"

#define INSTANCE_SIZE 128

struct generation {
    int number, fold_version, config_version;
    bool live, ready;
    char writer[INSTANCE_SIZE]; /* who keeps it current; "": nobody */
    char changing_over[INSTANCE_SIZE]; /* who kept it current until a switch of seconds ago; "": nobody, or no program runs */
    char created_at[24]; /* RFC 3339, UTC */
    int64_t bytes;
};

#define GENERATIONS_MAX 16
struct generations {
    struct generation items[GENERATIONS_MAX]; /* ascending */
    size_t count;
};

bool generations_read(struct pg *pg, struct generations *generations, struct error *err) MUST_CHECK;
const struct generation *generations_live(const struct generations *generations);
/* The one kept beside the live one and whole; NULL if there is none. */
const struct generation *generations_other(const struct generations *generations);

/* Held until the connection ends. Another replay at work is named in the error. */
bool generations_lock(struct pg *pg, struct error *err) MUST_CHECK;

/* Does a replay start hold it? */
bool generations_at_work(struct pg *pg, bool *at_work, struct error *err) MUST_CHECK;

/* One statement with a generation's number, without a result to look at. */
bool generations_call(struct pg *pg, const char *sql, int number, struct error *err) MUST_CHECK;

#endif
