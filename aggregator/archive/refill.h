/* The archive's records written back into an events topic: each into its partition, in its order, byte for byte; what was erased is left
 * out. The key is chosen as mooc-ingest does. */
#ifndef MOOC_ARCHIVE_REFILL_H
#define MOOC_ARCHIVE_REFILL_H

#include "../../common/options.h"
#include "../pg.h"

struct refill_outcome {
    int64_t records,
        before; /* that the topic holds in the end; of them those that an earlier call had written */
    size_t partitions;
};

/* The topic (option events_topic) is empty, or holds what a call that was ended wrote: then it goes on. Anything else in it is refused
 * (ERROR_STATE), and so is an archive that lacks a month. Succeeds only when the topic holds exactly the archive's records. */
bool archive_refill(struct pg *pg, const struct options *options, struct refill_outcome *outcome,
                    struct error *err) MUST_CHECK;

#endif
