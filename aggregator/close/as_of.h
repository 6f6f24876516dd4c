/* Figures as of an instant: the archive's facts timed up to it, folded as always, shown by the views of schema bi to one transaction
 * that is rolled back afterwards: to nobody else, and kept nowhere. */
#ifndef MOOC_CLOSE_AS_OF_H
#define MOOC_CLOSE_AS_OF_H

#include "../pg.h"
#include "../replay/plan.h"

/* "2023-10-02T17:00:00+07:00" (RFC 3339), "2023-10-02T17:00" or "2023-10-02 17:00" (time of Vietnam), "2023-10-02" (the end of that
 * day). Microseconds since 1970; anything else, or an instant to come, is ERROR_USAGE. */
bool as_of_parse(const char *text, int64_t now_us, int64_t *at_us, struct error *err) MUST_CHECK;

struct as_of {
    int64_t at_us;
    int config_version;                /* -1: what the live figures are counted with */
    const struct replay_vector *until; /* of the archive; NULL: all that is counted */
};

/* Begins a transaction of pg at one snapshot, whose views then show these figures; pg_rollback ends it. Nothing may be committed. */
bool as_of_show(struct pg *pg, const struct options *options, const struct as_of *as_of,
                struct error *err) MUST_CHECK;

/* In the same transaction: live's figures again, as this snapshot has them. */
bool as_of_hide(struct pg *pg, struct error *err) MUST_CHECK;

#endif
