/* A report as a value: all that the writers print, and nothing else, so that a kept one prints again byte for byte. */
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
    CELL_DATE,   /* count: days since 1970; people read 02/10/2023, programs 2023-10-02 */
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
    enum cell_kind kind; /* of its cells that are not empty; CELL_TEXT also where each may be of another kind */
    bool for_programs; /* in CSV and JSON only */
    bool labelled;     /* running text names it and all behind it by their headings; not saved */
};

enum row_kind {
    ROW_PLAIN,
    ROW_SECTION,  /* a heading among the rows: "I. Sở, ngành" */
    ROW_SUBTOTAL, /* of rows around it */
    ROW_TOTALS,   /* the last one */
};

enum chart_kind {
    CHART_NONE,
    CHART_BARS, /* a bar for each plain row, from left to right */
    CHART_LINE, /* over time: a point for each plain row */
};

#define REPORT_CHART_VALUES 4

struct report_chart {
    enum chart_kind kind;
    const char *title;
    size_t label; /* columns, by index */
    size_t value_count;
    size_t values[REPORT_CHART_VALUES]; /* all counts or all rates */
};

/* Where the report is signed. A "|" in a text begins a new line: "KT. GIÁM ĐỐC|PHÓ GIÁM ĐỐC". */
struct report_signature {
    bool wanted;
    const char *place;  /* "Hà Giang"; NULL: left open */
    const char *signer; /* the title of who signs; NULL: the usual words */
};

struct report {
    const char *name;
    enum language language;
    const char *sheet;   /* of a workbook; NULL: the name */
    const char *caption; /* over the title, on paper: "PHỤ LỤC"; NULL: none */
    const char *title;
    const char *attached_to; /* "Báo cáo số 193/BC-UBND ngày 21/9/2023 …"; NULL: to nothing */
    const char *wave;        /* code */
    const char *as_of;       /* ISO 8601 instant, NULL if unknown */
    size_t line_count;       /* under the title */
    const char **lines;
    size_t paragraph_count; /* running text before the table */
    const char **paragraphs;
    size_t column_count; /* 0: no table */
    struct report_column *columns;
    size_t row_count;
    struct report_cell *cells; /* row_count * column_count, the totals row last */
    enum row_kind *row_kinds;  /* ask report_row_kind */
    bool has_totals;           /* the last row is the totals row */
    size_t note_count;
    const char **notes;
    size_t hint_count; /* commands that lead on: a terminal's table prints them, paper does not; not saved */
    const char **hints;
    struct report_chart chart;
    struct report_signature signature;
    bool says_nothing; /* there is nothing of its kind to tell of, and nothing is awaited; not saved */
    size_t part_count; /* what follows: reports without parts of their own */
    struct report **parts;
    struct report_memory *memory;
};

struct report *report_new(const char *name, enum language language);
void report_free(struct report *report);

/* A copy of text that lives as long as the report; NULL stays NULL. */
const char *report_copy(struct report *report, const char *text);
/* A count as the report writes it, "2.716", for its lines and notes; lives as long as the report. */
const char *report_number(struct report *report, int64_t count);
/* vi or en, whichever the report speaks. A macro, so that the compiler checks both as formats. */
#define SAY(report, vi, en) ((report)->language == LANGUAGE_VI ? (vi) : (en))
/* The same of a count: English has another word for one. */
#define SAY_COUNT(report, count, vi, one, more) SAY(report, vi, (count) == 1 ? (one) : (more))

void report_add_line(struct report *report, const char *format, ...) PRINTF_LIKE(2, 3);
void report_add_paragraph(struct report *report, const char *format, ...) PRINTF_LIKE(2, 3);
void report_add_note(struct report *report, const char *format, ...) PRINTF_LIKE(2, 3);
void report_add_hint(struct report *report, const char *format, ...) PRINTF_LIKE(2, 3);
/* Columns come before rows. group and heading as in the column; not copied. */
void report_add_column(struct report *report, enum cell_kind kind, const char *name,
                       const char *group, const char *heading);
