/* One correction applied to one row. */
#ifndef MOOC_CORRECT_ROW_H
#define MOOC_CORRECT_ROW_H

#include "correction_read.h"
#include "files_env.h"
#include "listed_changes.h"
#include "roster_map.h"

/* The list that the row stands in, read again from its original. */
struct correct_list {
    const struct files_env *env;
    const struct reference *reference;
    const char *province;
    struct roster_origin origin;
    const struct roster_list *roster;
    char *const *sheet_names;
    size_t sheet_count;
    struct listed_changes *emails; /* NULL: not kept */
    int64_t received_us; /* from when the corrections count; 0 = from when their rows do by their list */
};

/* Has the list a person in that row with a fault that the correction is made for? Several lists may bear one name. */
bool correct_row_fits(const struct correct_list *list, const struct correction *correction);

/* The row that stands for the person whom the correction names; NULL. */
const struct roster_person *correct_row_find(const struct correct_list *list,
                                             const struct correction *correction, size_t *index);

enum correct_result { CORRECT_APPLIED, CORRECT_ALREADY, CORRECT_FAILED };

/* On CORRECT_FAILED *reason is a code: "row_not_found", "row_gone", "unit_unknown", "same_email", "no_identifier". */
enum correct_result correct_row(const struct correct_list *list, struct shard *shard,
                                const struct correction *correction, const char **reason);

#endif
