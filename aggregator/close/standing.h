/* What each person adds to the reports of one wave, to tell whose share is another one after another fold. A person is compared with
 * whoever shares a subject with it: those who were linked or parted in between are one. */
#ifndef MOOC_CLOSE_STANDING_H
#define MOOC_CLOSE_STANDING_H

#include "../fold/bulk.h"
#include "../fold/strings.h"
#include "share.h"

struct standings;

/* codes: interns units, groups and waves; it serves both sides of a comparison and outlives them. */
struct standings *standings_new(const char *training, const char *wave, struct strings *codes);
void standings_free(struct standings *standings);
/* Hears of each person; may be called from several threads. */
struct bulk_rows standings_watch(struct standings *standings);

/* The names of those who have that issue in that unit (NULL: in any); ascending, distinct, freed by the caller. once: but for names that
 * several have. */
int64_t *standings_names(const struct standings *standings, enum issue_kind kind,
                         const uint32_t *unit, bool once, size_t *count);

struct changed_person {
    size_t first_subject,
        subject_count;         /* of subjects; the first is the least, which is the person's key */
    size_t first[2], count[2]; /* of shares: before and after */
};
struct changed_people {
    struct changed_person *items; /* ascending by key */
    size_t count;
    struct key128 *subjects;
    size_t subject_count;
    struct share *shares[2];
};
/* Those whose shares differ in any way. */
void changed_people_find(struct standings *before, struct standings *after,
                         struct changed_people *people);
void changed_people_release(struct changed_people *people);

/* Does the cell have something else of the person after than before? */
bool changed_person_moves(const struct changed_people *people, size_t number,
                          const struct share_query *query);

#endif
