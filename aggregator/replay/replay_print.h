/* What the replay commands say. */
#ifndef MOOC_REPLAY_PRINT_H
#define MOOC_REPLAY_PRINT_H

#include "../../common/tell.h"
#include "generations.h"
#include "plan.h"

struct replay_outcome {
    int generation, config_version;
    int64_t records, people, dossiers, facts, bytes, elapsed_ms;
    int64_t read_ms, link_ms,
        count_ms; /* reading, who is who, counting with COPY; the rest: figures and indexes */
};

/* What was built, with the checksums of its tables as they are now. */
bool replay_print_outcome(struct pg *pg, const struct options *options,
                          const struct replay_outcome *outcome, struct error *err) MUST_CHECK;

/* Inside a transaction of one snapshot, for the same vector: row counts and checksums of a generation's tables. */
bool replay_print_checksums(struct pg *pg, const struct teller *to, int generation, bool json,
                            struct error *err) MUST_CHECK;

#endif
