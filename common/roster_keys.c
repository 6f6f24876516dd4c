#include "roster_keys.h"

#include <string.h>

void roster_keys_of(struct hmac *hmac, const struct roster_person *person, struct roster_keys *keys)
{
    memset(keys, 0, sizeof(*keys));
    if (person->citizen[0] != '\0')
        identity_key(hmac, "citizen", person->citizen, keys->citizen);
    if (person->phone[0] != '\0')
        identity_key(hmac, "phone", person->phone, keys->phone);
    keys->email_count = person->email_count;
    for (size_t i = 0; i < keys->email_count; i++)
        identity_key(hmac, "email", person->emails[i], keys->emails[i]);
}

void roster_keys_subject(struct hmac *hmac, const struct roster_keys *keys, const char *unit,
                         const struct roster_person *person, char out[IDENTITY_KEY])
{
    identity_row_key(hmac, keys->citizen[0] != '\0' ? keys->citizen : NULL,
                     keys->email_count > 0 ? keys->emails[0] : NULL,
                     keys->phone[0] != '\0' ? keys->phone : NULL, unit, person->name,
                     person->birth_date, out);
}
