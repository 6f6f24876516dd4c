/* Which record of a window told of each entity last. A window overlaps what was read before: an older record that is read again must not
 * undo what a newer one, also in the window, says of the same entity. The newest record of an entity that is in a window is its newest
 * of all, so this is exact whatever was read before, and needs no memory beyond the window. */
#ifndef MOOC_CONNECTOR_NEWEST_H
#define MOOC_CONNECTOR_NEWEST_H

#include "../../common/base.h"

struct newest;

struct newest *newest_new(void);
void newest_free(struct newest *newest); /* NULL-safe */
/* May this record (a number of its own) of this instant speak of the entity? False where a newer one, or one of the same instant that
 * came before, has spoken. */
/* Looks ahead: some record of this instant will speak of the entity, so no older one may, and the first of that instant may. */
void newest_learn(struct newest *newest, const char *entity, int64_t us);
bool newest_may_speak(struct newest *newest, const char *entity, int64_t us, uint64_t record);
/* Has any record spoken of it, or been learned of? */
bool newest_has_spoken(const struct newest *newest, const char *entity);

#endif
