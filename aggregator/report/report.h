/* A report as a value: what four writers print. It owns all its texts. */
#ifndef MOOC_AGGREGATOR_REPORT_H
#define MOOC_AGGREGATOR_REPORT_H

#include "../../common/error.h"
#include "../../common/text_buffer.h"
#include "number.h"

enum cell_kind {
    CELL_EMPTY, /* not known: never a zero */
    CELL_TEXT,
    CELL_COUNT,
    CELL_NUMBER, /* says which, not how many: 1234, never 1.234 */
    CELL_RATE,   /* count / of */
};

struct report_cell {
    enum cell_kind kind;
    const char *text;
    int64_t count, of;
};

struct report_column {
    const char *name;  /* for programs: a measure's or dimension's name */
    const char *group; /* heading over this and its neighbours of the same group; NULL: none */
    const char *heading;
    enum cell_kind kind; /* of its cells that are not empty */
    bool for_programs;   /* in CSV and JSON only */
};

struct report {
    const char *name;
    enum language language;
    const char *title;
    const char *wave;  /* code */
    const char *as_of; /* ISO 8601 instant, NULL if unknown */
    size_t line_count; /* under the title */
    const char **lines;
    size_t column_count;
    struct report_column *columns;
    size_t row_count;
    struct report_cell *cells; /* row_count * column_count, the totals row last */
    bool has_totals;           /* the last row is the totals row */
    size_t note_count;
    const char **notes;
    struct report_memory *memory;
};

struct report *report_new(const char *name, enum language language);
void report_free(struct report *report);

/* A copy of text that lives as long as the report; NULL stays NULL. */
const char *report_copy(struct report *report, const char *text);
/* vi or en, whichever the report speaks. A macro, so that the compiler checks both as formats. */
#define SAY(report, vi, en) ((report)->language == LANGUAGE_VI ? (vi) : (en))

void report_add_line(struct report *report, const char *format, ...) PRINTF_LIKE(2, 3);
void report_add_note(struct report *report, const char *format, ...) PRINTF_LIKE(2, 3);
/* Columns come before rows. group and heading as in the column; not copied. */
void report_add_column(struct report *report, enum cell_kind kind, const char *name,
                       const char *group, const char *heading);
void report_add_program_column(struct report *report, enum cell_kind kind, const char *name);

/* A row is added empty and filled column by column, by name. A name that is no column is a programming error. */
size_t report_add_row(struct report *report);
void report_put_text(struct report *report, size_t row, const char *column, const char *text);
void report_put_count(struct report *report, size_t row, const char *column, int64_t count);
void report_put_number(struct report *report, size_t row, const char *column, int64_t number);
void report_put_rate(struct report *report, size_t row, const char *column, int64_t part,
                     int64_t whole);

static inline const struct report_cell *report_cell(const struct report *report, size_t row,
                                                    size_t column)
{
    return &report->cells[row * report->column_count + column];
}

/* Sum of a count column over the rows so far that know it; false when none does: that is no zero. */
bool report_sum(const struct report *report, const char *column, int64_t *sum) MUST_CHECK;

/* The cell as a person reads it: "" for empty ones. */
void report_cell_text(const struct report *report, const struct report_cell *cell,
                      struct text_buffer *out);

/* Writers. Text goes to the end of out. */
void report_write_table(const struct report *report, struct text_buffer *out);
void report_write_csv(const struct report *report, struct text_buffer *out);
void report_write_json(const struct report *report, struct text_buffer *out);
/* Errors do not name the path: the caller has the name that the user gave. */
bool report_write_xlsx(const struct report *report, const char *path, struct error *err) MUST_CHECK;

#endif
