/* Whose the addresses of a list are, corrections in force included: so that a correction gives nobody another one's. */
#ifndef MOOC_HELD_EMAILS_H
#define MOOC_HELD_EMAILS_H

#include "correct_row.h"

struct held_emails;

struct held_emails *held_emails_new(const struct correct_list *list, const struct shard *shard);
void held_emails_free(struct held_emails *held);

/* The row of somebody of another name who has the address, or to whom the form gives it, too; NULL. */
const struct roster_person *held_emails_other(const struct held_emails *held,
                                              const struct correct_list *list,
                                              const struct correction_list *form,
                                              const struct correction *c);
/* The correction is in force. */
void held_emails_apply(struct held_emails *held, const struct correct_list *list,
                       const struct correction *c);

#endif
