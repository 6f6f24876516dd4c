/* What stands behind a cell of a wave's reports: people's shares, forms of head counts, published totals, or neither. Pure. */
#ifndef MOOC_CLOSE_CELL_MEANING_H
#define MOOC_CLOSE_CELL_MEANING_H

#include "../fold/strings.h"
#include "cell_list.h"
#include "share.h"

enum cell_subject {
    CELL_OF_PEOPLE,
    CELL_OF_HEADCOUNTS,
    CELL_OF_PUBLISHED, /* totals of a wave */
    CELL_OF_NEITHER    /* plans, names, what was rejected */
};

struct cell_meaning {
    enum cell_subject subject;
    const char *report;
    /* Of people; its codes are numbers of those that were interned, and one that nobody's share has is none. Units are to be filled in: unit
     * with, if so said, all below it. */
    struct share_query query;
    const char *unit; /* NULL: of none, or of all, as the query says */
    bool with_below;
    uint32_t otherwise; /* measures by which the cell is there or not, if nobody's own moves it; 0: none */
    /* Accounts on no list whose name stands on a row without an account: which names is to be filled in. */
    bool under_other_email;
    bool all_faults; /* a total: with those */
    /* Of head counts and totals; NULL: of any. Borrowed of the report. */
    const char *wave, *activity, *audience;
};

/* wave: the closed one; it outlives the meaning. The report is as it is made now, or was. */
struct cell_meaning cell_meaning_of(const struct listed_cell *cell, const char *wave,
                                    const struct strings *codes);

#endif
