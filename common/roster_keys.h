/* Who a row of a list is: its identifiers keyed, and the learner key that they make. Pure but for the key. */
#ifndef MOOC_ROSTER_KEYS_H
#define MOOC_ROSTER_KEYS_H

#include "roster_read.h"

/* Keyed forms; "" = the row has none. */
struct roster_keys {
    char citizen[IDENTITY_KEY], phone[IDENTITY_KEY], emails[ROSTER_MAX_EMAILS][IDENTITY_KEY];
    size_t email_count;
};

/* As the row itself says. */
void roster_keys_of(struct hmac *hmac, const struct roster_person *person, struct roster_keys *keys);

/* The learner key of a row with these keys in this unit (identity_row_key). */
void roster_keys_subject(struct hmac *hmac, const struct roster_keys *keys, const char *unit,
                         const struct roster_person *person, char out[IDENTITY_KEY]);

#endif
