/* The committing side of the write path: a thread of its own writes one batch in one PostgreSQL transaction while the next one is
 * loaded and folded. A batch is handed over whole, so the two share nothing that changes. After a failure nothing more is
 * written: the session ends, and what the next batch derived from the failed one is dropped with it. */
#ifndef MOOC_WRITE_COMMITTER_H
#define MOOC_WRITE_COMMITTER_H

#include "batch.h"
#include "store.h"
#include "vector.h"
#include "writer_metrics.h"

struct committer;

/* Called by the committing thread when a batch is durable, or has failed: from now on the batch is the callee's. */
typedef void (*committer_ended)(void *context, struct batch *batch, bool durable, int64_t elapsed_ms);

struct committer_settings {
    struct pg *pg;         /* used by the committing thread only */
    struct vector *vector; /* advanced with each batch; read it only while the committer is idle */
    const struct store *store;
    committer_ended ended;
    void *context;
    struct writer_metrics *figures; /* told how long each statement takes */
};

struct committer *committer_new(const struct committer_settings *settings);
/* Waits for the batch under way. NULL is fine. */
void committer_free(struct committer *committer);

/* Hands the batch over, once the one before is durable; `writes` must stay as it is until then too. False: that one failed, and
 * this batch is still the caller's. */
bool committer_submit(struct committer *committer, struct batch *batch, struct store_writes *writes,
                      struct error *err) MUST_CHECK;
/* False when a batch has failed. idle: nothing is under way. */
bool committer_check(struct committer *committer, bool *idle, struct error *err) MUST_CHECK;
/* Waits until nothing is under way. */
bool committer_wait(struct committer *committer, struct error *err) MUST_CHECK;

#endif
