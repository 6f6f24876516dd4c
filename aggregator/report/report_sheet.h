/* One part of a report on a sheet of a workbook. */
#ifndef MOOC_AGGREGATOR_REPORT_SHEET_H
#define MOOC_AGGREGATOR_REPORT_SHEET_H

#include "../../common/xlsx_book.h"
#include "report_page.h"

enum sheet_face { FACE_PLAIN, FACE_SUBTOTAL, FACE_TOTALS, FACES };

/* The looks of a book's cells. */
struct sheet_styles {
    struct xlsx_style *strong, *centred, *slanted, *note, *paragraph, *heading;
    struct xlsx_style *cell[FACES][CELL_DATE + 1];
    struct xlsx_style *to_fill_in; /* an empty text cell: what is typed there stays as typed, 0 in front too */
};

/* In the number format of the report's language, with a table's font of so many points. */
void sheet_styles_make(struct xlsx_book *book, enum language language, double font,
                       struct sheet_styles *styles);

/* Fills the sheet; *first_row is where the report's row 0 stands. */
void sheet_fill(const struct report *report, const struct report_page *page,
                const struct sheet_styles *styles, struct xlsx_sheet *sheet, size_t *first_row);

/* NULL for text. */
const char *sheet_number_format(enum language language, enum cell_kind kind);

/* "Trang 1/3" in Excel's codes. */
const char *sheet_footer(const struct report *report);

#endif
