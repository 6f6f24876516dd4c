/* The example row of a template: what it says, for who writes the template and for who must not take it for data. */
#ifndef MOOC_TEMPLATE_EXAMPLE_H
#define MOOC_TEMPLATE_EXAMPLE_H

#include "../../common/reference.h"
#include "table_columns.h"

#define TEMPLATE_COLUMNS_MAX 16

struct template_example {
    const char *cell[TEMPLATE_COLUMNS_MAX]; /* of each column of the kind; "" = left empty */
};

/* reference: what the drop-downs offer; NULL = none. source: whose courses; NULL = all. The texts are the reference's. */
void template_example(enum files_kind kind, const struct reference *reference, const char *source,
                      struct template_example *out);

/* Empties every row that is the example of the kind's template, each cell of it, below all of the template's headings. A row that
 * only resembles it stays. Returns how many there were. */
size_t template_leave_out_examples(struct sheet_book *book, enum files_kind kind,
                                   const struct reference *reference);

#endif
