/* Reads published totals of waves whose platforms give only totals: wave, registered, passed. Pure. */
#ifndef MOOC_TOTALS_READ_H
#define MOOC_TOTALS_READ_H

#include "../../common/error.h"
#include "../../common/event.h"
#include "../../common/reference.h"
#include "../../common/sheet.h"
#include "../../common/arena.h"

struct totals_row {
    size_t sheet;
    int64_t row;                /* from 1 */
    const char *wave;           /* code; NULL when the row is wrong, then `reason` says how */
    const char *text;           /* the wave as written */
    int64_t registered, passed; /* -1 = no result */
    const char *reason; /* "wave_unknown", "wave_counted", "number_malformed", "totals_inconsistent", "listed_twice" */
};

struct totals_list {
    struct arena arena;
    size_t row_count;
    struct totals_row *rows;
    bool passed_shown; /* some table has a column of people passed */
};

/* NULL with ERROR_DATA when no sheet has a header with a wave and the number registered. */
struct totals_list *totals_read(const struct sheet_book *book, const struct reference *reference,
                                struct error *err);
void totals_free(struct totals_list *list);

/* totals.published, entity "totals:<wave>"; `entity` has room for EVENT_MAX_KEY + 1. */
void totals_map(const char *source, const char *import_id, const char *file, const char *sheet_name,
                const struct totals_row *row, struct event *event, char entity[EVENT_MAX_KEY + 1]);

/* "2716", "2.716", "2,716", "2 716", "2716.0" -> 2716; -1 for an empty cell, -2 for what is no count. */
int64_t totals_number(const char *cell);

#endif
