/* A store for the fold in memory: what PostgreSQL holds, in sorted arrays of text rows. For tests only. */
#ifndef TESTS_FOLD_STORE_H
#define TESTS_FOLD_STORE_H

#include "../../../aggregator/fold/fold.h"

struct fold_store;

struct fold_store *fold_store_new(void);
void fold_store_free(struct fold_store *store);

/* plan, load, apply: a batch. As beside a running writer, what was saved last is not yet visible when it is loaded. */
void fold_store_apply(struct fold_store *store, struct fold *fold, const struct event *events,
                      size_t count);
/* save, confirm: what the batches since the last one change. */
void fold_store_save(struct fold_store *store, struct fold *fold);
/* Both. */
void fold_store_batch(struct fold_store *store, struct fold *fold, const struct event *events,
                      size_t count);

/* What folding the events at once (fold/bulk.h) gives as the dump below, taken in by several intakes, event i by takers[i], and counted by several
 * counters. Caller frees. */
char *fold_store_bulk(const struct rules *rules, const struct event *events, const size_t *takers,
                      size_t count, size_t intakes, size_t counters);

/* The same counted by ranges of people: the lines that are about people (states, members, carriers, issues), sorted. Caller frees. */
char *fold_store_bulk_states(const struct rules *rules, const struct event *events,
                             const size_t *takers, size_t count, size_t intakes, size_t ranges);
bool fold_store_is_of_people(const char *line);
char *fold_store_of_people(const char *dump); /* these lines of a dump */

/* Every row as text, sorted; zero tallies left out. Caller frees. */
char *fold_store_dump(const struct fold_store *store, const struct fold *fold);

/* Sum of a measure over the rows of a scope. */
int64_t fold_store_sum(const struct fold_store *store, enum scope scope, enum measure measure);

#endif
