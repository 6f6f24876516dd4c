/* Figures as of an instant: the archive's facts timed up to it, folded as always, shown by the views of schema bi to one transaction
 * that is rolled back afterwards: to nobody else, and kept nowhere. */
#ifndef MOOC_CLOSE_AS_OF_H
#define MOOC_CLOSE_AS_OF_H

#include "../pg.h"
#include "../fold/bulk.h"
#include "../replay/plan.h"

/* "2023-10-02T17:00:00+07:00" (RFC 3339), "2023-10-02T17:00" or "2023-10-02 17:00" (time of Vietnam), "2023-10-02" (the end of that
 * day). Microseconds since 1970; anything else, or an instant to come (which is in *at_us all the same), is ERROR_USAGE. */
bool as_of_parse(const char *text, int64_t now_us, int64_t *at_us, struct error *err) MUST_CHECK;
/* The same at this moment; an instant to come is refused with through when figures are complete, as far as the database tells. */
bool as_of_read(const struct options *options, const char *text, int64_t *at_us, struct error *err)
    MUST_CHECK;

struct as_of {
    int64_t at_us;
    int config_version;                /* -1: what the live figures are counted with */
    const struct replay_vector *until; /* of the archive; NULL: all that is counted */
    const struct bulk_rows *watch; /* hears of each person, from several threads; NULL: nobody */
};

/* What was counted. */
struct as_of_basis {
    int generation; /* the live one; its config version, unless another was asked for */
    int config_version;
    struct replay_vector until;
};
void as_of_basis_release(struct as_of_basis *basis);

/* Begins a transaction of pg at one snapshot, whose views then show these figures; pg_rollback ends it. Nothing may be committed.
 * basis may be NULL. */
bool as_of_show(struct pg *pg, const struct options *options, const struct as_of *as_of,
                struct as_of_basis *basis, struct error *err) MUST_CHECK;

#endif
