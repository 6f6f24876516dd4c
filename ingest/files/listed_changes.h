/* What is to change among the e-mail addresses of listed people: noted while a file is read and its events are committed, which takes
 * many ticks, and carried out in one, upon what other sources have made of the list meanwhile. */
#ifndef MOOC_LISTED_CHANGES_H
#define MOOC_LISTED_CHANGES_H

#include "../../common/base.h"
#include "../../common/error.h"

struct listed_changes;
struct source_context;

struct listed_changes *listed_changes_new(void);
void listed_changes_free(struct listed_changes *changes); /* wipes; NULL-safe */

/* As listed_emails_add. */
void listed_changes_add(struct listed_changes *changes, const char *source, const char *substream,
                        const char *entity, const char *email);
/* The entity's addresses go, also those noted before; what is noted after this stays. */
void listed_changes_remove(struct listed_changes *changes, const char *entity);

/* Loads the list, changes and saves it. */
bool listed_changes_save(struct listed_changes *changes, const struct source_context *context,
                         struct error *err) MUST_CHECK;

#endif
