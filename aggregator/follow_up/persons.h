/* Persons of the live generation with their facts, loaded by subjects that belong to them. */
#ifndef MOOC_FOLLOW_UP_PERSONS_H
#define MOOC_FOLLOW_UP_PERSONS_H

#include "../fold/fold.h"
#include "../pg.h"

/* Adds to *people, which the caller has made and releases. A subject that is not known is not there. */
bool persons_load(struct pg *pg, const struct rules *rules, const struct key_list *subjects,
                  struct people *people, struct error *err) MUST_CHECK;

/* Adds to people's identifiers everybody who carries one of these; their subjects stay out. */
bool persons_load_carriers(struct pg *pg, const struct key_list *identifiers, struct people *people,
                           struct error *err) MUST_CHECK;

#endif
