/* The committing side of the write path: a thread of its own writes one transaction while the next one's batches are loaded and
 * folded. A transaction is handed over whole, so the two share nothing that changes. After a failure nothing more is written: the
 * session ends, and what the next transaction derived from the failed one is dropped with it. */
#ifndef MOOC_WRITE_COMMITTER_H
#define MOOC_WRITE_COMMITTER_H

#include "store.h"
#include "transaction.h"
#include "vector.h"
#include "writer_metrics.h"

struct committer;

/* Called by the committing thread: the rows were sent and are the callee's, to be filled anew. */
typedef void (*committer_sent)(void *context, struct archive_rows *rows);
/* Called by the committing thread when the transaction is durable, or has failed. */
typedef void (*committer_ended)(void *context, const struct transaction *transaction, bool durable,
                                int64_t elapsed_ms);

struct committer_settings {
    struct pg *pg;         /* used by the committing thread only */
    struct vector *vector; /* advanced with each transaction; read it only while the committer is idle */
    const struct store *store;
    committer_sent sent;
    committer_ended ended;
    void *context;
    struct writer_metrics *figures; /* told how long each statement takes */
};

struct committer *committer_new(const struct committer_settings *settings);
/* Waits for the transaction under way. NULL is fine. */
void committer_free(struct committer *committer);

/* Hands the transaction over, once the one before is durable. It is the caller's again when the next one is handed over. False: the one
 * before failed, and this one is still the caller's. */
bool committer_submit(struct committer *committer, struct transaction *transaction,
                      struct error *err) MUST_CHECK;
/* False when a transaction has failed. idle: nothing is under way. */
bool committer_check(struct committer *committer, bool *idle, struct error *err) MUST_CHECK;
/* Waits until nothing is under way. */
bool committer_wait(struct committer *committer, struct error *err) MUST_CHECK;

#endif
