/* What was taken in goes into the new generation's tables. */
#ifndef MOOC_REPLAY_FILL_H
#define MOOC_REPLAY_FILL_H

#include "intake.h"

struct fill_result {
    size_t people; /* of all ranges so far, as what follows */
    struct bulk_told told;
    int64_t link_ms, count_ms;
};

/* Takes the intakes. The generation is being built and empty; afterwards it has its indexes and its vector. */
bool fill_run(const struct replay_plan *plan, struct intake_result *intake, struct pg *pg,
              struct fill_result *result, struct error *err) MUST_CHECK;

/* Only the figures, in the caller's transaction, into a generation whose tables are empty and have their indexes; unreadable records are
 * left out. Takes the intakes. watch: hears of what is counted, from several threads at once; NULL: nobody does. */
bool fill_figures(const struct replay_plan *plan, struct intake_result *intake, struct pg *pg,
                  const struct bulk_rows *watch, struct error *err) MUST_CHECK;

/* The same by ranges of people: who is who first, from what carries identifiers (NULL on failure); then each range; then the end. */
struct bulk_who *fill_identities(const struct replay_plan *plan, struct intake_result *intake,
                                 struct pg *pg, struct error *err);
bool fill_range(const struct replay_plan *plan, const struct bulk_who *who,
                struct intake_result *intake, struct pg *pg, struct fill_result *result,
                struct error *err) MUST_CHECK;
bool fill_end(const struct replay_plan *plan, struct pg *pg, struct error *err) MUST_CHECK;

#endif
