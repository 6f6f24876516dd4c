/* Dead letters of the live generation, and what the archive holds of them: asked of the database. */
#ifndef MOOC_AGGREGATOR_LETTERS_H
#define MOOC_AGGREGATOR_LETTERS_H

#include "../pg.h"
#include "letter.h"

/* NULL and false: any. */
struct letters_filter {
    const char *source, *reason, *wave, *unit;
    const struct letter_name *name;
    bool dropped;    /* also those that were set aside */
    bool vietnamese; /* labels and advice */
};

struct letters {
    struct letter *items;
    size_t count, capacity;
    struct pg_rows **rows; /* which own the texts */
    size_t row_sets, row_capacity;
};

/* Adds those that fit, by source, file, sheet, row and place. */
bool letters_read(struct pg *pg, const struct letters_filter *filter, struct letters *letters,
                  struct error *err) MUST_CHECK;
/* Takes out those that were set aside, and says how many they were. */
size_t letters_leave_out_dropped(struct letters *letters);
void letters_free(struct letters *letters);

/* One record per letter, in their order; freed with letter_records_free. Reads the whole archive once if a letter is of a topic that it
 * holds. NULL on failure. */
struct letter_record *letter_records_read(struct pg *pg, const struct letters *letters,
                                          struct error *err);
void letter_records_free(struct letter_record *records, size_t count);

#endif