void report_add_program_column(struct report *report, enum cell_kind kind, const char *name);

/* A row is added empty and filled column by column, by name. A name that is no column is a programming error. */
size_t report_add_row(struct report *report);
/* ROW_TOTALS closes the rows. */
void report_mark_row(struct report *report, size_t row, enum row_kind kind);
enum row_kind report_row_kind(const struct report *report, size_t row);
void report_put_text(struct report *report, size_t row, const char *column, const char *text);
void report_put_count(struct report *report, size_t row, const char *column, int64_t count);
void report_put_number(struct report *report, size_t row, const char *column, int64_t number);
/* "2023-10-02"; NULL, or what is no date, leaves the cell empty. */
void report_put_date(struct report *report, size_t row, const char *column, const char *date);
void report_put_rate(struct report *report, size_t row, const char *column, int64_t part,
                     int64_t whole);
/* As it stands in another report, of whatever kind: into a column of texts. */
void report_put_cell(struct report *report, size_t row, const char *column,
                     const struct report_cell *cell);

static inline const struct report_cell *report_cell(const struct report *report, size_t row,
                                                    size_t column)
{
    return &report->cells[row * report->column_count + column];
}

/* A chart of the plain rows: title and label column, then up to REPORT_CHART_VALUES printed value columns, all of one kind, ending
 * in NULL. Names that are no such columns are a programming error. */
void report_set_chart(struct report *report, enum chart_kind kind, const char *title,
                      const char *label, ...) __attribute__((sentinel));
/* Asks for a signature block, or changes its words; texts are copied, NULL leaves what is there. */
void report_sign(struct report *report, const char *place, const char *signer);
/* What the command line says, each may be NULL: attached_to for the report and all parts; place and signer for those that are to be
 * signed, or the last part if none is. */
void report_dress(struct report *report, const char *attached_to, const char *place,
                  const char *signer);
/* part follows the report, on a sheet or in a section of its own; it belongs to the report now. Its own parts follow it. */
void report_append(struct report *report, struct report *part);
/* The report itself (0) and its parts (1 …); NULL behind the last. */
const struct report *report_part(const struct report *report, size_t index);

/* Sum of a count column over the plain rows so far that know it; false when none does: that is no zero. */
bool report_sum(const struct report *report, const char *column, int64_t *sum) MUST_CHECK;

/* The cell as a person reads it: "" for empty ones. */
void report_cell_text(const struct report *report, const struct report_cell *cell,
                      struct text_buffer *out);

/* A report as JSON that loses nothing, and back. load believes nothing: what is no report of this program within its bounds is
 * ERROR_DATA. Equal reports give equal bytes. */
void report_save(const struct report *report, struct text_buffer *out);
struct report *report_load(const char *text, size_t length, struct error *err);

/* Writers. Text goes to the end of out. All but the two of CSV also write the parts. */
void report_write_table(const struct report *report, struct text_buffer *out); /* a terminal's */
void report_write_text(const struct report *report, struct text_buffer *out);  /* to paste */
void report_write_json(const struct report *report, struct text_buffer *out);
void report_write_html(const struct report *report,
                       struct text_buffer *out); /* one file, prints on A4 */
/* RFC 4180 for programs; for Excel with ";", the numbers as the language writes them, and a byte order mark. One table, or several
 * with equal columns: ask report_fits_csv. */
void report_write_csv(const struct report *report, struct text_buffer *out);
void report_write_csv_excel(const struct report *report, struct text_buffer *out);
bool report_fits_csv(const struct report *report, struct error *err) MUST_CHECK;
/* Errors do not name the path: the caller has the name that the user gave. */
bool report_write_xlsx(const struct report *report, const char *path, struct error *err) MUST_CHECK;

#endif
