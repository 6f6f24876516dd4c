/* A unit's list given back: all that stood in it, with where each person stands beside, and a sheet of counts per study group. */
#ifndef MOOC_FOLLOW_UP_LIST_BACK_H
#define MOOC_FOLLOW_UP_LIST_BACK_H

#include "../../common/sheet.h"
#include "groups.h"
#include "match.h"

struct remarks;

struct list_back {
    const char *path; /* of the list as it was given */
    const struct sheet_book *book;
    const struct roster_list *list;
    const struct match *match;
    const struct follow_up_kinds *kinds;
    const struct reference *reference;
    enum language language;
    const char *wave_name, *as_of; /* as_of: a line of its own */
    const struct remarks *remarks;
    bool has_completion; /* else nobody is known to have learnt all: no data, not zero */
};

/* Persons, each once, by unit and group, and how many of them are on a list of the wave; the texts belong to the list, the match and the
 * reference. */
void list_back_count(const struct list_back *back, struct group_counts *groups, int64_t *listed);

/* The workbook's bytes. *as_cells: it was no workbook, or one that is not understood, and only its cells' texts are given back. */
bool list_back_make(const struct list_back *back, const struct group_counts *groups,
                    struct text_buffer *out, bool *as_cells, struct error *err) MUST_CHECK;

#endif
