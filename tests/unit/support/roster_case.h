/* Reading lists in tests: a reference folder, a folder for the list, and what was made of its rows. */
#ifndef MOOC_TEST_ROSTER_CASE_H
#define MOOC_TEST_ROSTER_CASE_H

#include "../../../common/roster_read.h"

struct reading {
    struct sheet_book *book;
    struct roster_list *list;
    struct error err;
};

/* For cmocka_run_group_tests. */
int roster_case_set_up(void **state);
int roster_case_tear_down(void **state);

/* unit: the code that all rows are of; NULL = as the list says. */
struct reading read_path(const char *path, const char *unit);
struct reading read_text(const char *csv, const char *unit);
void done(struct reading *r);

/* Sheet from 0, row as in the file; fails the test if nobody stands there. */
const struct roster_person *at(const struct reading *r, size_t sheet, int64_t row);
/* Why the row was skipped, or "not skipped". */
const char *skipped(const struct reading *r, size_t sheet, int64_t row);

#endif
