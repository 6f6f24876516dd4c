/* Writes Excel workbooks. The only file that knows libxlsxwriter. Rows and columns from 0. */
#ifndef MOOC_XLSX_BOOK_H
#define MOOC_XLSX_BOOK_H

#include "base.h"
#include "error.h"

struct xlsx_book;
struct xlsx_sheet; /* belongs to its book */
struct xlsx_style; /* belongs to its book */

/* All in Times New Roman 13, as offices print, vertically centred. */
struct xlsx_look {
    bool bold, italic, border, centre, left_indent, wrap, justify;
    double size;         /* of the font; 0 = 13 */
    const char *numbers; /* Excel's number format, "@" for text as it is typed; NULL = general */
};

/* Cells that a chart shows: rows of a column of a sheet, in up to `count` ranges one after the other. */
struct xlsx_rows {
    size_t first, last;
};

struct xlsx_series {
    const char *name;
    size_t column;
};

struct xlsx_chart {
    const char *sheet; /* where the cells are */
    const char *title;
    bool line; /* else bars, the first at the top */
    bool percent;
    const char *numbers; /* Excel's number format */
    const struct xlsx_rows *rows;
    size_t row_count;
    size_t labels; /* column */
    const struct xlsx_series *series;
    size_t series_count;
};

struct xlsx_book *xlsx_book_new(const char *path, const char *title, struct error *err);
/* The file says that it was made then (seconds since 1970), not now: equal contents make equal files. */
void xlsx_made(struct xlsx_book *book, const char *title, int64_t seconds);
/* Writes the file and frees the book. */
bool xlsx_book_close(struct xlsx_book *book, struct error *err) MUST_CHECK;

struct xlsx_style *xlsx_style(struct xlsx_book *book, const struct xlsx_look *look);
/* name: at most 31 characters, none of []:*?/\\, not there yet in any case of letters. */
struct xlsx_sheet *xlsx_sheet(struct xlsx_book *book, const char *name);
void xlsx_hide(struct xlsx_sheet *sheet);

void xlsx_width(struct xlsx_sheet *sheet, size_t column, double characters,
                struct xlsx_style *style); /* style of its empty cells; NULL = none */
void xlsx_points_wide(struct xlsx_sheet *sheet, size_t column, double points);
void xlsx_height(struct xlsx_sheet *sheet, size_t row, double points);
void xlsx_text(struct xlsx_sheet *sheet, size_t row, size_t column, const char *text,
               struct xlsx_style *style);
void xlsx_number(struct xlsx_sheet *sheet, size_t row, size_t column, double number,
                 struct xlsx_style *style);
void xlsx_blank(struct xlsx_sheet *sheet, size_t row, size_t column, struct xlsx_style *style);
/* One text over several cells; over one it is a plain cell. */
void xlsx_merge(struct xlsx_sheet *sheet, size_t top, size_t left, size_t bottom, size_t right,
                const char *text, struct xlsx_style *style);

/* The rows stand on every printed page and stay in sight on the screen. */
void xlsx_headings(struct xlsx_sheet *sheet, size_t top, size_t bottom);
/* A4 across, one page wide, the footer in Excel's codes. */
void xlsx_page(struct xlsx_sheet *sheet, const char *footer, size_t rows, size_t columns);

/* Text that looks like a number is meant so: no warning beside these cells. */
void xlsx_text_is_meant(struct xlsx_sheet *sheet, size_t top, size_t left, size_t bottom,
                        size_t right);
/* A sheet with nothing but a chart, over a page of A4 across. */
void xlsx_chart_sheet(struct xlsx_book *book, const char *name, const struct xlsx_chart *chart,
                      const char *footer);

/* A drop-down in the cells: what stands in the column of another sheet from row 0 on, `count` items. Other entries give a warning
 * that can be passed over. */
void xlsx_choices(struct xlsx_sheet *sheet, size_t top, size_t bottom, size_t column,
                  const char *from_sheet, size_t from_column, size_t count);

#endif
