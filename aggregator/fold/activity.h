/* Rows of table activity in memory: learners by day, a month a row. A row may be changed before it is loaded: what is stored is added
 * when it comes. Rows that a batch changed stay until the next batch is over. */
#ifndef MOOC_FOLD_ACTIVITY_H
#define MOOC_FOLD_ACTIVITY_H

#include "contribution.h"
#include "slots.h"

/* The order is that of the columns of table activity. */
enum activity_column {
    ACTIVITY_ACTIVE,
    ACTIVITY_CHANGE_7,
    ACTIVITY_CHANGE_30,
    ACTIVITY_NEW_PARTICIPANTS,
    ACTIVITY_EXAMS_SAT,
    ACTIVITY_EXAMS_PASSED,
    ACTIVITY_NEWLY_PASSED,
    ACTIVITY_COLUMNS
};
#define MONTH_DAYS 31

struct activity_row {
    struct activity_key key;
    int32_t month;    /* months since January 1970 */
    uint32_t batch;   /* the last that changed it */
    uint32_t columns; /* bit per column that this batch changed */
    bool loaded;      /* else counts hold changes only */
    bool stored;      /* table activity has, or with the batch under way will have, its row */
    int32_t counts[ACTIVITY_COLUMNS][MONTH_DAYS];
};

struct activity {
    struct activity_row **rows;
    size_t row_count, row_capacity;
    struct slots index;
    struct activity_row **changed; /* of this batch */
    size_t changed_count, changed_capacity;
    uint32_t batch;
    struct day_change *before, *after; /* scratch */
    size_t before_count, before_capacity, after_count, after_capacity;
};

void activity_release(struct activity *activity);
void activity_start_batch(struct activity *activity, uint32_t batch);

/* Puts `after` into the place of `before`, two contributions to one key; either may be NULL. */
void activity_change(struct activity *activity, const struct contributed_activity *before,
                     const struct active_day *days_before, const struct contributed_activity *after,
                     const struct active_day *days_after);

/* Adds all rows of `from` as changes. */
void activity_merge(struct activity *into, const struct activity *from);

/* The changed rows were loaded as far as they are stored. */
void activity_loaded(struct activity *activity);
bool activity_is_zero(const struct activity_row *row);
bool activity_column_is_zero(const struct activity_row *row, enum activity_column column);
int activity_month_days(int32_t month);
/* The first day of the month, as days since 1970. */
int32_t activity_month_begin(int32_t month);

size_t activity_bytes(const struct activity *activity);
/* Drops rows that were changed before `batch` until at most `bytes` are held. */
void activity_evict(struct activity *activity, uint32_t batch, size_t bytes);

#endif
