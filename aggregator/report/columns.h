/* A report's table as data: its columns, and where the query has what stands in them. What a measure or a rate is called, and what a rate
 * is of what, stands in one place (columns.c). */
#ifndef MOOC_AGGREGATOR_COLUMNS_H
#define MOOC_AGGREGATOR_COLUMNS_H

#include "../pg.h"
#include "report.h"

/* In the place of a query's column. */
enum {
    AT_NUMBER = -1,  /* the row's number, from 1 */
    AT_RATE = -2,    /* computed of two counts of the row, by the rate's name */
    AT_NOWHERE = -3, /* the report fills it itself */
};

struct column_spec {
    enum cell_kind kind;
    const char *name;
    int at; /* of the query */
    /* NULL: the usual words of the measure or rate, or of AT_NUMBER; of a column for programs none */
    const char *vi, *en;
    bool for_programs, labelled; /* as of the report's column */
    bool not_summed; /* what all together have is not the sum of the rows: the report fills it itself */
    const char *group_vi, *group_en; /* heading over it and its neighbours; NULL: none */
};

/* COLUMN(CELL_TEXT, "unit_name", UNIT_NAME, WORDS("Đơn vị", "Unit"), GROUP("…", "…")) */
#define COLUMN(kind_, name_, at_, ...)                                                             \
    {                                                                                              \
        .kind = (kind_), .name = (name_), .at = (at_), __VA_ARGS__                                 \
    }
#define WORDS(vi_, en_) .vi = (vi_), .en = (en_)
#define GROUP(vi_, en_) .group_vi = (vi_), .group_en = (en_)
#define LABELLED .labelled = true
#define NOT_SUMMED .not_summed = true
/* Of the usual words. */
#define MEASURE_COLUMN(name_, at_)                                                                 \
    {                                                                                              \
        .kind = CELL_COUNT, .name = (name_), .at = (at_)                                           \
    }
#define NUMBER_COLUMN                                                                              \
    {                                                                                              \
        .kind = CELL_NUMBER, .name = "no", .at = AT_NUMBER                                         \
    }
#define PROGRAM_COLUMN(kind_, name_, at_)                                                          \
    {                                                                                              \
        .kind = (kind_), .name = (name_), .at = (at_), .for_programs = true                        \
    }

struct column_list {
    const struct column_spec *items;
    size_t count;
};
#define COLUMNS(array) ((struct column_list){(array), ARRAY_LEN(array)})

void columns_add(struct report *report, struct column_list columns);

/* A row of the query as a row of the report: what is NULL stays empty, and so does a rate that a count is missing of. */
size_t columns_add_row(struct report *report, struct column_list columns,
                       const struct pg_rows *rows, size_t from);
/* The totals row, of a query whose first column is number `shift` of the list's. label stands in column `at`. */
void columns_add_total_of(struct report *report, struct column_list columns, const char *at,
                          const char *label, const struct pg_rows *rows, int shift);
/* The totals row: the sums of all counts that are known in some row. */
void columns_add_sums(struct report *report, struct column_list columns, const char *at,
                      const char *label);

/* A count of a row; 0 where it is empty. */
int64_t columns_count(const struct report *report, size_t row, const char *name);

#endif
