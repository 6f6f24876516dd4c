/* What each subject counts for in one wave, to tell who counts otherwise after another fold, and through which units. */
#ifndef MOOC_CLOSE_STANDING_H
#define MOOC_CLOSE_STANDING_H

#include "../fold/bulk.h"
#include "../fold/strings.h"

struct standings;

/* units: interns unit codes; it serves both sides of a comparison and outlives them. */
struct standings *standings_new(const char *wave, struct strings *units);
void standings_free(struct standings *standings);
/* Hears of each person; may be called from several threads. */
struct bulk_rows standings_watch(struct standings *standings);

struct standing_change {
    struct key128 subject;
    uint32_t units[2]; /* before and after; 0: in none */
    uint32_t measures; /* bit per enum measure that differs; all where the unit or group does */
};
struct standing_changes {
    struct standing_change *items; /* ascending by subject */
    size_t count;
};
struct standing_changes standings_compare(struct standings *before, struct standings *after);

#endif
