/* Under which hashes the live figures may know the person of a row: of every form that its keys may have in the log. */
#ifndef MOOC_FOLLOW_UP_SEEKER_H
#define MOOC_FOLLOW_UP_SEEKER_H

#include "../../common/options.h"
#include "../../common/roster_keys.h"
#include "../fold/fold.h"

struct seeker;

/* Options hmac_key_file, hmac_key_version: as mooc-ingest has them. */
struct seeker *seeker_open(const struct options *options, struct error *err);
void seeker_free(struct seeker *seeker); /* NULL-safe */

/* Each adds to a list; a row without such a key adds nothing. */
void seeker_subjects(struct seeker *seeker, const struct roster_person *person, struct key_list *out);
void seeker_identifiers(struct seeker *seeker, const struct roster_person *person,
                        struct key_list *out);
void seeker_citizens(struct seeker *seeker, const struct roster_person *person, struct key_list *out);

/* Its addresses and its phone number, each in all its forms; how many. */
#define SEEKER_CONTACTS (ROSTER_MAX_EMAILS + 1)
size_t seeker_contacts(struct seeker *seeker, const struct roster_person *person,
                       struct key_list out[SEEKER_CONTACTS]);

/* Names as facts hold them (fact_identity.name). */
#define SEEKER_NAMES 16
size_t seeker_names(struct seeker *seeker, const struct roster_person *person,
                    int64_t out[SEEKER_NAMES]);

#endif
