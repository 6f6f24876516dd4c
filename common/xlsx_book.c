#include "xlsx_book.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "allocate.h"

#define FONT "Times New Roman"
#define FONT_SIZE 13
#define PAPER_A4 9

/* Version 1.1.4 copies the formula of a drop-down twice and frees it once. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:lxw_strdup\n";
}

struct xlsx_book {
    lxw_workbook *workbook;
};

/* The library's own objects, under names that say nothing of it. */
static lxw_worksheet *of(struct xlsx_sheet *sheet)
{
    return (lxw_worksheet *)(void *)sheet;
}

static lxw_format *format_of(struct xlsx_style *style)
{
    return (lxw_format *)(void *)style;
}

struct xlsx_book *xlsx_book_new(const char *path, const char *title, struct error *err)
{
    /* The library would say so only at its end, and on standard error. */
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) {
        (void)error_set(err, ERROR_CONFIG, false, "cannot be written: %s", strerror(errno));
        return NULL;
    }
    (void)close(file);
    struct xlsx_book *book = must_have(calloc(1, sizeof(*book)));
    book->workbook = workbook_new(path);
    if (book->workbook == NULL) {
        (void)error_set(err, ERROR_INTERNAL, false, "cannot make an Excel file");
        free(book);
        return NULL;
    }
    lxw_doc_properties properties = {.title = (char *)(uintptr_t)title,
                                     .company = (char *)(uintptr_t) "MOOC Pulse"};
    workbook_set_properties(book->workbook, &properties);
    return book;
}

bool xlsx_book_close(struct xlsx_book *book, struct error *err)
{
    lxw_error failure = workbook_close(book->workbook);
    free(book);
    return failure == LXW_NO_ERROR ||
           error_set(err, ERROR_INTERNAL, false, "cannot be written: %s", lxw_strerror(failure));
}

struct xlsx_style *xlsx_style(struct xlsx_book *book, const struct xlsx_look *look)
{
    lxw_format *format = workbook_add_format(book->workbook);
    format_set_font_name(format, FONT);
    format_set_font_size(format, FONT_SIZE);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (look->bold)
        format_set_bold(format);
    if (look->italic)
        format_set_italic(format);
    if (look->border)
        format_set_border(format, LXW_BORDER_THIN);
    if (look->centre)
        format_set_align(format, LXW_ALIGN_CENTER);
    if (look->left_indent) {
        format_set_align(format, LXW_ALIGN_LEFT);
        format_set_indent(format, 1);
    }
    if (look->wrap)
        format_set_text_wrap(format);
    if (look->numbers != NULL)
        format_set_num_format(format, look->numbers);
    return (struct xlsx_style *)(void *)format;
}

struct xlsx_sheet *xlsx_sheet(struct xlsx_book *book, const char *name)
{
    return (struct xlsx_sheet *)(void *)must_have(workbook_add_worksheet(book->workbook, name));
}

void xlsx_hide(struct xlsx_sheet *sheet)
{
    worksheet_hide(of(sheet));
}

void xlsx_width(struct xlsx_sheet *sheet, size_t column, double characters, struct xlsx_style *style)
{
    worksheet_set_column(of(sheet), (lxw_col_t)column, (lxw_col_t)column, characters,
                         format_of(style));
}

void xlsx_height(struct xlsx_sheet *sheet, size_t row, double points)
{
    worksheet_set_row(of(sheet), (lxw_row_t)row, points, NULL);
}

void xlsx_text(struct xlsx_sheet *sheet, size_t row, size_t column, const char *text,
               struct xlsx_style *style)
{
    worksheet_write_string(of(sheet), (lxw_row_t)row, (lxw_col_t)column, text, format_of(style));
}

void xlsx_number(struct xlsx_sheet *sheet, size_t row, size_t column, double number,
                 struct xlsx_style *style)
{
    worksheet_write_number(of(sheet), (lxw_row_t)row, (lxw_col_t)column, number, format_of(style));
}

void xlsx_blank(struct xlsx_sheet *sheet, size_t row, size_t column, struct xlsx_style *style)
{
    worksheet_write_blank(of(sheet), (lxw_row_t)row, (lxw_col_t)column, format_of(style));
}

void xlsx_merge(struct xlsx_sheet *sheet, size_t top, size_t left, size_t bottom, size_t right,
                const char *text, struct xlsx_style *style)
{
    if (top == bottom && left == right)
        xlsx_text(sheet, top, left, text, style);
    else
        worksheet_merge_range(of(sheet), (lxw_row_t)top, (lxw_col_t)left, (lxw_row_t)bottom,
                              (lxw_col_t)right, text, format_of(style));
}

void xlsx_headings(struct xlsx_sheet *sheet, size_t top, size_t bottom)
{
    worksheet_repeat_rows(of(sheet), (lxw_row_t)top, (lxw_row_t)bottom);
    worksheet_freeze_panes(of(sheet), (lxw_row_t)bottom + 1, 0);
}

void xlsx_page(struct xlsx_sheet *sheet, const char *footer, size_t rows, size_t columns)
{
    lxw_worksheet *worksheet = of(sheet);
    worksheet_set_landscape(worksheet);
    worksheet_set_paper(worksheet, PAPER_A4);
    worksheet_fit_to_pages(worksheet, 1, 0);
    worksheet_center_horizontally(worksheet);
    worksheet_set_margins(worksheet, 0.5, 0.5, 0.6, 0.6);
    worksheet_set_footer(worksheet, footer);
    worksheet_print_area(worksheet, 0, 0, rows > 0 ? (lxw_row_t)rows - 1 : 0,
                         columns > 0 ? (lxw_col_t)(columns - 1) : 0);
}

void xlsx_choices(struct xlsx_sheet *sheet, size_t top, size_t bottom, size_t column,
                  const char *from_sheet, size_t from_column, size_t count)
{
    char formula[128];
    (void)snprintf(formula, sizeof(formula), "='%.60s'!$%c$1:$%c$%zu", from_sheet,
                   (char)('A' + from_column % 26), (char)('A' + from_column % 26), count);
    lxw_data_validation choices = {.validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
                                   .value_formula = formula,
                                   .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING};
    worksheet_data_validation_range(of(sheet), (lxw_row_t)top, (lxw_col_t)column, (lxw_row_t)bottom,
                                    (lxw_col_t)column, &choices);
}
