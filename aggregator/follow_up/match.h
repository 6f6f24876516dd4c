/* Where the persons of a list stand in a wave: each row found among the people of the live generation, and measured as they are
 * counted. Nothing of a row leaves this process but its keyed hashes.
 *
 * A row is, in this order,
 *   1. the row of a list that has its learner key, where that person is listed in the wave;
 *   2. the one person of its name whom its unit lists in the wave, if no other row is that person: its e-mail was corrected since;
 *   3. who has one of its identifiers, as far as an identifier connects people at all;
 *   4. the row of its learner key although it is not on the wave's list (any more);
 *   5. although its name is another: who has its citizen number, or alone all its addresses and phone numbers, and that in its unit.
 * Of a row of another name whose identifiers are not so clear it is said that it cannot be told who that is; so of everybody, where
 * nobody at all is known. Of 3 and 4 the list is not known: the person's results in the training are told, and that the list lacks the row. */
#ifndef MOOC_FOLLOW_UP_MATCH_H
#define MOOC_FOLLOW_UP_MATCH_H

#include "../fold/rules.h"
#include "reference.h"
#include "seeker.h"
#include "status.h"

struct match_person {
    enum follow_up_status status;
    bool found;
    bool listed;   /* on a list of the wave */
    bool misnamed; /* found by its identifiers: its name is another than on the list received */
    bool unclear;  /* its identifiers are known, but whose row it is cannot be told */
    bool as_sent;  /* … that is this very list: same name of the file, sheet and row */
    int32_t day_0; /* NEVER: not begun to run */
    int32_t due;   /* NEVER: none, or not known */
    struct key128 person, listing; /* the learner key of the row that counts */
    uint64_t issues;
    const char *unit, *group; /* of the listing; "" */
};

struct match_request {
    struct pg *pg;
    const struct rules *rules;
    struct seeker *seeker;
    const struct follow_up_kinds *kinds;
    const struct roster_list *list;
    const char *file;               /* the list's name */
    const char *const *sheet_names; /* by index */
    int wave;                       /* index in rules */
};

struct match {
    struct arena arena;
    struct match_person *persons; /* as list->persons; of rows merged into another (same_as): as that one */
    bool nobody;                  /* of the whole list nobody is known */
    bool due_unknown;             /* the calendar does not cover somebody's due day */
};

/* How many rows of the list are persons whom each of these waves (indices in rules) lists: into listed[]. */
bool match_waves(const struct match_request *request, const int *waves, size_t count,
                 size_t *listed, struct error *err) MUST_CHECK;

bool match_list(const struct match_request *request, struct match *out, struct error *err) MUST_CHECK;
void match_release(struct match *match);

#endif
