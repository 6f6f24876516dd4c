/* How a report stands on A4 across: what is printed, how wide its columns are, how many lines its texts take. All in points. Pure. */
#ifndef MOOC_AGGREGATOR_REPORT_PAGE_H
#define MOOC_AGGREGATOR_REPORT_PAGE_H

#include "report.h"

#define PAGE_MARGIN_MM 15
#define PAGE_WIDTH 750.0  /* of 297 mm between the margins, with a hair to spare */
#define PAGE_HEIGHT 508.5 /* of 210 mm less 0.6 inches at top and bottom */
#define PAGE_FONT 13.0
#define CHART_ROWS 45        /* that are to be told apart on one page */
#define PAGE_DENSE_FONT 12.0 /* where the columns would not fit */

struct report_page {
    double font;    /* size of the table's text */
    double scale;   /* by which the page shrinks to be one wide: 1, or less */
    size_t count;   /* printed columns; 0 without a table */
    size_t *column; /* index into the report's */
    double *width;  /* sum: the page's width, or more: then scale is less than 1 */
    double whole;   /* their sum, or the page's width without a table */
    bool groups;    /* headings have two levels */
};

/* Freed with report_page_free. */
void report_page_of(const struct report *report, struct report_page *page);
void report_page_free(struct report_page *page);

/* Where the group of the printed column `at` ends (exclusive). */
size_t report_page_group_end(const struct report *report, const struct report_page *page, size_t at);

/* Lines of a text in a printed column, or over `width`. */
size_t report_page_lines(const char *text, double width, double font, bool bold);
/* Lines of the highest cell of a row. */
size_t report_page_row_lines(const struct report *report, const struct report_page *page, size_t row);

/* Is it a heading, or does it announce what follows? It ends no sentence. */
bool report_page_leads(const char *paragraph);

/* A text that takes several lines over the width, with line ends where they become about equally long. */
void report_page_balance(const char *text, double width, double font, bool bold,
                         struct text_buffer *out);

/* A height rounded up to whole pixels of 0.75: programs round to them, and pages end where it was reckoned only if there is nothing
 * left to round. */
double page_pixels(double height);

/* Heights of what is printed from top to bottom. */
struct page_flow {
    double page;          /* room on a page */
    double before, after; /* the table; what comes after stays together */
    double heading;       /* on each page that has rows */
    const double *rows;
    size_t row_count;
};

/* By how much rows are to be made higher (1 … 1.4), so that what comes after the table stands under its last rows: a signature
 * alone on a page is nobody's. 1 where nothing helps. */
double page_flow_stretch(const struct page_flow *flow);

/* Words around the table, in the report's language; each is appended to out. */
void report_say_attached(const struct report *report, struct text_buffer *out);
void report_say_place(const struct report *report, struct text_buffer *out);
/* The chart's title, with a word where it does not show all rows. */
void report_say_chart(const struct report *report, struct text_buffer *out);
/* The title of who signs, from line `line` of it; false behind the last. */
bool report_say_signer(const struct report *report, size_t line, struct text_buffer *out);
/* What stands under it: how to sign. */
const char *report_say_sign(const struct report *report);

#endif
